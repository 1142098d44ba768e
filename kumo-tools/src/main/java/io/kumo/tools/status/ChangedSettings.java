package io.kumo.tools.status;

import io.kumo.core.protocol.desk.GetConfig;
import io.kumo.core.protocol.desk.NodeConfig;
import io.kumo.core.ring.NodeAddress;
import io.kumo.tools.AllNodes;
import io.kumo.tools.SettingText;
import io.kumo.tools.ToolOptions;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Settings of nodes that are other than their command lines say. */
final class ChangedSettings {
  private ChangedSettings() {}

  /** A line for each, of the nodes that answer. */
  static String lines(ToolOptions options, ClusterLook look) {
    Map<NodeAddress, NodeConfig> configs =
        AllNodes.ask(
            look.nodes().keySet(),
            options.nodes(),
            node ->
                node.callIfKnown(
                    new GetConfig(), in -> Optional.of(NodeConfig.read(in)), Optional::empty));
    StringBuilder out = new StringBuilder();
    configs.forEach(
        (node, config) ->
            config.entries().stream()
                .filter(entry -> entry.value() != entry.initial())
                .forEach(entry -> out.append(line(node, entry))));
    return out.toString();
  }

  private static String line(NodeAddress node, NodeConfig.Entry entry) {
    return String.format(
        Locale.ROOT,
        "setting    %s: %s %s, and %s by its command line%n",
        node,
        entry.setting().option(),
        SettingText.of(entry.setting(), entry.value()),
        SettingText.of(entry.setting(), entry.initial()));
  }
}
