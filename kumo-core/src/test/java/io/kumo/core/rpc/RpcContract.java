package io.kumo.core.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.admin.GetNodesInfo;
import io.kumo.core.protocol.extended.ExtGet;
import io.kumo.core.protocol.original.Get;
import io.kumo.core.protocol.original.KeepAlive;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What sessions and connections promise, whatever transport is below. */
public abstract class RpcContract {
  public static final long SECOND = Duration.ofSeconds(1).toNanos();
  static final RpcOptions QUICK =
      new RpcOptions(SECOND, 3, Duration.ofMillis(5).toNanos(), Duration.ofMillis(20).toNanos());

  /** A process that can be started and stopped. */
  public interface TestProcess {
    Transport transport();

    /** Ends the process with its connections. */
    void kill();
  }

  private final List<RpcEndpoint> endpoints = new ArrayList<>();

  /** What still waits to be sent holds memory. */
  @AfterEach
  void closeEndpoints() {
    endpoints.forEach(endpoint -> endpoint.transport().execute(endpoint::close));
    settle();
  }

  public abstract TestProcess start(NodeAddress name) throws IOException;

  /** An address that nobody listens on. */
  public abstract NodeAddress freeAddress();

  /** Lets the world go on until the condition holds; fails when it does not in time. */
  public abstract void until(BooleanSupplier condition);

  /** Says that this test makes handlers throw. */
  void expectBugs() {}

  /** Lets the world go on for a moment. */
  public abstract void settle();

  /** Sends bytes as a stranger would, and tells whether the connection was closed in return. */
  public abstract boolean closesOn(NodeAddress address, byte[] bytes);

  public static final class Outcome implements ReplyHandler {
    final List<String> seen = new CopyOnWriteArrayList<>();

    @Override
    public void reply(ByteBuf result) throws io.kumo.core.protocol.wire.MalformedMessageException {
      seen.add(MsgPack.isRaw(result) ? MsgPack.readRaw(result).toString(UTF_8) : "other");
    }

    @Override
    public void error(ErrorCode code, String detail) {
      seen.add(code.name());
    }
  }

  static final class Comings implements NodeListener {
    final List<String> seen = new CopyOnWriteArrayList<>();
    final List<NodeAddress> dead = new CopyOnWriteArrayList<>();

    @Override
    public void nodeAppeared(Peer peer) {
      seen.add("+" + peer.address());
    }

    @Override
    public void nodeLost(Peer peer) {
      NodeAddress address = peer.address();
      if (peer.isDead() && address != null) {
        dead.add(address);
      }
      seen.add("-" + peer.address());
    }
  }

  static Get get(String key) {
    return new Get(Unpooled.copiedBuffer(key, UTF_8));
  }

  public RpcEndpoint node(TestProcess process, NodeAddress address, Role role, long incarnation)
      throws IOException {
    return node(process, address, role, incarnation, new Comings());
  }

  public RpcEndpoint node(
      TestProcess process, NodeAddress address, Role role, long incarnation, Comings comings)
      throws IOException {
    Identity identity = new Identity(address, role, Capabilities.EXTENDED, incarnation);
    RpcEndpoint endpoint =
        new RpcEndpoint(process.transport(), identity, QUICK, new Random(incarnation));
    endpoints.add(endpoint);
    endpoint.addNodeListener(comings);
    endpoint.handle(Method.KEEP_ALIVE, KeepAlive.class, (m, caller, replier) -> replier.nil());
    endpoint.handle(
        Method.GET, Get.class, (Get m, Caller caller, Replier replier) -> replier.raw(m.key()));
    endpoint.listen(address);
    return endpoint;
  }

  public RpcEndpoint gateway(TestProcess process) {
    RpcEndpoint endpoint = new RpcEndpoint(process.transport(), null, QUICK, new Random(9));
    endpoints.add(endpoint);
    return endpoint;
  }

