package io.kumo.gateway.memcached;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.auth.UserFile;
import io.kumo.gateway.testing.EmbeddedGateway;
import io.kumo.gateway.testing.RequestScript;
import io.kumo.gateway.testing.TestUsers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever bytes a client sends cost at most its own connection: no bug, no leak, no hang, and a
 * neighbour is served on. Inputs are kept ones ({@code src/test/resources/fuzz}), random scripts
 * and mutations of both. Longer with {@code -Dkumo.fuzz.seconds=600}; what breaks is written to
 * {@code target/fuzz}, to be moved to the kept ones.
 */
class FuzzTest {
  private static final long SECONDS = Long.getLong("kumo.fuzz.seconds", 0);
  private static final int INPUTS = Integer.getInteger("kumo.fuzz.inputs", 400);
  private static final UserFile USERS = TestUsers.alice();
  private static final byte[] NEIGHBOUR_WITH_LOGIN =
      "set x 0 0 12\r\nalice secret\r\nmn\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NEIGHBOUR = "mn\r\n".getBytes(StandardCharsets.US_ASCII);

  @ParameterizedTest
  @ValueSource(strings = {"text", "meta", "binary", "login-text", "login-sasl", "login-basic"})
  void anyBytesCostAtMostTheirOwnConnection(String protocol) throws IOException {
    List<byte[]> kept = corpus(protocol);
    kept.forEach(input -> feed(protocol, input, 1));
    long seed = SECONDS > 0 ? System.nanoTime() : 7;
    Random random = new Random(seed);
    long endNs = System.nanoTime() + SECONDS * 1_000_000_000L;
    long inputs = 0;
    while (SECONDS > 0 ? System.nanoTime() < endNs : inputs < INPUTS) {
      byte[] base =
          random.nextInt(3) == 0
              ? kept.get(random.nextInt(kept.size()))
              : script(protocol, random.nextLong());
      feed(protocol, mutate(base, random), random.nextLong());
      inputs++;
    }
    System.out.println("fuzz " + protocol + ": " + inputs + " inputs, seed " + seed);
  }

  private static byte[] script(String protocol, long seed) {
    return switch (protocol) {
      case "text" -> RequestScript.text(seed, 8);
      case "meta" -> RequestScript.meta(seed, 8);
      case "login-text" -> RequestScript.textLogins(seed, 8);
      case "login-sasl" -> RequestScript.saslLogins(seed, 8);
      case "login-basic" -> RequestScript.basicLogins(seed, 8);
      default -> RequestScript.binary(seed, 8);
    };
  }

  private static List<byte[]> corpus(String protocol) throws IOException {
    List<byte[]> inputs = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/fuzz", protocol))) {
      for (Path file : files.sorted().toList()) {
        inputs.add(Files.readAllBytes(file));
      }
    }
    assertThat(inputs).isNotEmpty();
    return inputs;
  }

  private static byte[] mutate(byte[] base, Random random) {
    byte[] bytes = base.clone();
    for (int n = random.nextInt(6); n >= 0 && bytes.length > 0; n--) {
      int at = random.nextInt(Math.min(bytes.length, 4096));
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes[at] = (byte) " \r\n0-9\0".charAt(random.nextInt(7));
        case 3 -> bytes = join(bytes, at, at + random.nextInt(bytes.length - at + 1));
        default -> bytes = join(bytes, Math.min(bytes.length, at + random.nextInt(40)), at);
      }
    }
    return bytes;
  }

  /** What is before one place and what is behind another: cuts out, or repeats. */
  private static byte[] join(byte[] bytes, int head, int tail) {
    byte[] joined = new byte[head + bytes.length - tail];
    System.arraycopy(bytes, 0, joined, 0, head);
    System.arraycopy(bytes, tail, joined, head, bytes.length - tail);
    return joined;
  }

  private static void feed(String protocol, byte[] input, long seed) {
    try {
      boolean closed = protocol.startsWith("login");
      EmbeddedGateway gateway =
          new EmbeddedGateway(McSettings.DEFAULT, seed, false, closed ? USERS : null);
      EmbeddedGateway.Connection neighbour = gateway.connect();
      EmbeddedGateway.Connection connection =
          protocol.equals("login-basic") ? gateway.connectHttp() : gateway.connect();
      int cut = input.length == 0 ? 0 : (int) Long.remainderUnsigned(seed, input.length);
      connection.send(input, 0, cut);
      connection.send(input, cut, input.length);
      connection.settle();
      byte[] asked = closed ? NEIGHBOUR_WITH_LOGIN : NEIGHBOUR;
      neighbour.send(asked, 0, asked.length);
      neighbour.settle();
      assertThat(new String(neighbour.received(), StandardCharsets.US_ASCII)).endsWith("MN\r\n");
      if (closed && !holdsPassword(input)) {
        assertThat(gateway.executed()).as("commands of a stranger").isZero();
      }
      connection.close();
      neighbour.close();
      assertThat(gateway.leftovers()).isEmpty();
    } catch (RuntimeException | AssertionError e) {
      keep(protocol, input);
      throw e;
    }
  }

  /** In base64, too, as it stands behind the name. */
  private static boolean holdsPassword(byte[] input) {
    String text = new String(input, StandardCharsets.ISO_8859_1);
    return text.contains("secret") || text.contains("c2VjcmV0");
  }

  private static void keep(String protocol, byte[] input) {
    try {
      Path directory = Files.createDirectories(Path.of("target/fuzz", protocol));
      Files.write(directory.resolve(Long.toHexString(System.nanoTime())), input);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
