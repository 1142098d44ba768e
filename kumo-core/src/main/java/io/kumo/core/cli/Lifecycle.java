package io.kumo.core.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kumo.core.file.PrivateFiles;
import io.kumo.core.guard.Guard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * From start to clean end of a daemon.
 *
 * <p>SIGTERM and SIGINT reach the JVM as shutdown hooks. Ours waits for a start that is under way,
 * closes the service and then halts with the exit code: 0 after a signal, else what {@link #stop}
 * was given, because a JVM that a signal ends would say 143 although everything ended in order.
 */
public final class Lifecycle {

  /** How long a signal waits for a start that is under way. */
  private static final long LONGEST_START_S = 10;

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

  /**
   * Starts {@code service}, writes the pid file, and blocks until SIGTERM or SIGINT, which close
   * the service and end the process with 0. Returns only by an exception, when starting fails.
   */
  public static int runUntilStopped(Service service, @Nullable Path pidFile) throws Exception {
    CompletableFuture<@Nullable AutoCloseable> starting = new CompletableFuture<>();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(starting, pidFile), "shutdown"));
    try {
      starting.complete(start(service, pidFile));
    } finally {
      starting.complete(null);
    }
    new CountDownLatch(1).await();
    return ExitStatus.DONE.code();
  }

  private static AutoCloseable start(Service service, @Nullable Path pidFile) throws Exception {
    AutoCloseable running = service.start();
    try {
      writePid(pidFile);
    } catch (IOException e) {
      running.close();
      throw new CliException(
          ExitStatus.FAILED, "cannot write the pid file " + pidFile + ": " + Cli.describe(e), e);
    }
    return running;
  }

  /**
   * A start that failed ends the process as its failure says; one that takes too long is cut off,
   * as by a crash.
   */
  private static void end(
      CompletableFuture<@Nullable AutoCloseable> starting, @Nullable Path pidFile) {
    AutoCloseable running =
        starting.completeOnTimeout(null, LONGEST_START_S, TimeUnit.SECONDS).join();
    if (running != null) {
      end(running, pidFile);
    }
  }

  private static void end(AutoCloseable running, @Nullable Path pidFile) {
    boolean inOrder = Guard.ofProcess().run("end", "the process", () -> close(running));
    inOrder &= Guard.ofProcess().run("end", "the pid file", () -> deletePid(pidFile));
    int code = inOrder ? STATUS.get() : ExitStatus.FAILED.code();
    Logging.stop();
    System.out.flush();
    Runtime.getRuntime().halt(code);
  }

  /** What a service cannot do at its end is in the log, and in the exit code. */
  private static void close(AutoCloseable running) {
    try {
      running.close();
    } catch (Exception e) {
      throw new IllegalStateException("could not end in order", e);
    }
  }

  private static void deletePid(@Nullable Path pidFile) {
    try {
      removePid(pidFile);
    } catch (IOException e) {
      throw new UncheckedIOException("could not remove the pid file", e);
    }
  }

  /** No newline behind the number: scripts for the original read the file as it is. */
  private static void writePid(@Nullable Path pidFile) throws IOException {
    if (pidFile != null) {
      String pid = Long.toString(ProcessHandle.current().pid());
      PrivateFiles.replacePublic(pidFile, pid.getBytes(US_ASCII));
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