  static void call(
      RpcEndpoint from, NodeAddress to, io.kumo.core.protocol.Message message, Outcome outcome) {
    from.transport().execute(() -> from.peer(to).call(message, SECOND, outcome));
  }

  @Test
  void aCallIsAnsweredOverASubsystemConnection() throws IOException {
    NodeAddress server = freeAddress();
    node(start(server), server, Role.SERVER, 1);
    RpcEndpoint gateway = gateway(start(freeAddress()));
    Outcome outcome = new Outcome();

    call(gateway, server, get("aaaaaaaakey"), outcome);

    until(() -> outcome.seen.equals(List.of("aaaaaaaakey")));
  }

  /** What its end fails is perhaps tried again: that must not connect anew, and leaks a buffer. */
  @Test
  void nothingIsSentOnceItIsClosed() throws IOException {
    NodeAddress server = freeAddress();
    RpcEndpoint asked = node(start(server), server, Role.SERVER, 1);
    RpcEndpoint gateway = gateway(start(freeAddress()));
    Outcome before = new Outcome();
    call(gateway, server, get("aaaaaaaakey"), before);
    until(() -> !before.seen.isEmpty());
    Outcome after = new Outcome();

    gateway.transport().execute(gateway::close);
    call(gateway, server, get("aaaaaaaakey"), after);

    until(() -> after.seen.equals(List.of("NOT_SENT")) && asked.connectionCount() == 0);
    settle();
    assertThat(asked.connectionCount()).isZero();
  }

  @Test
  void manyCallsAreAnsweredEachWithItsOwnResult() throws IOException {
    NodeAddress server = freeAddress();
    node(start(server), server, Role.SERVER, 1);
    RpcEndpoint gateway = gateway(start(freeAddress()));
    List<Outcome> outcomes = new ArrayList<>();

    for (int i = 0; i < 500; i++) {
      outcomes.add(new Outcome());
      call(gateway, server, get("aaaaaaaa" + i), outcomes.get(i));
    }

    until(() -> outcomes.stream().noneMatch(o -> o.seen.isEmpty()));
    for (int i = 0; i < outcomes.size(); i++) {
      assertThat(outcomes.get(i).seen).containsExactly("aaaaaaaa" + i);
    }
  }

  @Test
  void nodesIntroduceThemselvesOnceAndAreBothTold() throws IOException {
    NodeAddress manager = freeAddress();
    NodeAddress server = freeAddress();
    Comings atManager = new Comings();
    Comings atServer = new Comings();
    node(start(manager), manager, Role.MANAGER, 1, atManager);
    RpcEndpoint second = node(start(server), server, Role.SERVER, 2, atServer);
    Outcome outcome = new Outcome();

    call(second, manager, new KeepAlive(0, 0), outcome);

    until(() -> outcome.seen.equals(List.of("other")));
    assertThat(atManager.seen).containsExactly("+" + server);
    assertThat(atServer.seen).containsExactly("+" + manager);
    assertThat(second.peer(manager).role()).isEqualTo(Role.MANAGER);
    assertThat(second.peer(manager).capabilities()).isEqualTo(Capabilities.EXTENDED);
  }

  @Test
  void aManagerCallsAServerOverTheConnectionThatTheServerOpened() throws IOException {
    NodeAddress manager = freeAddress();
    NodeAddress server = freeAddress();
    RpcEndpoint first = node(start(manager), manager, Role.MANAGER, 1);
    RpcEndpoint second = node(start(server), server, Role.SERVER, 2);
    Outcome there = new Outcome();
    call(second, manager, new KeepAlive(0, 0), there);
    until(() -> !there.seen.isEmpty());
    Outcome back = new Outcome();

    call(first, server, new KeepAlive(0, 0), back);

    until(() -> back.seen.equals(List.of("other")));
    assertThat(first.connectionCount()).isEqualTo(1);
    assertThat(second.connectionCount()).isZero();
  }

