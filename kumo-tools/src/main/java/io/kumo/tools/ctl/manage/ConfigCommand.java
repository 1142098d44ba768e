package io.kumo.tools.ctl.manage;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.core.protocol.desk.ChangeConfig;
import io.kumo.core.protocol.desk.GetConfig;
import io.kumo.core.protocol.desk.NodeConfig;
import io.kumo.core.protocol.desk.NodeSetting;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.tools.DeskNode;
import io.kumo.tools.SettingText;
import io.kumo.tools.TextTable;
import io.kumo.tools.ctl.command.ClusterNodes;
import io.kumo.tools.ctl.command.CtlCommand;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows and changes settings of nodes that run. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Settings of nodes that may change while they run: throttle, slow-write and scrub-rate of"
            + " servers, rejoin-after of managers, keepalive-interval of both, max-item-size,"
            + " max-connections and reads of gateways, each as the option of that name. A node that"
            + " is started again goes by its command line.")
public final class ConfigCommand extends CtlCommand {
  private static final String NODES =
      "Of these nodes, gateways as kumoctl gateways names them; all without.";

  @Override
  protected ExitStatus run() {
    throw CliException.usage("config needs get, or set SETTING VALUE");
  }

  @Command(
      name = "get",
      mixinStandardHelpOptions = true,
      description = "What counts, and what the command line says.")
  int get(
      @Parameters(arity = "0..*", paramLabel = "NODE:PORT", description = NODES)
          List<String> named) {
    TextTable table = new TextTable().row(List.of("node", "setting", "value", "command line"));
    for (DeskNode node : nodes(named)) {
      NodeConfig config =
          node.ask(options(), new GetConfig(), NodeConfig::read, () -> new NodeConfig(List.of()));
      config.entries().forEach(entry -> table.row(row(node, entry)));
    }
    printer().text(table.text());
    return ExitStatus.DONE.code();
  }

  private static List<String> row(DeskNode node, NodeConfig.Entry entry) {
    NodeSetting setting = entry.setting();
    return List.of(
        node.toString(),
        setting.option(),
        SettingText.of(setting, entry.value()),
        SettingText.of(setting, entry.initial()));
  }

  @Command(
      name = "set",
      mixinStandardHelpOptions = true,
      description = "Change one until the node is started again.")
  int set(
      @Parameters(index = "0", paramLabel = "SETTING", description = "One that get shows.")
          String name,
      @Parameters(
              index = "1",
              paramLabel = "VALUE",
              description =
                  "As 10m or off of throttle and scrub-rate, 50ms of slow-write, 1m or never of"
                      + " rejoin-after.")
          String text,
      @Parameters(index = "2..*", arity = "0..*", paramLabel = "NODE:PORT", description = NODES)
          List<String> named) {
    NodeSetting setting = SettingText.named(name);
    ChangeConfig change = new ChangeConfig(setting, SettingText.parse(setting, text));
    return noted(() -> set(change, nodes(named))).code();
  }

  private ExitStatus set(ChangeConfig change, List<DeskNode> nodes) {
    List<DeskNode> changed = new ArrayList<>();
    for (DeskNode node : nodes) {
      if (node.ask(options(), change, MsgPack::readBool, () -> false)) {
        changed.add(node);
      }
    }
    if (changed.isEmpty()) {
      throw CliException.failed("none of " + nodes + " has " + change.setting().option());
    }
    printer().note(change.setting().option() + " is changed at " + changed);
    return ExitStatus.DONE;
  }

  private List<DeskNode> nodes(List<String> named) {
    List<DeskNode> gateways = DeskNode.gateways(options(), manager());
    if (named != null && !named.isEmpty()) {
      return named.stream().flatMap(name -> DeskNode.named(name, gateways).stream()).toList();
    }
    List<DeskNode> all = new ArrayList<>();
    ClusterNodes.ask(printer(), manager()).forEach(node -> all.add(DeskNode.of(node)));
    all.addAll(gateways);
    return all;
  }
}
