package io.kumo.it.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One kumo program in a JVM of its own, its output kept in a file. It does not outlive the JVM that
 * started it, unless that one is killed.
 */
public final class KumoProcess implements AutoCloseable {
  /**
   * What a program that ran to its end left behind.
   *
   * @param output what it wrote to its standard output, and nothing else
   * @param errors what it wrote to its standard error
   */
  public record Result(int exitCode, String output, String errors) {}

  /** For all processes, as a profile or a shared archive of classes needs them. */
  private static final List<String> EXTRA_OPTIONS =
      Stream.of(System.getProperty("kumo.test.node.options", "").split(" ", -1))
          .filter(option -> !option.isEmpty())
          .toList();

  /** What whoever started the tests has them ignore, as nohup does, they would ignore, too. */
  private static final List<String> HEARS_HANG_UPS = List.of("env", "--default-signal=HUP");

  private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

  static {
    Thread ending = new Thread(() -> ALIVE.forEach(Process::destroyForcibly), "end of processes");
    Runtime.getRuntime().addShutdownHook(ending);
  }

  private final Process process;
  private final Path log;

  private KumoProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    ALIVE.add(process);
    process.onExit().thenAccept(ALIVE::remove);
  }

  /** Starts a main class of the class path that the tests run with. */
  public static KumoProcess start(Path log, String mainClass, List<String> arguments) {
    return start(List.of(), log, mainClass, arguments);
  }

  /**
   * The same behind another command.
   *
   * @param prefix a command that becomes the one that follows it, as {@code ip netns exec NAME}
   */
  public static KumoProcess start(
      List<String> prefix, Path log, String mainClass, List<String> arguments) {
    return start(command(prefix, mainClass, arguments).redirectErrorStream(true), log);
  }

  private static KumoProcess start(ProcessBuilder program, Path log) {
    try {
      program.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      program.environment().put("XDG_STATE_HOME", log.resolveSibling("state").toString());
      return new KumoProcess(program.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ProcessBuilder command(
      List<String> prefix, String mainClass, List<String> arguments) {
    List<String> command = new ArrayList<>(HEARS_HANG_UPS);
    command.addAll(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-Xshare:auto"));
    command.addAll(EXTRA_OPTIONS);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    command.addAll(arguments);
    return new ProcessBuilder(command);
  }

  /**
   * Runs a main class several times at once, each reading from a pipe what the one before writes,
   * for two minutes at most.
   *
   * @param errors where all of them complain
   * @return the exit codes
   */
  public static List<Integer> pipe(Path errors, String mainClass, List<List<String>> runs)
      throws IOException, InterruptedException {
    ProcessBuilder.Redirect complaints = ProcessBuilder.Redirect.appendTo(errors.toFile());
    List<Process> processes =
        ProcessBuilder.startPipeline(
            runs.stream()
                .map(arguments -> command(List.of(), mainClass, arguments))
                .map(program -> program.redirectError(complaints))
                .toList());
    ALIVE.addAll(processes);
    try {
      List<Integer> codes = new ArrayList<>();
      for (Process process : processes) {
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
          throw new IllegalStateException("no end: " + Files.readString(errors));
        }
        codes.add(process.exitValue());
      }
      return codes;
    } finally {
      processes.forEach(Process::destroyForcibly);
      ALIVE.removeAll(processes);
    }
  }

  /** Runs a main class to its end, for a minute at most. */
  static Result run(Path directory, String mainClass, List<String> arguments)
      throws IOException, InterruptedException {
    return run(List.of(), directory, mainClass, arguments);
  }

  static Result run(List<String> prefix, Path directory, String mainClass, List<String> arguments)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(directory, "run", ".out");
    Path errors = Files.createTempFile(directory, "run", ".err");
    ProcessBuilder program = command(prefix, mainClass, arguments).redirectError(errors.toFile());
    try (KumoProcess running = start(program, output)) {
      boolean ended = running.process.waitFor(60, TimeUnit.SECONDS);
      String complaints = Files.readString(errors);
      if (!ended) {
        throw new IllegalStateException(
            mainClass + " did not end: " + running.output() + complaints);
      }
      return new Result(running.process.exitValue(), running.output(), complaints);
    }
  }

  public String output() {
    try {
      return Files.readString(log, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public long pid() {
    return process.pid();
  }

  /** SIGSTOP: it hangs until {@link #resume}. */
  public void suspend() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** SIGCONT. */
  public void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  /** SIGHUP: it reads its files again. */
  public void hangUp() throws IOException, InterruptedException {
    signal("HUP");
  }

  private void signal(String name) throws IOException, InterruptedException {
    String pid = Long.toString(process.pid());
    if (new ProcessBuilder("kill", "-s", name, pid).start().waitFor() != 0) {
      throw new IllegalStateException("it is gone: " + output());
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for its end, for so long at most; returns whether it has ended. */
  public boolean awaitEnd(Duration patience) throws InterruptedException {
    return process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Of a process that has ended. */
  public int exitCode() {
    return process.exitValue();
  }

  /** SIGKILL. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** SIGTERM, and its exit code; 143 is what a JVM that ended in order on SIGTERM has. */
  public int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("did not stop: " + output());
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