  @Test
  void aMethodOfTheOtherKindOfConnectionIsUnknown() throws IOException {
    NodeAddress server = freeAddress();
    node(start(server), server, Role.SERVER, 1);
    RpcEndpoint gateway = gateway(start(freeAddress()));
    Outcome wrongKind = new Outcome();
    Outcome noHandler = new Outcome();
    Outcome fine = new Outcome();

    call(gateway, server, new KeepAlive(0, 0), wrongKind);
    call(gateway, server, new GetNodesInfo(), noHandler);
    call(gateway, server, get("aaaaaaaak"), fine);

    until(() -> fine.seen.equals(List.of("aaaaaaaak")));
    assertThat(wrongKind.seen).containsExactly("PROTOCOL");
    assertThat(noHandler.seen).containsExactly("PROTOCOL");
  }

  @Test
  void aRefusedConnectFailsCallsAsNotSent() throws IOException {
    RpcEndpoint gateway = gateway(start(freeAddress()));
    Outcome outcome = new Outcome();

    call(gateway, freeAddress(), get("aaaaaaaak"), outcome);

    until(() -> outcome.seen.equals(List.of("NOT_SENT")));
  }

  @Test
  void aCallWithoutAnswerTimesOut() throws IOException {
    NodeAddress server = freeAddress();
    RpcEndpoint silent = node(start(server), server, Role.SERVER, 1);
    silent.handle(Method.GET_NODES_INFO, GetNodesInfo.class, (m, caller, replier) -> {});
    RpcEndpoint gateway = gateway(start(freeAddress()));
    Outcome outcome = new Outcome();

    call(gateway, server, new GetNodesInfo(), outcome);

    until(() -> outcome.seen.equals(List.of("TIMEOUT")));
  }

  @Test
  void callsUnderWayFailWhenTheirConnectionBreaks() throws IOException {
    NodeAddress server = freeAddress();
    TestProcess process = start(server);
    RpcEndpoint silent = node(process, server, Role.SERVER, 1);
    silent.handle(Method.GET_NODES_INFO, GetNodesInfo.class, (m, caller, replier) -> {});
    RpcEndpoint gateway = gateway(start(freeAddress()));
    Outcome fine = new Outcome();
    call(gateway, server, get("aaaaaaaak"), fine);
    until(() -> !fine.seen.isEmpty());
    Outcome outcome = new Outcome();
    call(gateway, server, new GetNodesInfo(), outcome);
    settle();

    process.kill();

    until(() -> outcome.seen.equals(List.of("TRANSPORT_LOST")));
  }

  @Test
  void aDeadNodeIsLostAndARestartedOneIsNew() throws IOException {
    NodeAddress manager = freeAddress();
    NodeAddress server = freeAddress();
    Comings comings = new Comings();
    RpcEndpoint watching = node(start(manager), manager, Role.MANAGER, 1, comings);
    TestProcess process = start(server);
    RpcEndpoint first = node(process, server, Role.SERVER, 2);
    first.transport().execute(() -> first.peer(manager).keepConnected());
    until(() -> comings.seen.equals(List.of("+" + server)));

    process.kill();
    until(() -> comings.seen.equals(List.of("+" + server, "-" + server)));
    assertThat(comings.dead).containsExactly(server);
    RpcEndpoint second = node(start(server), server, Role.SERVER, 3);
    second.transport().execute(() -> second.peer(manager).keepConnected());

    until(() -> comings.seen.equals(List.of("+" + server, "-" + server, "+" + server)));
    assertThat(watching.peer(server).incarnation()).isEqualTo(3);
    assertThat(watching.peer(server).isDead()).isFalse();
  }

  @Test
  void aNodeThatIsGivenUpForItsSilenceMayBeAlive() throws IOException {
    NodeAddress manager = freeAddress();
    NodeAddress server = freeAddress();
    Comings comings = new Comings();
    RpcEndpoint watching = node(start(manager), manager, Role.MANAGER, 1, comings);
    RpcEndpoint alive = node(start(server), server, Role.SERVER, 2);
    alive
        .transport()
        .execute(() -> alive.peer(manager).call(new KeepAlive(1, 0), SECOND, new Outcome()));
    until(() -> comings.seen.equals(List.of("+" + server)));

    watching.transport().execute(() -> watching.peer(server).drop("no heartbeat"));

    until(() -> comings.seen.contains("-" + server));
    assertThat(comings.dead).isEmpty();
  }

