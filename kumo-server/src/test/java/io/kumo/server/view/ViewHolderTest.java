package io.kumo.server.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.guard.Guard;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.NodeExtras;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.TimeBound;
import io.kumo.server.lifecycle.Right;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class ViewHolderTest {
  private static final NodeAddress SELF = NodeAddress.of(new byte[] {127, 0, 0, 1}, 19800);
  private static final long INCARNATION = 77;
  private static final Object MANAGER = "the manager";

  private final Guard guard = new Guard(TimeSource.system());
  private final ViewHolder spaces = new ViewHolder(SELF, PublishedSpaces.EMPTY, guard);
  private final List<String> told = new ArrayList<>();
  private final Queue<Runnable> unsaved = new ArrayDeque<>();

  private static HashSpaces steady(long clockTime) {
    HashSpace space = HashSpace.of(List.of(new Node(SELF, true)), clockTime << 32);
    return new HashSpaces(space, space);
  }

  private static PublishedSpaces view(long clockTime) {
    return new PublishedSpaces(steady(clockTime), ClusterExtras.NONE);
  }

  private static PublishedSpaces naming(long incarnation, long clockTime) {
    NodeExtras self = new NodeExtras(SELF, Capabilities.OURS, incarnation);
    return new PublishedSpaces(steady(clockTime), new ClusterExtras(List.of(self), 0, 0));
  }

  private void dispatch() {
    spaces.dispatchTo(
        (now, continuous) ->
            told.add((now.write().clockTime() >>> 32) + (continuous ? " continuous" : "")));
  }

  @Test
  void whatIsOfferedIsPersistedThenInstalledThenAcknowledged() {
    dispatch();
    spaces.persistWith(
        (view, durable) -> {
          told.add("saved");
          unsaved.add(durable);
        });
    spaces.offer(view(1));
    spaces.afterInstall(() -> told.add("acknowledged"));
    assertThat(spaces.current()).isEqualTo(PublishedSpaces.EMPTY.spaces());
    assertThat(spaces.latest()).isEqualTo(steady(1));
    unsaved.remove().run();
    assertThat(spaces.current()).isEqualTo(steady(1));
    assertThat(told).containsExactly("saved", "1", "acknowledged");
  }

  @Test
  void aViewOfATimeFarAheadIsTakenFromNobody() {
    spaces.boundBy(new TimeBound(TimeSource.system()));
    assertThat(spaces.offer(view(0xffff_fff0L))).isFalse();
    assertThat(spaces.offer(view(1))).isTrue();
    PublishedSpaces flush = new PublishedSpaces(steady(2), new ClusterExtras(List.of(), -1, 0));
    assertThat(spaces.offer(flush)).isFalse();
    assertThat(spaces.current()).isEqualTo(steady(1));
  }

  @Test
  void whatOneManagerTellsInOrderFollowsWithoutABreak() {
    dispatch();
    spaces.offer(view(1), MANAGER);
    spaces.offer(view(2), MANAGER);
    spaces.offer(view(3), "another");
    spaces.offer(view(4), null);
    spaces.offer(view(3), MANAGER);
    assertThat(told).containsExactly("1", "2 continuous", "3", "4");
  }

  @Test
  void whatIsThrownWhileAChangeIsToldKeepsNobodyWaiting() {
    spaces.dispatchTo(
        (now, continuous) -> {
          throw new IllegalStateException("planted by a test");
        });
    spaces.offer(view(1));
    spaces.afterInstall(() -> told.add("acknowledged"));
    assertThat(told).containsExactly("acknowledged");
    assertThat(guard.bugs()).isOne();
  }

  @Test
  void whatAViewSaysOfThisServerCountsWhenTheChangeIsTold() {
    spaces.dispatchTo(
        (now, continuous) -> told.add(spaces.lifecycle().may(Right.RECEIVE) + " may receive"));
    assertThat(spaces.lifecycle().may(Right.RECEIVE)).isFalse();
    spaces.offer(view(1));
    assertThat(told).containsExactly("true may receive");
  }

  @Test
  void aProcessWaitsUntilAViewNamesIt() {
    spaces.waitUntilNamed(INCARNATION);
    spaces.offer(naming(INCARNATION + 1, 1));
    assertThat(spaces.lifecycle().isNamed()).isFalse();
    assertThat(spaces.isCoordinator(5)).isFalse();
    spaces.offer(naming(INCARNATION, 2));
    assertThat(spaces.lifecycle().isNamed()).isTrue();
    assertThat(spaces.isCoordinator(5)).isTrue();
    assertThat(spaces.answersReads(5)).isTrue();
  }

  @Test
  void aNewerViewThatNamesNoProcessesWillDo() {
    spaces.waitUntilNamed(INCARNATION);
    spaces.offer(view(1));
    assertThat(spaces.lifecycle().isNamed()).isTrue();
  }
}
