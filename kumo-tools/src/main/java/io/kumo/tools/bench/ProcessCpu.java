package io.kumo.tools.bench;

import io.kumo.core.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The processor time of other processes, as Linux counts it. */
final class ProcessCpu {

  private static final double TICKS_PER_SECOND = 100;

  /** Fields of /proc/PID/stat behind the name in parentheses. */
  private static final int USER = 11;

  private static final int SYSTEM = 12;

  private ProcessCpu() {}

  /** NaN for no processes. */
  static double seconds(List<Long> pids) {
    double sum = pids.isEmpty() ? Double.NaN : 0;
    for (long pid : pids) {
      try {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
        sum += Long.parseLong(fields.get(USER)) + Long.parseLong(fields.get(SYSTEM));
      } catch (IOException e) {
        throw new CliException(io.kumo.core.cli.ExitStatus.FAILED, "there is no process " + pid, e);
      }
    }
    return sum / TICKS_PER_SECOND;
  }
}
