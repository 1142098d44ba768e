package io.kumo.core.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.core.testing.Draw;
import io.kumo.core.testing.Tries;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HashSpaceTest {
  private static final NodeAddress A = address(1);
  private static final NodeAddress B = address(2);
  private static final NodeAddress C = address(3);

  @Test
  void anEmptyOneHasNoActiveNode() {
    assertThat(HashSpace.EMPTY.isEmpty()).isTrue();
    assertThat(HashSpace.EMPTY.replicas(5)).isEmpty();
    assertThat(HashSpace.EMPTY.coordinator(5)).isNull();
    assertThat(HashSpace.EMPTY.activeReplicas(5)).isEmpty();
    assertThat(HashSpace.of(List.of(new Node(A, false)), 1).isEmpty()).isTrue();
    assertThat(HashSpace.of(List.of(new Node(A, true)), 1).isEmpty()).isFalse();
  }

  @Test
  void changesMakeANewOneAndKeepTheOrderOfAttachment() {
    HashSpace space = HashSpace.EMPTY.withActive(B, 1).withActive(A, 2).withFault(B, 3);
    assertThat(space.nodes()).containsExactly(new Node(B, false), new Node(A, true));
    assertThat(space.clockTime()).isEqualTo(3);
    assertThat(space.isActive(B)).isFalse();
    assertThat(space.find(B)).contains(new Node(B, false));
    assertThat(space.find(C)).isEmpty();
    assertThat(space.withActive(B, 4).nodes())
        .containsExactly(new Node(B, true), new Node(A, true));
    assertThat(space.withoutFaults(5).nodes()).containsExactly(new Node(A, true));
  }

  @Test
  void aChangeThatChangesNothingKeepsTheClockTime() {
    HashSpace space = HashSpace.of(List.of(new Node(A, true)), 1);
    assertThat(space.withActive(A, 2)).isSameAs(space);
    assertThat(space.withFault(B, 2)).isSameAs(space);
    assertThat(space.withFault(A, 2).withFault(A, 3).clockTime()).isEqualTo(2);
    assertThat(space.withoutFaults(2)).isSameAs(space);
  }

  @Test
  void aRebalanceRunsWhileTheNodesDiffer() {
    HashSpace one = HashSpace.of(List.of(new Node(A, true)), 1);
    HashSpace two = one.withActive(B, 2);
    assertThat(new HashSpaces(two, one).rebalancing()).isTrue();
    assertThat(new HashSpaces(one.withClockTime(9), one).rebalancing()).isFalse();
    assertThat(one.withClockTime(9)).isNotEqualTo(one);
    assertThat(one.withClockTime(1)).isEqualTo(one).hasSameHashCodeAs(one);
    assertThat(new HashSpaces(two, one))
        .isEqualTo(new HashSpaces(two.withClockTime(2), one))
        .hasSameHashCodeAs(new HashSpaces(two.withClockTime(2), one))
        .isNotEqualTo(new HashSpaces(one, two));
  }

  @Test
  void aFaultMovesNoKeyAndOnlyPassesOnCoordination() {
    Tries.of(100, HashSpaceTest::aFaultMovesNoKeyAndOnlyPassesOnCoordination);
  }

  private static void aFaultMovesNoKeyAndOnlyPassesOnCoordination(Draw draw) {
    int servers = draw.between(1, 8);
    NodeAddress fault = address(draw.between(0, servers - 1));
    long[] hashes = draw.longs(50);
    HashSpace before = HashSpace.EMPTY;
    for (int i = 0; i < servers; i++) {
      before = before.withActive(address(i), i);
    }
    HashSpace after = before.withFault(fault, 100);
    for (long hash : hashes) {
      List<NodeAddress> addresses = addresses(before.replicas(hash));
      assertThat(addresses).hasSize(Math.min(servers, 3)).doesNotHaveDuplicates();
      assertThat(addresses(after.replicas(hash))).isEqualTo(addresses);
      List<NodeAddress> active = new ArrayList<>(addresses);
      active.remove(fault);
      assertThat(after.activeReplicas(hash)).isEqualTo(active);
      assertThat(after.coordinator(hash)).isEqualTo(active.isEmpty() ? null : active.get(0));
    }
  }

  @Test
  void aKeyBelongsToTheFirstVirtualNodeFromItsHashOn() {
    Tries.of(100, draw -> aKeyBelongsToTheFirstVirtualNodeFromItsHashOn(draw.anyLong()));
  }

  private static void aKeyBelongsToTheFirstVirtualNodeFromItsHashOn(long hash) {
    HashSpace space = HashSpace.EMPTY.withActive(A, 1).withActive(B, 2).withActive(C, 3);
    List<VirtualNode> ring = space.dump();
    VirtualNode first = ring.get(0);
    for (int i = ring.size() - 1; i >= 0; i--) {
      if (Long.compareUnsigned(ring.get(i).hash(), hash) >= 0) {
        first = ring.get(i);
      }
    }
    assertThat(space.coordinator(hash)).isEqualTo(first.node().address());
    VirtualNode exact = ring.get((int) Long.remainderUnsigned(hash, ring.size()));
    assertThat(space.coordinator(exact.hash())).isEqualTo(exact.node().address());
  }

  @Test
  void addressesAreOrderedByPortFirst() {
    NodeAddress low = NodeAddress.of(new byte[] {(byte) 255, 1, 1, 1}, 1000);
    NodeAddress high = NodeAddress.of(new byte[] {10, 0, 0, 1}, 60000);
    assertThat(low).isLessThan(high);
    assertThat(NodeAddress.fromBytes(high.toBytes())).isEqualTo(high).hasToString("10.0.0.1:60000");
    assertThat(NodeAddress.of(low.toSocketAddress())).isEqualTo(low).hasSameHashCodeAs(low);
    assertThat(low.host()).isEqualTo("255.1.1.1");
  }

  @Test
  void onlyResolvedAddressesAreNodes() {
    InetSocketAddress unresolved = InetSocketAddress.createUnresolved("a.invalid", 1);
    assertThatThrownBy(() -> NodeAddress.of(unresolved)).hasMessageContaining("a.invalid");
    assertThatThrownBy(() -> NodeAddress.of(new byte[6], 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> NodeAddress.of(new byte[4], 65536))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static List<NodeAddress> addresses(List<Node> nodes) {
    return nodes.stream().map(Node::address).toList();
  }

  private static NodeAddress address(int i) {
    return NodeAddress.of(new byte[] {127, 0, 0, 1}, 19800 + i);
  }
}
