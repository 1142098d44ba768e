package io.kumo.tools.status;

import io.kumo.core.cli.CliException;
import io.kumo.core.protocol.desk.GetConfig;
import io.kumo.core.protocol.desk.NodeConfig;
import io.kumo.core.protocol.status.Gateways;
import io.kumo.core.ring.NodeAddress;
import io.kumo.tools.AllNodes;
import io.kumo.tools.DeskNode;
import io.kumo.tools.SettingText;
import io.kumo.tools.ToolOptions;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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
    configs.forEach((node, config) -> append(node.toString(), config, out));
    gateways(options, look).forEach((name, config) -> append(name, config, out));
    return out.toString();
  }

  /** Those of gateways are asked for by way of the manager; one that is gone has none. */
  private static Map<String, NodeConfig> gateways(ToolOptions options, ClusterLook look) {
    Map<String, NodeConfig> configs = new TreeMap<>();
    InetSocketAddress manager = look.asked().toSocketAddress();
    for (Gateways.Gateway gateway : look.gateways()) {
      DeskNode node = DeskNode.of(gateway, manager);
      try {
        configs.put(
            node.name(),
            node.ask(options, new GetConfig(), NodeConfig::read, () -> new NodeConfig(List.of())));
      } catch (CliException e) {
        configs.remove(node.name());
      }
    }
    return configs;
  }

  private static void append(String node, NodeConfig config, StringBuilder out) {
    config.entries().stream()
        .filter(entry -> entry.value() != entry.initial())
        .forEach(entry -> out.append(line(node, entry)));
  }

  private static String line(String node, NodeConfig.Entry entry) {
    return String.format(
        Locale.ROOT,
        "setting    %s: %s %s, and %s by its command line%n",
        node,
        entry.setting().option(),
        SettingText.of(entry.setting(), entry.value()),
        SettingText.of(entry.setting(), entry.initial()));
  }
}
