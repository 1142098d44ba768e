package io.kumo.tools.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.admin.GetMembers;
import io.kumo.core.protocol.admin.GetNodesInfo;
import io.kumo.core.protocol.admin.GetRebalance;
import io.kumo.core.protocol.admin.GetServerStatistics;
import io.kumo.core.protocol.admin.GetStatus;
import io.kumo.core.protocol.admin.NodesInfo;
import io.kumo.core.protocol.admin.RebalanceState;
import io.kumo.core.protocol.admin.StartReplace;
import io.kumo.core.protocol.extended.MoveStatistics;
import io.kumo.core.protocol.original.HashSpaceRequest;
import io.kumo.core.protocol.wire.Frames;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.tools.FakePeer;
import io.kumo.tools.ToolRun;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that move records: waiting for the end, and looking at what would happen. */
class KumoctlRebalanceTest {
  private static final MoveStatistics HALF = new MoveStatistics(500, 1000, 250, 30_000);
  private static final MoveStatistics ALL = new MoveStatistics(1000, 1000, 500, 61_500);
  private static final NodeAddress NEWCOMER = NodeAddress.of(new byte[] {127, 0, 0, 9}, 19800);

  private final Deque<RebalanceState> states = new ArrayDeque<>();
  private HashSpace held = HashSpace.EMPTY;
  private FakePeer server;
  private FakePeer manager;

  @BeforeEach
  void start() throws IOException {
    server =
        new FakePeer(
            (id, message, out) -> {
              assertThat(message).isInstanceOf(GetStatus.class);
              Frames.responseHeader(out, id);
              MsgPack.writeUnsigned(out, 1000);
            });
    manager = new FakePeer(this::answer);
    Node only = new Node(NodeAddress.of(new byte[] {127, 0, 0, 1}, server.port()), true);
    held = HashSpace.of(List.of(only), 7);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    manager.close();
  }

  private void answer(int msgId, Message message, ByteBuf out) {
    if (message instanceof GetRebalance) {
      RebalanceState state = states.size() > 1 ? states.removeFirst() : states.getFirst();
      Frames.responseHeader(out, msgId);
      state.write(out);
    } else if (message instanceof GetNodesInfo) {
      Frames.responseHeader(out, msgId);
      List<NodeAddress> newcomers = held.isActive(NEWCOMER) ? List.of() : List.of(NEWCOMER);
      new NodesInfo(held, newcomers).write(out);
    } else if (message instanceof GetMembers || message instanceof GetServerStatistics) {
      Frames.errorResponse(out, msgId, ErrorCode.PROTOCOL);
    } else if (message instanceof AttachNewServers) {
      held = held.withActive(NEWCOMER, 8);
      Frames.nilResponse(out, msgId);
    } else if (message instanceof HashSpaceRequest) {
      Frames.responseHeader(out, msgId);
      new PublishedSpaces(new HashSpaces(held, held), ClusterExtras.NONE).write(out);
    } else {
      Frames.nilResponse(out, msgId);
    }
  }

  private static RebalanceState state(
      int phase, int outcome, long time, MoveStatistics statistics) {
    boolean copied = phase != RebalanceState.COPYING && time > 1;
    return new RebalanceState(
        phase,
        outcome,
        time,
        false,
        statistics,
        List.of(NEWCOMER),
        copied ? ALL : MoveStatistics.NONE);
  }

  private static final RebalanceState BEFORE =
      state(RebalanceState.IDLE, RebalanceState.FINISHED, 1, MoveStatistics.NONE);
  private static final RebalanceState COPYING =
      state(RebalanceState.COPYING, RebalanceState.FINISHED, 2, HALF);
  private static final RebalanceState DELETING =
      state(RebalanceState.DELETING, RebalanceState.FINISHED, 2, HALF);
  private static final RebalanceState DONE =
      state(RebalanceState.IDLE, RebalanceState.FINISHED, 2, ALL);

  private ToolRun run(String... words) {
    String[] args = new String[words.length + 1];
    args[0] = "127.0.0.1:" + manager.port();
    System.arraycopy(words, 0, args, 1, words.length);
    return ToolRun.of(new KumoctlMain(), args);
  }

