package io.kumo.core.cli.option;

import io.kumo.core.cli.Lifecycle;
import io.kumo.core.cli.security.DaemonSecurityOptions;
import io.kumo.core.log.LogId;
import io.kumo.core.metrics.SecurityMetrics;
import io.kumo.core.security.HangUp;
import io.kumo.core.security.Reloads;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that managers, servers and gateways share, but for the keepalive interval. */
public final class DaemonOptions {
  private static final Logger LOG = LoggerFactory.getLogger(DaemonOptions.class);

  @Mixin private LogOptions log = new LogOptions();

  @Mixin private ConnectOptions rpc = new ConnectOptions();

  @Mixin private DaemonSecurityOptions security = new DaemonSecurityOptions();

  @Mixin private CompatibilityOptions compatibility = new CompatibilityOptions();

  @Option(
      names = {"-d", "--daemon"},
      paramLabel = "FILE",
      description =
          "Run in the background: the launcher returns when the program serves, and its pid is in"
              + " this file.")
  private @Nullable Path pidFile;

  private final Reloads reloads = new Reloads(SecurityMetrics.ofProcess());

  /** What the process reads anew when files change, when it is told to, and when it gets a HUP. */
  public Reloads reloads() {
    return reloads;
  }

  /** What protects its ports. */
  public DaemonSecurityOptions security() {
    return security;
  }

  public LogOptions log() {
    return log;
  }

  public ConnectOptions rpc() {
    return rpc;
  }

  /**
   * Starts the log, then {@code service}, writes the pid file, and blocks until SIGTERM or SIGINT,
   * which close the service and end the process with 0. Returns only by an exception, when starting
   * fails.
   */
  public int runUntilStopped(Lifecycle.Service service) throws Exception {
    log.startLogging();
    compatibility.warn();
    return Lifecycle.runUntilStopped(() -> started(service), pidFile);
  }

  private AutoCloseable started(Lifecycle.Service service) throws Exception {
    // Before anything else: to a process that has not asked for it the signal means the end.
    boolean ignored = HangUp.reloads(reloads);
    AutoCloseable running = service.start();
    reloads.start();
    if (ignored && reloads.hasFiles()) {
      LOG.warn(LogId.HANG_UP_IGNORED, "SIGHUP is ignored here, as nohup has it");
    }
    return () -> {
      reloads.close();
      running.close();
    };
  }
}
