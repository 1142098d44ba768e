package io.kumo.it.netns;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Rounds of cases of {@link Case}, all where none is named: {@code unshare --net java -cp ...
 * io.kumo.it.netns.NetMain DIRECTORY ROUNDS SECONDS [CASE...]}. The network is broken for so many
 * seconds in each round. Cases that follow each other share a cluster if one can serve both. Prints
 * a line for each round; exit code 1 when one found anything.
 */
final class NetMain implements AutoCloseable {
  private final Path directory;
  private final Duration broken;
  private @Nullable Net net;
  private @Nullable Case upFor;

  private NetMain(Path directory, Duration broken) {
    this.directory = directory;
    this.broken = broken;
  }

  public static void main(String[] arguments) throws Exception {
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    int rounds = Integer.parseInt(arguments[1]);
    List<Case> cases =
        Stream.of(arguments)
            .skip(3)
            .map(name -> Case.valueOf(name.toUpperCase(Locale.ROOT)))
            .toList();
    NetMain main =
        new NetMain(Path.of(arguments[0]), Duration.ofSeconds(Long.parseLong(arguments[2])));
    Runtime.getRuntime().addShutdownHook(new Thread(main::close, "end of cases"));
    boolean sound = true;
    try (main) {
      for (Case one : cases.isEmpty() ? List.of(Case.values()) : cases) {
        sound &= main.run(one, rounds);
      }
    }
    System.out.println(sound ? "sound" : "not sound");
    System.exit(sound ? 0 : 1);
  }

  private boolean run(Case one, int rounds) throws IOException, InterruptedException {
    boolean sound = true;
    Net up = netFor(one);
    for (int round = 0; round < rounds; round++) {
      sound &= Round.run(up, one, round, broken);
    }
    return sound;
  }

  private synchronized Net netFor(Case one) throws IOException {
    Net up = net;
    if (up == null || upFor == null || !upFor.sharesClusterWith(one)) {
      close();
      up = Net.up(Files.createDirectories(directory.resolve(one.name())), one);
      net = up;
      upFor = one;
    }
    return up;
  }

  @Override
  public synchronized void close() {
    if (net != null) {
      net.close();
      net = null;
    }
  }
}