  @ParameterizedTest
  @ValueSource(strings = {"attach", "detach", "replace", "full-replace"})
  void waitingEndsWithTheRebalance(String command) {
    states.addAll(List.of(BEFORE, COPYING, DELETING, DONE));
    ToolRun run = run(command, "--wait");
    assertThat(run.err())
        .isEqualTo(
            switch (command) {
              case "attach" -> "kumoctl: attached [127.0.0.9:19800]\n";
              case "detach" -> "kumoctl: nothing is detached\n";
              default -> "kumoctl: told all servers to rebalance\n";
            });
    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("nil"),
            line ->
                assertThat(line)
                    .startsWith("copying: 500 of 1000 records looked at, 250 copied, 30.0 KB, ")
                    .contains(" records/s, ETA ")
                    .endsWith("waiting for [127.0.0.9:19800]"),
            line -> assertThat(line).startsWith("removing: 500 of 1000 records looked at"),
            line ->
                assertThat(line)
                    .matches(
                        "rebalanced in .* s: 500 records \\(61.5 KB\\) copied in .* s \\(.*/s\\),"
                            + " 500 removed"));
  }

  @Test
  void waitingPrintsAnObjectALineWhenAsked() {
    states.addAll(List.of(BEFORE, COPYING, DONE));
    ToolRun run = run("replace", "--wait", "-o", "json");
    assertThat(run.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("{\"result\":null}"),
            line ->
                assertThat(line)
                    .startsWith("{\"phase\":\"copying\",\"scanned\":500,\"total\":1000,")
                    .endsWith("\"waitingFor\":[\"127.0.0.9:19800\"]}"),
            line ->
                assertThat(line)
                    .startsWith("{\"outcome\":\"finished\",")
                    .endsWith("\"records\":500,\"bytes\":61500,\"removed\":500}"));
  }

  @Test
  void aRebalanceThatIsGivenUpIsAFailure() {
    states.addAll(
        List.of(
            BEFORE,
            COPYING,
            state(RebalanceState.IDLE, RebalanceState.ABANDONED, 2, MoveStatistics.NONE)));
    ToolRun run = run("attach", "--wait");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("given up");
  }

  @Test
  void nothingToRebalanceIsNotAsItShouldBe() {
    states.add(BEFORE);
    ToolRun run = run("replace", "--wait");
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("no rebalance was started");
  }

  @Test
  void aManagerThatForgetsIsLostSightOf() {
    RebalanceState fresh = state(RebalanceState.IDLE, RebalanceState.NONE, 0, MoveStatistics.NONE);
    states.addAll(List.of(BEFORE, COPYING, fresh));
    ToolRun run = run("replace", "--wait", "--timeout", "300ms");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("does not know of the rebalance any more");
  }

  @Test
  void anOriginalManagerIsOrderedNothing() throws IOException {
    try (FakePeer original =
        new FakePeer(
            (id, message, out) -> {
              if (message instanceof GetNodesInfo) {
                answer(id, message, out);
              } else {
                Frames.errorResponse(out, id, ErrorCode.PROTOCOL);
              }
            })) {
      ToolRun run =
          ToolRun.of(new KumoctlMain(), "127.0.0.1:" + original.port(), "attach", "--wait");
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains("does not know get rebalance");
      assertThat(original.received()).doesNotHaveAnyElementsOfTypes(AttachNewServers.class);
    }
  }

  @Test
  void aDryRunOfAttachSaysWhatTheNewcomerWouldGet() {
    ToolRun run = run("attach", "--dry-run");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines().map(line -> line.replaceAll(" +", " ").trim()))
        .containsExactly(
            "from to hash space records",
            "127.0.0.1:" + server.port() + " 127.0.0.9:19800 100.00 % 1000",
            "total 100.00 % 1000");
    assertThat(manager.received())
        .doesNotHaveAnyElementsOfTypes(AttachNewServers.class, StartReplace.class);
    assertThat(run("attach", "--dry-run", "-o", "json").out())
        .isEqualTo(
            "{\"moves\":[{\"from\":\"127.0.0.1:"
                + server.port()
                + "\",\"to\":\"127.0.0.9:19800\",\"share\":1.0,\"records\":1000}]}\n");
  }

  @Test
  void aDryRunGoesOnWithoutAServerThatDoesNotAnswer() throws IOException {
    server.close();
    assertThat(run("attach", "--dry-run").out()).contains("100.00 %             -\n");
  }

  @Test
  void aDryRunMaySupposeZones() {
    for (int last = 2; last <= 4; last++) {
      held = held.withActive(NodeAddress.of(new byte[] {127, 0, 0, (byte) last}, 19800), 7);
    }
    assertThat(run("replace", "--dry-run", "--zone", "127.0.0.4=b").out().lines())
        .hasSizeGreaterThan(2)
        .allMatch(line -> line.matches("(from|total) .*|.* 127\\.0\\.0\\.4:19800 .*"));
    assertThat(run("replace", "--zone", "127.0.0.4=b").exitCode()).isEqualTo(2);
  }

  @Test
  void aDryRunSaysThatTheNumberOfCopiesCannotBeChanged() {
    ToolRun run = run("attach", "--dry-run", "--replicas", "2");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("3 copies").contains("cannot be changed");
    assertThat(run("attach", "--dry-run", "--replicas", "3").exitCode()).isZero();
    assertThat(run("attach", "--dry-run", "--replicas", "9").exitCode()).isEqualTo(2);
  }

  @Test
  void aDryRunOfReplaceHasNothingToSayInABalancedCluster() {
    assertThat(run("replace", "--dry-run").out()).isEqualTo("nothing would be copied\n");
    assertThat(run("replace", "--dry-run", "--wait").exitCode()).isEqualTo(2);
  }
}
