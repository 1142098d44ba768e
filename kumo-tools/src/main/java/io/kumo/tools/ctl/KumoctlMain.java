package io.kumo.tools.ctl;

import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.Cli;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.Suggestion;
import io.kumo.core.cli.Version;
import io.kumo.core.cli.command.ManyCommands;
import io.kumo.tools.Printer;
import io.kumo.tools.ToolOptions;
import io.kumo.tools.WithoutManager;
import io.kumo.tools.cert.CertCommand;
import io.kumo.tools.ctl.change.AttachCommand;
import io.kumo.tools.ctl.change.AttachNoReplaceCommand;
import io.kumo.tools.ctl.change.DetachCommand;
import io.kumo.tools.ctl.change.DetachNoReplaceCommand;
import io.kumo.tools.ctl.change.DrainCommand;
import io.kumo.tools.ctl.change.FullReplaceCommand;
import io.kumo.tools.ctl.change.RebalanceCommand;
import io.kumo.tools.ctl.change.ReplaceCommand;
import io.kumo.tools.ctl.command.CommandContext;
import io.kumo.tools.ctl.command.Introduction;
import io.kumo.tools.ctl.keep.BackupCommand;
import io.kumo.tools.ctl.keep.CompactCommand;
import io.kumo.tools.ctl.keep.DiskUseCommand;
import io.kumo.tools.ctl.keep.DumpCommand;
import io.kumo.tools.ctl.keep.ExportCommand;
import io.kumo.tools.ctl.keep.ImportCommand;
import io.kumo.tools.ctl.keep.KeysCommand;
import io.kumo.tools.ctl.keep.LoadCommand;
import io.kumo.tools.ctl.keep.RestoreCommand;
import io.kumo.tools.ctl.look.GatewaysCommand;
import io.kumo.tools.ctl.look.HistoryCommand;
import io.kumo.tools.ctl.look.HotCommand;
import io.kumo.tools.ctl.look.NodesCommand;
import io.kumo.tools.ctl.look.SlowCommand;
import io.kumo.tools.ctl.look.StatusCommand;
import io.kumo.tools.ctl.look.TopCommand;
import io.kumo.tools.ctl.look.WaitCommand;
import io.kumo.tools.ctl.look.WhereisCommand;
import io.kumo.tools.ctl.manage.ConfigCommand;
import io.kumo.tools.ctl.manage.DisableAutoReplaceCommand;
import io.kumo.tools.ctl.manage.EnableAutoReplaceCommand;
import io.kumo.tools.ctl.manage.ForceViewCommand;
import io.kumo.tools.ctl.manage.LogLevelCommand;
import io.kumo.tools.ctl.manage.ManagersCommand;
import io.kumo.tools.ctl.manage.ReloadCommand;
import io.kumo.tools.ctl.manage.ResumeCommand;
import io.kumo.tools.ctl.manage.SuspendCommand;
import io.kumo.tools.ctl.repair.RecoverCommand;
import io.kumo.tools.ctl.repair.VerifyCommand;
import io.kumo.tools.user.UserCommand;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The program kumoctl: the operator's hand on a cluster, through a manager. */
@Command(
    name = "kumoctl",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Attaches, detaches, rebalances and looks after a cluster.",
    customSynopsis = "kumoctl [options] MANAGER[:PORT=19700] COMMAND [ARGUMENT]",
    footer = "kumoctl COMMAND --help tells more of a command.")
public final class KumoctlMain implements ManyCommands, CommandContext {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "MANAGER[:PORT]",
      converter = AddressConverter.Manager.class,
      description = "Either of the cluster's managers.")
  private InetSocketAddress manager = new InetSocketAddress(0);

  /** What stands where a command should; picocli takes those that there are. */
  @Parameters(index = "1..*", hidden = true)
  private List<String> noCommand = new ArrayList<>();

  @Mixin private ToolOptions options = new ToolOptions();

  public static void main(String[] args) {
    Cli.main(new KumoctlMain(), WithoutManager.complete(args));
  }

  @Override
  public List<Class<?>> commandClasses() {
    return List.of(
        StatusCommand.class,
        NodesCommand.class,
        GatewaysCommand.class,
        WaitCommand.class,
        TopCommand.class,
        WhereisCommand.class,
        HistoryCommand.class,
        DiskUseCommand.class,
        HotCommand.class,
        SlowCommand.class,
        AttachCommand.class,
        AttachNoReplaceCommand.class,
        DetachCommand.class,
        DetachNoReplaceCommand.class,
        DrainCommand.class,
        ReplaceCommand.class,
        FullReplaceCommand.class,
        RebalanceCommand.class,
        SuspendCommand.class,
        ResumeCommand.class,
        EnableAutoReplaceCommand.class,
        DisableAutoReplaceCommand.class,
        ManagersCommand.class,
        ConfigCommand.class,
        LogLevelCommand.class,
        ReloadCommand.class,
        ForceViewCommand.class,
        VerifyCommand.class,
        RecoverCommand.class,
        CompactCommand.class,
        BackupCommand.class,
        RestoreCommand.class,
        DumpCommand.class,
        LoadCommand.class,
        KeysCommand.class,
        ExportCommand.class,
        ImportCommand.class,
        CertCommand.class,
        UserCommand.class);
  }

  @Override
  public Integer call() {
    if (noCommand.isEmpty()) {
      throw CliException.usage("a command is missing");
    }
    throw Suggestion.unknownCommand(noCommand.get(0), spec.commandLine().getSubcommands().keySet());
  }

  @Override
  public InetSocketAddress manager() {
    return manager;
  }

  @Override
  public Introduction introduction() {
    List<String> typed = spec.commandLine().getParseResult().originalArgs();
    return new Introduction("kumoctl " + String.join(" ", typed));
  }

  @Override
  public Printer printer() {
    return new Printer(spec.commandLine().getOut(), spec.commandLine().getErr(), options);
  }
}
