package io.kumo.gateway.stats;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this process has had of the processors, as Linux tells it.
 *
 * @param userSeconds with six decimals
 * @param systemSeconds with six decimals
 */
record ProcessTimes(String userSeconds, String systemSeconds) {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessTimes.class);

  private static final Path STATUS = Path.of("/proc/self/stat");

  /** USER_HZ, which is the same on every Linux. */
  private static final double TICKS_PER_SECOND = 100;

  /** Behind the name of the program, which may hold anything. */
  private static final int USER_FIELD = 12;

  private static final int SYSTEM_FIELD = 13;

  /** Reads a file; zeros where that fails. */
  static ProcessTimes now() {
    try {
      String line = Files.readString(STATUS, StandardCharsets.ISO_8859_1);
      String[] fields = line.substring(line.lastIndexOf(')') + 1).split(" ", -1);
      return new ProcessTimes(seconds(fields[USER_FIELD]), seconds(fields[SYSTEM_FIELD]));
    } catch (IOException e) {
      LOG.warn("cannot tell the time that this process has had: {}", e.toString());
      return new ProcessTimes(seconds("0"), seconds("0"));
    }
  }

  private static String seconds(String ticks) {
    return String.format(Locale.ROOT, "%.6f", Long.parseLong(ticks) / TICKS_PER_SECOND);
  }
}
