package io.kumo.gateway.memcached;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.auth.UserFile;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.testing.BinaryMessage;
import io.kumo.gateway.testing.RawClient;
import io.kumo.gateway.testing.TestGateway;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user's rights leave of the commands, over real sockets. */
class PermissionTest {
  private static final int OPCODES = 0x50;

  /** Of "password". */
  private static final String HASH =
      "$pbkdf2-sha256$8000$XAuBMIYQQogxRg$tRRlz8hYn63B9LYiCd6PRo6FMiunY9ozmMMI3srxeRE";

  private static final String DENIED = "CLIENT_ERROR permission denied\r\n";
  private static final McSettings FLUSHING = new McSettings("1.6.27", 1024, 1000, true, false);

  private volatile UserFile users = parse("");
  private TestGateway gateway;

  private static UserFile parse(String text) {
    try {
      return UserFile.parse(text.getBytes(US_ASCII));
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @BeforeEach
  void start() throws IOException {
    users =
        parse(
            "plain:password\nall:%s:flush\nreader:%s:read-only\napp:%s:prefix=app/,prefix=tmp\n"
                .formatted(HASH, HASH, HASH));
    gateway = TestGateway.start(TestGateway.Setup.DEFAULT.with(FLUSHING).with(() -> users));
    try (RawClient all = login("all")) {
      assertThat(all.ask("set app/1 0 0 1\r\n1\r\nset other 0 0 1\r\n2\r\n"))
          .isEqualTo("STORED\r\nSTORED\r\n");
    }
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private RawClient login(String name) throws IOException {
    RawClient client = gateway.client();
    String credentials = name + " password";
    client.send("set x 0 0 " + credentials.length() + "\r\n" + credentials + "\r\n");
    assertThat(client.line()).isEqualTo("STORED\r\n");
    return client;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "set other 0 0 1\r\n1\r\n",
        "set big 0 0 2000\r\n%s\r\n",
        "add new 0 0 1\r\n1\r\n",
        "append other 0 0 1\r\n1\r\n",
        "cas other 0 0 1 5\r\n1\r\n",
        "delete other\r\n",
        "incr other 1\r\n",
        "touch other 100\r\n",
        "gat 100 other\r\n",
        "mg other T30 v\r\n",
        "ms other 1\r\n1\r\n",
        "md other\r\n",
        "ma other\r\n",
        "flush_all\r\n",
      })
  void whoMayOnlyReadChangesNothing(String command) throws IOException {
    try (RawClient reader = login("reader")) {
      String answer = reader.ask(command.formatted("x".repeat(2000)));
      assertThat(answer).isIn(DENIED, "SERVER_ERROR object too large for cache\r\n");
      assertThat(reader.ask("get app/1 other new big\r\n"))
          .isEqualTo("VALUE app/1 0 1\r\n1\r\nVALUE other 0 1\r\n2\r\nEND\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reader", "app"})
  void statisticsThatAllShareAreForWhoMayDoAll(String user) throws IOException {
    try (RawClient few = login(user);
        RawClient all = login("all")) {
      assertThat(few.ask("stats reset\r\nstats  conns\r\nstats reset now\r\n"))
          .isEqualTo(DENIED + DENIED + DENIED);
      assertThat(few.ask("stats\r\nstats settings\r\n")).doesNotContain(DENIED);
      assertThat(all.ask("stats conns\r\nstats reset\r\n")).doesNotContain(DENIED);
    }
  }

  @Test
  void aPrefixIsAllThatItsUserSees() throws IOException {
    try (RawClient app = login("app")) {
      assertThat(app.ask("get app/1\r\n")).isEqualTo("VALUE app/1 0 1\r\n1\r\nEND\r\n");
      assertThat(app.ask("set tmp 0 0 1\r\n1\r\n")).isEqualTo("STORED\r\n");
      assertThat(app.ask("get other\r\n")).isEqualTo(DENIED);
      assertThat(app.ask("get app/1 other\r\n")).isEqualTo(DENIED);
      assertThat(app.ask("mg other v\r\nme other\r\n")).isEqualTo(DENIED + DENIED);
      assertThat(app.ask("mg b3RoZXI= b v\r\n")).isEqualTo(DENIED);
      assertThat(app.ask("set other 0 0 1\r\n1\r\n")).isEqualTo(DENIED);
      assertThat(app.ask("set other 0 0 1 noreply\r\n1\r\nget app/2\r\n")).isEqualTo("END\r\n");
      assertThat(app.ask("flush_all\r\n")).isEqualTo(DENIED);
    }
    long denied =
        gateway.onLoop(() -> gateway.clientLoop().metrics().get(GatewayMetric.NOT_PERMITTED));
    assertThat(denied).isEqualTo(8);
  }

  @Test
  void aLineOfMemcachedLeavesFlushToOthers() throws IOException {
    try (RawClient plain = login("plain");
        RawClient all = login("all")) {
      assertThat(plain.ask("flush_all\r\n")).isEqualTo(DENIED);
      assertThat(plain.ask("delete other\r\n")).isEqualTo("DELETED\r\n");
      assertThat(all.ask("flush_all\r\n")).isEqualTo("OK\r\n");
    }
  }

  @Test
  void binaryRequestsAreRefusedWithTheStatusOfAuthentication() throws IOException {
    try (RawClient app = gateway.client()) {
      app.send(BinaryMessage.request(0x21, "PLAIN", "", "\0app\0password").encoded());
      assertThat(BinaryMessage.read(app).value()).isEqualTo("Authenticated");
      app.send(BinaryMessage.request(0, "other", "", "").encoded());
      app.send(BinaryMessage.request(9, "other", "", "").encoded());
      app.send(BinaryMessage.request(1, "other", BinaryMessage.store(0, 0), "v").encoded());
      app.send(BinaryMessage.request(0, "app/1", "", "").encoded());
      for (int i = 0; i < 3; i++) {
        assertThat(BinaryMessage.read(app).status()).isEqualTo(0x20);
      }
      assertThat(BinaryMessage.read(app).value()).isEqualTo("1");
    }
  }

  /** Each opcode there may be, quiet ones too, with extras of every length that one has. */
  @ParameterizedTest
  @ValueSource(strings = {"app", "reader"})
  void noOpcodeGetsPastTheRights(String user) throws IOException {
    try (RawClient all = login("all")) {
      assertThat(all.ask("set other 0 0 7\r\nhidden!\r\n")).isEqualTo("STORED\r\n");
      for (int opcode = 0; opcode < OPCODES; opcode++) {
        for (int extras : new int[] {0, 4, 8, 20}) {
          String answer = withoutRight(user, opcode, extras);
          if (user.equals("app")) {
            assertThat(answer).as("opcode %x with %d", opcode, extras).doesNotContain("hidden!");
          }
        }
      }
      assertThat(all.ask("mg other v t\r\n")).isEqualTo("VA 7 t-1\r\nhidden!\r\n");
    }
  }

  /** What comes back on a connection of its own. */
  private String withoutRight(String user, int opcode, int extras) throws IOException {
    try (RawClient client = gateway.client()) {
      client.send(BinaryMessage.request(0x21, "PLAIN", "", "\0" + user + "\0password").encoded());
      assertThat(BinaryMessage.read(client).value()).isEqualTo("Authenticated");
      String bytes = "\0".repeat(Math.max(0, extras - 1)) + "\1".repeat(Math.min(1, extras));
      ByteArrayOutputStream requests = new ByteArrayOutputStream();
      requests.writeBytes(BinaryMessage.request(opcode, "other", bytes, "v").encoded());
      requests.writeBytes(BinaryMessage.request(opcode, "other", bytes, "").encoded());
      requests.writeBytes(BinaryMessage.request(0x07, "", "", "").encoded());
      client.send(requests.toByteArray());
      return client.restOrReset();
    }
  }

  @Test
  void whoHasBeenTakenOutOfTheFileIsClosed() throws IOException {
    try (RawClient reader = login("reader")) {
      users = parse("somebody:else\n");
      reader.send("get other\r\n");
      assertThat(reader.rest()).isEqualTo("CLIENT_ERROR unauthenticated\r\n");
    }
  }

  @Test
  void pipelinedCommandsWaitForTheLoginBeforeThem() throws IOException {
    try (RawClient client = gateway.client()) {
      client.send("get other\r\nset x 0 0 15\r\nreader password\r\nget other\r\nquit\r\n");
      assertThat(client.rest())
          .isEqualTo("CLIENT_ERROR unauthenticated\r\nSTORED\r\nVALUE other 0 1\r\n2\r\nEND\r\n");
    }
  }
}
