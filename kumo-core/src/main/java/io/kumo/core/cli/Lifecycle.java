package io.kumo.core.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From start to clean end of a daemon.
 *
 * <p>SIGTERM and SIGINT reach the JVM as shutdown hooks. Ours closes the service and then halts
 * with the exit code: 0 after a signal, else what {@link #stop} was given, because a JVM that a
 * signal ends would say 143 although everything ended in order.
 */
public final class Lifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);
  private static final AtomicInteger STATUS = new AtomicInteger(ExitStatus.DONE.code());

  private Lifecycle() {}

  /** What a daemon starts. */
  @FunctionalInterface
  public interface Service {
    /** Returns when it serves; what it returns is closed, once, at the end of the process. */
    AutoCloseable start() throws Exception;
  }

  /** Ends the process in order, from any thread, with an exit code; does not wait for the end. */
  public static void stop(ExitStatus status) {
    STATUS.set(status.code());
    new Thread(() -> System.exit(status.code()), "stop").start();
  }

  /** See {@link DaemonOptions#runUntilStopped}. */
  static int runUntilStopped(Service service, @Nullable Path pidFile) throws Exception {
    AutoCloseable running = service.start();
    try {
      writePid(pidFile);
    } catch (IOException e) {
      running.close();
      throw new CliException(
          ExitStatus.FAILED, "cannot write the pid file " + pidFile + ": " + e.getMessage(), e);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(running, pidFile), "shutdown"));
    new CountDownLatch(1).await();
    return ExitStatus.DONE.code();
  }

  private static void end(AutoCloseable running, @Nullable Path pidFile) {
    int code = STATUS.get();
    try {
      running.close();
      removePid(pidFile);
    } catch (Exception e) {
      LOG.error("could not end in order", e);
      code = ExitStatus.FAILED.code();
    }
    Logging.stop();
    System.out.flush();
    Runtime.getRuntime().halt(code);
  }

  /** No newline behind the number: scripts for the original read the file as it is. */
  private static void writePid(@Nullable Path pidFile) throws IOException {
    if (pidFile != null) {
      Path temporary = pidFile.resolveSibling(pidFile.getFileName() + ".tmp");
      Files.writeString(temporary, Long.toString(ProcessHandle.current().pid()));
      Files.move(
          temporary, pidFile, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static void removePid(@Nullable Path pidFile) throws IOException {
    if (pidFile != null && Files.exists(pidFile)) {
      String pid = Long.toString(ProcessHandle.current().pid());
      if (Files.readString(pidFile).trim().equals(pid)) {
        Files.delete(pidFile);
      }
    }
  }
}
