package io.kumo.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.item.ItemLayout;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.route.RouterOptions;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.testkit.cluster.MemoryGateway;
import io.kumo.testkit.fake.FakeServer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * With -F, -E, -lc and -Ad, this gateway sends a server of kumofs 0.4.13 what the original's
 * gateway was recorded to send, byte for byte, and understands the answers. What differs: a delete
 * reads first, for its client is to hear whether there was something.
 */
class OriginalExchangeTest {
  private static final Path RECORDED = Path.of("src/test/resources/golden/exchange-FE.txt");
  private static final NodeAddress SERVER = MemoryGateway.address(20_500);
  private static final RouterOptions OPTIONS =
      new RouterOptions(
          5,
          20,
          20,
          RouterOptions.DEFAULT.deadlineNs(),
          false,
          true,
          new ItemLayout(true, true, true),
          1 << 20);

  /** A command, and the one request that it led to. */
  private record Step(String command, String method, String params, String result) {
    static Step parse(String line) {
      String[] words = line.split(" ", -1);
      String command = words[0].replace('_', ' ').replace("|", "\r\n") + "\r\n";
      return new Step(command, words[1], words[2], words[3]);
    }
  }

  private final MemoryGateway gateway = new MemoryGateway(OPTIONS, new NearCache(1 << 20));
  private final List<String> requests = new ArrayList<>();
  private String result = "c0";
  private String record = "c0";

  private void startServer() throws IOException {
    RpcEndpoint endpoint =
        new RpcEndpoint(
            gateway.cluster().startHost(SERVER), null, RpcOptions.DEFAULT, new Random(1));
    for (Method method : List.of(Method.GET, Method.SET, Method.DELETE, Method.GET_IF_MODIFIED)) {
      endpoint.handle(method, Message.class, (m, caller, reply) -> answer(m, reply));
    }
    endpoint.listen(SERVER);
    HashSpace space = HashSpace.of(List.of(new Node(SERVER, true)), 1);
    gateway.show(new PublishedSpaces(new HashSpaces(space, space), ClusterExtras.NONE));
  }

  private void answer(Message message, Replier reply) {
    ByteBuf params = Unpooled.buffer();
    message.encode(params);
    requests.add(message.getClass().getSimpleName() + " " + ByteBufUtil.hexDump(params));
    boolean reads = message.method() == Method.GET;
    reply.begin().writeBytes(ByteBufUtil.decodeHexDump(reads ? record : result));
  }

  @Test
  void sendsWhatTheOriginalSends() throws IOException {
    startServer();
    List<String> expected = new ArrayList<>();
    List<String> replies = new ArrayList<>();
    String key = "";
    for (String line : Files.readAllLines(RECORDED)) {
      if (line.startsWith("#")) {
        continue;
      }
      Step step = Step.parse(line);
      result = step.result();
      if (result.startsWith("b")) {
        record = result;
      }
      if (step.method().equals("Get")) {
        key = step.params();
      }
      if (step.method().equals("Delete")) {
        expected.add("Get " + key);
      }
      expected.add(step.method() + " " + step.params());
      replies.add(gateway.ask(step.command()));
    }
    assertThat(requests).containsExactlyElementsOf(expected);
    String hello = "VALUE ck 7 5\r\nhello\r\nEND\r\n";
    String world = "VALUE ck 7 5\r\nworld\r\nEND\r\n";
    assertThat(replies)
        .containsExactly(
            "STORED\r\n", hello, hello, "STORED\r\n", world, world, "DELETED\r\n", "END\r\n");
  }

  @Test
  void otherLayoutsHaveWhatTheirSwitchesSay() {
    assertThat(recordOf(new ItemLayout(true, true, false))).endsWith("0000" + "0007" + "78");
    assertThat(recordOf(new ItemLayout(true, false, true))).endsWith("0000" + "00000000" + "78");
    assertThat(recordOf(new ItemLayout(true, false, false))).endsWith("0000" + "78");
  }

  /** The value of a set of "x" with flags 7. */
  private static String recordOf(ItemLayout layout) {
    RouterOptions options =
        new RouterOptions(
            5, 20, 20, RouterOptions.DEFAULT.deadlineNs(), false, false, layout, 1 << 20);
    MemoryGateway other = new MemoryGateway(options);
    FakeServer server = other.start(false);
    other.show(other.viewOf(5, server));
    assertThat(other.ask("set k 7 0 1\r\nx\r\n")).isEqualTo("STORED\r\n");
    assertThat(other.ask("get k\r\n"))
        .isEqualTo("VALUE k " + (layout.flags() ? 7 : 0) + " 1\r\nx\r\nEND\r\n");
    return server.hexOf("k");
  }
}
