package io.kumo.gateway.memcached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kumo.core.auth.UserFile;
import io.kumo.gateway.testing.BesideMemcached;
import io.kumo.gateway.testing.BinaryMessage;
import io.kumo.gateway.testing.Memcached;
import io.kumo.gateway.testing.RawClient;
import io.kumo.gateway.testing.TestGateway;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * SASL of the binary protocol as a memcached started with {@code -S} has it: the same answers to
 * the same requests, and the connection ends after the same one. Skipped where there is no {@code
 * /usr/bin/memcached} or no {@code saslpasswd2} to make users for it.
 */
class SaslComparisonTest {
  private static final Path MAKE_USER = Path.of("/usr/sbin/saslpasswd2");
  private static final int LIST = 0x20;
  private static final int START = 0x21;
  private static final int STEP = 0x22;
  private static final String GOOD = "\0alice\0secret";
  private static final String BAD = "\0alice\0wrong!";
  private static final BinaryMessage GET = BinaryMessage.request(0, "x", "", "");
  private static final BinaryMessage VERSION = BinaryMessage.request(0x0b, "", "", "");

  private static BesideMemcached both;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    assumeTrue(Files.isExecutable(MAKE_USER), "no saslpasswd2 to make users");
    Path users = directory.resolve("sasldb");
    String settings =
        """
        mech_list: plain
        pwcheck_method: auxprop
        auxprop_plugin: sasldb
        sasldb_path: %s
        """;
    Files.writeString(directory.resolve("memcached.conf"), settings.formatted(users));
    Process maker =
        new ProcessBuilder(
                MAKE_USER.toString(), "-a", "memcached", "-c", "-p", "-f", users + "", "alice")
            .redirectErrorStream(true)
            .start();
    try (var password = maker.getOutputStream()) {
      password.write("secret".getBytes(StandardCharsets.US_ASCII));
    }
    assumeTrue(maker.waitFor() == 0, "saslpasswd2 does not work here");
    Memcached memcached = Memcached.start(Map.of("SASL_CONF_PATH", directory.toString()), "-S");
    UserFile ours = UserFile.parse("alice:secret\n".getBytes(StandardCharsets.US_ASCII));
    McSettings likeMemcached = new McSettings("1.6.18", 1 << 20, 1000, false, false);
    both =
        BesideMemcached.start(
            memcached, TestGateway.Setup.DEFAULT.with(likeMemcached).with(() -> ours));
  }

  @AfterAll
  static void stop() {
    if (both != null) {
      both.close();
    }
  }

  private static BinaryMessage start(String message) {
    return BinaryMessage.request(START, "PLAIN", "", message);
  }

  private static BinaryMessage step(String message) {
    return BinaryMessage.request(STEP, "PLAIN", "", message);
  }

  private static Arguments of(String name, BinaryMessage... requests) {
    return Arguments.of(name, List.of(requests));
  }

  static Stream<Arguments> exchanges() {
    BinaryMessage list = BinaryMessage.request(LIST, "", "", "");
    return Stream.of(
        of("list", list, VERSION),
        of("start", start(GOOD), GET, list),
        of("start and step", start(""), step(GOOD), GET),
        of("list, start", list, start(GOOD), GET),
        of("a wrong password", start(BAD), start(GOOD), GET),
        of("a wrong password in a step", start(""), step(BAD), start(GOOD), GET),
        of("a step without a start", step(GOOD), GET),
        of("two starts", start(""), start(GOOD), GET),
        of("for itself", start("alice" + GOOD), GET),
        of("for another", start("bob" + GOOD), GET),
        of("nobody", start("\0nobody\0secret"), GET),
        of("no password", start("\0alice"), VERSION),
        of("no name", start("\0\0"), VERSION),
        of("nothing in order", start("alice"), VERSION),
        of("too much", start(GOOD + "\0"), VERSION),
        of("another mechanism", BinaryMessage.request(START, "CRAM-MD5", "", "x"), VERSION),
        of("in lower case", BinaryMessage.request(START, "plain", "", GOOD), GET),
        of("a long name", BinaryMessage.request(START, "M".repeat(33), "", GOOD), VERSION),
        of("no mechanism", BinaryMessage.request(START, "", "", GOOD), VERSION),
        of("extras", BinaryMessage.request(START, "PLAIN", "1234", GOOD), VERSION),
        of("a list with a key", BinaryMessage.request(LIST, "x", "", ""), VERSION),
        of("a long message", start("a".repeat(5000)), VERSION),
        of("a very long message", start("a".repeat(70_000)), VERSION),
        of("get before", GET, start(GOOD)),
        of("quiet get before", BinaryMessage.request(9, "x", "", ""), VERSION),
        of("set before", BinaryMessage.request(1, "x", BinaryMessage.store(0, 0), "v"), VERSION),
        of("statistics before", BinaryMessage.request(0x10, "", "", ""), VERSION),
        of("no-op before", BinaryMessage.request(0x0a, "", "", ""), VERSION),
        of("quit before", BinaryMessage.request(0x07, "", "", ""), VERSION),
        of("unknown before", BinaryMessage.request(0x55, "", "", ""), VERSION),
        of("get after failing", start(BAD), GET, start(GOOD)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("exchanges")
  void answersAsMemcachedDoes(String name, List<BinaryMessage> requests) {
    List<String> theirs = ask(both.theirPort(), requests);
    assertThat(ask(both.ourPort(), requests)).as(name).isEqualTo(theirs);
  }

  /** One after the other; the last thing may be the end of the connection. */
  private static List<String> ask(int port, List<BinaryMessage> requests) {
    List<String> answers = new ArrayList<>();
    try (RawClient client = new RawClient(port)) {
      for (BinaryMessage request : requests) {
        client.send(request.encoded());
        answers.add(BinaryMessage.read(client).toString());
      }
    } catch (IOException e) {
      answers.add("the connection ended");
    }
    return answers;
  }
}
