package io.kumo.tools.ctl.change;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.DataSize;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import io.kumo.core.protocol.desk.SteerRebalance;
import io.kumo.core.protocol.desk.SteerRebalance.Step;
import io.kumo.tools.ctl.command.CtlCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Steers the rebalance that is under way. */
@Command(
    name = "rebalance",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Steers the rebalance that is under way. What is ordered is in the cluster's view: it holds"
            + " on when another manager directs.")
public final class RebalanceCommand extends CtlCommand {
  private static final String NO_LIMIT = "off";

  @Override
  protected ExitStatus run() {
    throw CliException.usage("rebalance needs one of pause, resume, cancel and throttle");
  }

  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      description =
          "Move no records until it is resumed, in the one that is under way and in those that"
              + " follow. Clients are served as ever.")
  int pause() {
    return order(new SteerRebalance(Step.PAUSE)).code();
  }

  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      description = "Go on with what was paused.")
  int resume() {
    return order(new SteerRebalance(Step.RESUME)).code();
  }

  @Command(
      name = "cancel",
      mixinStandardHelpOptions = true,
      description =
          "Go back to the servers that the keys had before, as long as records are being copied:"
              + " who was attached is not, and who was taken out serves again. Refused once"
              + " records are being removed.")
  int cancel() {
    return order(new SteerRebalance(Step.CANCEL)).code();
  }

  @Command(
      name = "throttle",
      mixinStandardHelpOptions = true,
      description =
          "Have each server send so much a second at most, in this rebalance and in those that"
              + " follow.")
  int throttle(
      @Parameters(
              paramLabel = "BYTES|off",
              description = "As 10m; off is what each server's command line says.")
          String rate) {
    return order(new SteerRebalance(Step.THROTTLE, rate.equals(NO_LIMIT) ? 0 : bytes(rate))).code();
  }

  private static long bytes(String rate) {
    long bytes;
    try {
      bytes = DataSize.parse(rate).bytes();
    } catch (TypeConversionException e) {
      throw new CliException(ExitStatus.USAGE, e.getMessage() + ", nor is it off", e);
    }
    if (bytes == 0) {
      throw CliException.usage("a rate of 0 moves nothing: rebalance pause does that");
    }
    return bytes;
  }
}