  @Test
  void aNodeThatIsKeptIsConnectedWhenItAppears() throws IOException {
    NodeAddress manager = freeAddress();
    NodeAddress server = freeAddress();
    Comings comings = new Comings();
    RpcEndpoint early = node(start(server), server, Role.SERVER, 2, comings);
    early.transport().execute(() -> early.peer(manager).keepConnected());
    settle();

    node(start(manager), manager, Role.MANAGER, 1);

    until(() -> comings.seen.equals(List.of("+" + manager)));
  }

  @Test
  void malformedBytesCloseThatConnectionOnly() throws IOException {
    NodeAddress server = freeAddress();
    node(start(server), server, Role.SERVER, 1);
    RpcEndpoint gateway = gateway(start(freeAddress()));
    Outcome before = new Outcome();
    call(gateway, server, get("aaaaaaaa1"), before);
    until(() -> !before.seen.isEmpty());

    assertThat(closesOn(server, new byte[] {(byte) 0xc1, 1, 2, 3})).isTrue();
    assertThat(closesOn(server, "GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8))).isTrue();
    Outcome after = new Outcome();
    call(gateway, server, get("aaaaaaaa2"), after);

    until(() -> after.seen.equals(List.of("aaaaaaaa2")));
  }

  @Test
  void aBugInAHandlerIsCountedAndCostsTheCallersConnection() throws IOException {
    expectBugs();
    NodeAddress server = freeAddress();
    RpcEndpoint buggy = node(start(server), server, Role.SERVER, 1);
    long bugsBefore = buggy.transport().guard().bugs();
    buggy.handle(
        Method.GET_NODES_INFO,
        GetNodesInfo.class,
        (m, caller, replier) -> {
          throw new IllegalStateException("planted by a test");
        });
    RpcEndpoint gateway = gateway(start(freeAddress()));
    Outcome bug = new Outcome();
    Outcome after = new Outcome();

    call(gateway, server, new GetNodesInfo(), bug);
    until(() -> bug.seen.equals(List.of("UNKNOWN")));
    settle();
    call(gateway, server, get("aaaaaaaak"), after);

    until(() -> after.seen.equals(List.of("aaaaaaaak")));
    assertThat(buggy.transport().guard().bugs()).isEqualTo(bugsBefore + 1);
  }

  @Test
  void callsBeyondTheBoundFailAtOnce() throws IOException {
    NodeAddress server = freeAddress();
    RpcEndpoint silent = node(start(server), server, Role.SERVER, 1);
    silent.handle(Method.EXT_GET, ExtGet.class, (m, caller, replier) -> {});
    RpcEndpoint gateway = gateway(start(freeAddress()));
    ExtGet get = new ExtGet(Unpooled.copiedBuffer("aaaaaaaak", UTF_8));
    Outcome within = new Outcome();
    Outcome beyond = new Outcome();
    Outcome control = new Outcome();

    gateway
        .transport()
        .execute(
            () -> {
              for (int i = 0; i < Limits.MAX_PENDING_CALLS; i++) {
                gateway.peer(server).call(get, SECOND, within);
              }
              gateway.peer(server).call(get, SECOND, beyond);
              gateway.peer(server).call(new GetNodesInfo(), 30 * SECOND, control);
            });

    until(() -> beyond.seen.equals(List.of("NOT_SENT")));
    until(() -> control.seen.equals(List.of("PROTOCOL")));
    until(() -> within.seen.size() == Limits.MAX_PENDING_CALLS);
    assertThat(within.seen).containsOnly("TIMEOUT");
  }
}
