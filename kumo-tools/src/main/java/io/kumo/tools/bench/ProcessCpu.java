package io.kumo.tools.bench;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** The processor time of other processes, as Linux counts it. */
final class ProcessCpu {

  private static final double TICKS_PER_SECOND = 100;

  /** Fields of /proc/PID/stat behind the name in parentheses. */
  private static final int USER = 11;

  private static final int SYSTEM = 12;

  private ProcessCpu() {}

  /** Of each process since its start. */
  static List<Double> seconds(List<Long> pids) {
    return pids.stream().map(ProcessCpu::seconds).toList();
  }

  /** What each process took between two calls of {@link #seconds(List)}. */
  static List<Double> between(List<Double> before, List<Double> after) {
    return IntStream.range(0, before.size()).mapToObj(i -> after.get(i) - before.get(i)).toList();
  }

  private static double seconds(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
      long ticks = Long.parseLong(fields.get(USER)) + Long.parseLong(fields.get(SYSTEM));
      return ticks / TICKS_PER_SECOND;
    } catch (IOException e) {
      throw new CliException(ExitStatus.FAILED, "there is no process " + pid, e);
    }
  }
}
