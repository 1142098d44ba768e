package io.kumo.tools.ctl;

import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.DurationConverter;
import io.kumo.core.protocol.desk.SetLogLevel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Options of single commands of kumoctl. */
final class SmallOptions {
  private SmallOptions() {}

  /** Belongs to keys and export. */
  static final class PrefixOptions {
    @Option(
        names = "--prefix",
        paramLabel = "TEXT",
        defaultValue = "",
        description = "Only keys that begin with it.")
    String prefix = "";

    @Option(names = "--limit", paramLabel = "N", description = "At most so many (default: all).")
    long limit = Long.MAX_VALUE;
  }

  /** Belongs to log-level. */
  static final class ForOption {
    @Option(
        names = "--for",
        paramLabel = "TIME",
        defaultValue = "5m",
        converter = DurationConverter.class,
        description = "After which what was logged before counts again: ${DEFAULT-VALUE}.")
    private Duration span = Duration.ofMinutes(5);

    long ms() {
      long ms = span.toMillis();
      if (ms < 1 || ms > SetLogLevel.MAX_MS) {
        throw CliException.usage("--for must be a day at most");
      }
      return ms;
    }
  }

  /** Belongs to attach, detach and replace. */
  static final class ServersOption {
    @Parameters(
        arity = "0..*",
        paramLabel = "SERVER[:PORT]",
        converter = AddressConverter.Server.class,
        description = "These servers and no others.")
    List<InetSocketAddress> servers = new ArrayList<>();
  }

  /** Belongs to recover. */
  static final class KeyOption {
    @Option(names = "--key", description = "It is a key, whatever it looks like.")
    private boolean key;

    boolean given() {
      return key;
    }
  }

  /** Belongs to backup. */
  static final class BackupWait {
    @Option(names = "--wait", description = "Return when every server has; 1 when one failed.")
    private boolean wait;

    boolean given() {
      return wait;
    }
  }

  /** Belongs to the two forms of attach. */
  static final class ForceOption {
    @Option(names = "--force", description = "Attach although known servers have not reported.")
    private boolean force;

    boolean given() {
      return force;
    }
  }

  /** Belongs to hot and slow. */
  static final class RowsOption {
    @Option(
        names = {"-n", "--rows"},
        paramLabel = "N",
        defaultValue = "20",
        description = "At most so many of each kind (default: ${DEFAULT-VALUE}).")
    int most = 20;
  }

  /** Belongs to the two forms of attach. */
  static final class AloneOption {
    @Option(
        names = "--alone",
        description = "Begin a cluster without the partner that the manager was told of.")
    private boolean alone;

    boolean given() {
      return alone;
    }
  }

  /** Belongs to load. */
  static final class StateFileOptions {
    @Option(
        names = "--force",
        description = "Also when the manager knows a later state; the file's counts then.")
    boolean force;
  }
}
