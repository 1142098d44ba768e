package io.kumo.core.tokyo;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.ring.KeyHash;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;

/** Files for tests, and Tokyo Cabinet's own tool to read and write them. */
public final class Tch {
  private static final HexFormat DUMP = HexFormat.ofDelimiter(" ").withUpperCase();

  private Tch() {}

  /** Returns a copy of a file that an original server or tool wrote. */
  public static Path golden(Path folder, String name) throws IOException {
    Path copy = folder.resolve(name);
    Files.write(copy, resource(name));
    return copy;
  }

  public static byte[] resource(String name) throws IOException {
    try (InputStream in = Tch.class.getResourceAsStream("/golden/tch/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  public static List<String> goldenDump(String name) throws IOException {
    return new String(resource(name), StandardCharsets.US_ASCII).lines().toList();
  }

  /** The records as {@code tchmgr list -pv -px} prints them. */
  public static List<String> dump(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    try (TchFile tch = TchFile.open(file)) {
      tch.read((key, value) -> lines.add(line(key, value)));
    }
    return lines;
  }

  public static String line(byte[] key, byte[] value) {
    return DUMP.formatHex(key) + "\t" + DUMP.formatHex(value);
  }

  /** A key as a server stores it. */
  public static byte[] key(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + bytes.length).putLong(KeyHash.of(bytes)).put(bytes).array();
  }

  /** A value as an original server stores it. */
  public static byte[] value(long clockTime, String data) {
    byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(10 + bytes.length)
        .putLong(clockTime)
        .putShort((short) 0)
        .put(bytes)
        .array();
  }

  public static byte[] tombstone(long clockTime) {
    return ByteBuffer.allocate(8).putLong(clockTime).array();
  }

  /** Runs Tokyo Cabinet's tool; without it the test is skipped, and says so. */
  public static List<String> tchmgr(String... arguments) throws Exception {
    boolean isThere =
        List.of(System.getenv("PATH").split(":", -1)).stream()
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "tchmgr")));
    if (!isThere) {
      System.err.println("SKIPPED: tchmgr is missing; it is in Debian's package tokyocabinet-bin");
    }
    Assumptions.assumeTrue(isThere, "tchmgr (Debian's package tokyocabinet-bin) is missing");
    List<String> command = new ArrayList<>(List.of("tchmgr"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    process.getInputStream().transferTo(out);
    assertThat(process.waitFor()).as(out::toString).isZero();
    return out.toString(StandardCharsets.ISO_8859_1).lines().toList();
  }
}
