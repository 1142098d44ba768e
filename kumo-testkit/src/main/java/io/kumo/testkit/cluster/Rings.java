package io.kumo.testkit.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.KeyHash;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Hash spaces that a test makes up, and where keys are on them. */
public final class Rings {
  private Rings() {}

  /** In which these are all the servers, all active. */
  public static HashSpace space(long clockTime, NodeAddress... addresses) {
    List<Node> nodes = Stream.of(addresses).map(address -> new Node(address, true)).toList();
    return HashSpace.of(nodes, clockTime);
  }

  /** The pair outside of a rebalance. */
  public static HashSpaces steady(HashSpace space) {
    return new HashSpaces(space, space);
  }

  /** The pair with nothing said about the servers. */
  public static PublishedSpaces view(HashSpaces spaces) {
    return new PublishedSpaces(spaces, ClusterExtras.NONE);
  }

  /** The same outside of a rebalance. */
  public static PublishedSpaces steadyView(HashSpace space) {
    return view(steady(space));
  }

  /** The coordinator of a user's key; there must be one. */
  public static NodeAddress coordinator(HashSpace space, String key) {
    return Objects.requireNonNull(space.coordinator(KeyHash.of(key.getBytes(UTF_8))));
  }
}
