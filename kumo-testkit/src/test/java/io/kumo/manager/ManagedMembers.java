package io.kumo.manager;

import static io.kumo.manager.membership.Addresses.node;
import static io.kumo.testkit.cluster.MemoryCluster.LOWER;
import static io.kumo.testkit.cluster.MemoryCluster.UPPER;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.admin.DetachFaultServers;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.testkit.cluster.MemoryCluster;

/** Managers and servers that are none, which say what they are told. */
abstract class ManagedMembers {
  static final String NIL = "c0";
  static final Message ATTACH = new AttachNewServers(true, false);
  static final Message DETACH = new DetachFaultServers(true);

  final MemoryCluster cluster = new MemoryCluster();

  void startAttached(int... ports) {
    cluster.startPair();
    for (int port : ports) {
      cluster.startMember(node(port));
    }
    cluster.runMillis(8000);
    assertThat(cluster.ask(LOWER, ATTACH)).isEqualTo(NIL);
    cluster.runMillis(1000);
  }

  HashSpace write() {
    return cluster.spaces(LOWER).write();
  }

  void assertAllAgree() {
    HashSpaces expected = cluster.spaces(LOWER);
    if (cluster.host(UPPER).isAlive()) {
      assertThat(cluster.spaces(UPPER)).isEqualTo(expected);
    }
    cluster.members().stream()
        .filter(server -> cluster.host(server.address()).isAlive())
        .forEach(server -> assertThat(server.spaces()).isEqualTo(expected));
  }
}
