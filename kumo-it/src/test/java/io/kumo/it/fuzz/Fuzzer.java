package io.kumo.it.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * Feeds a decoder with kept inputs ({@code src/test/resources/fuzz}) and mutations of them: a few
 * hundred, or as many as fit into {@code -Dkumo.fuzz.seconds}. What breaks is written to {@code
 * target/fuzz}, to be moved to the kept ones.
 */
public final class Fuzzer {
  private static final long SECONDS = Long.getLong("kumo.fuzz.seconds", 0);
  private static final int INPUTS = Integer.getInteger("kumo.fuzz.inputs", 1000);
  private static final int MAX_BYTES = 1 << 16;

  private final String name;
  private final List<byte[]> kept;

  /**
   * @param more inputs beside the kept ones
   */
  public Fuzzer(String name, List<byte[]> more) throws IOException {
    this.name = name;
    this.kept = new ArrayList<>(more);
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/fuzz", name))) {
      for (Path file : files.sorted().toList()) {
        kept.add(Files.readAllBytes(file));
      }
    }
    assertThat(kept).isNotEmpty();
  }

  /** Takes one input; the random is for how it is cut. */
  @FunctionalInterface
  public interface Target {
    void feed(byte[] input, Random random) throws Exception;
  }

  /** Feeds the target until the time or the number is reached; only errors are logged meanwhile. */
  public void run(Target target) throws Exception {
    Logger log = (Logger) LoggerFactory.getLogger("io.kumo");
    Level before = log.getLevel();
    log.setLevel(Level.ERROR);
    try {
      feedAll(target);
    } finally {
      log.setLevel(before);
    }
  }

  private void feedAll(Target target) throws Exception {
    long seed = SECONDS > 0 ? System.nanoTime() : 7;
    Random random = new Random(seed);
    long endNs = System.nanoTime() + SECONDS * 1_000_000_000L;
    long inputs = 0;
    for (byte[] input : kept) {
      feed(target, input, random);
    }
    while (SECONDS > 0 ? System.nanoTime() < endNs : inputs < INPUTS) {
      byte[] base = kept.get(random.nextInt(kept.size()));
      if (random.nextInt(4) == 0) {
        base = join(base, kept.get(random.nextInt(kept.size())));
      }
      feed(target, mutate(base, random), random);
      inputs++;
    }
    System.out.println("fuzz " + name + ": " + inputs + " inputs, seed " + seed);
  }

  private void feed(Target target, byte[] input, Random random) throws Exception {
    try {
      target.feed(input, random);
    } catch (Exception | AssertionError e) {
      Path directory = Files.createDirectories(Path.of("target/fuzz", name));
      Files.write(directory.resolve(Long.toHexString(System.nanoTime())), input);
      throw e;
    }
  }

  private static byte[] join(byte[] one, byte[] other) {
    byte[] joined = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, joined, one.length, other.length);
    return joined;
  }

  /** Changes, cuts out, or repeats a few pieces. */
  static byte[] mutate(byte[] base, Random random) {
    byte[] bytes = base.clone();
    for (int n = random.nextInt(6); n >= 0 && bytes.length > 0; n--) {
      int at = random.nextInt(bytes.length);
      int behind = Math.min(bytes.length, at + 1 + random.nextInt(40));
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes[at] = (byte) (0xc0 + random.nextInt(0x40));
        case 3 -> bytes = splice(bytes, at, behind);
        default -> bytes = bytes.length < MAX_BYTES ? splice(bytes, behind, at) : bytes;
      }
    }
    return bytes;
  }

  private static byte[] splice(byte[] bytes, int head, int tail) {
    byte[] joined = new byte[head + bytes.length - tail];
    System.arraycopy(bytes, 0, joined, 0, head);
    System.arraycopy(bytes, tail, joined, head, bytes.length - tail);
    return joined;
  }
}
