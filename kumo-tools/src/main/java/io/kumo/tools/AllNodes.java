package io.kumo.tools;

import io.kumo.core.cli.CliException;
import io.kumo.core.ring.NodeAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;

/** Asks many nodes at a time; who does not answer at once is left out. */
public final class AllNodes {
  /** More wait for their turn. */
  private static final int MAX_AT_ONCE = 64;

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private AllNodes() {}

  /**
   * What each of them answers.
   *
   * @param links how they are connected to
   * @param question gives nothing when the node does not know it
   */
  public static <T> SortedMap<NodeAddress, T> ask(
      Collection<NodeAddress> nodes, NodeOptions links, Function<RpcClient, Optional<T>> question) {
    SortedMap<NodeAddress, T> answers = new ConcurrentSkipListMap<>();
    ForkJoinPool threads = new ForkJoinPool(Math.max(1, Math.min(MAX_AT_ONCE, nodes.size())));
    try {
      threads
          .submit(() -> nodes.parallelStream().forEach(node -> ask(node, links, question, answers)))
          .join();
    } finally {
      threads.shutdown();
    }
    return new TreeMap<>(answers);
  }

  private static <T> void ask(
      NodeAddress node,
      NodeOptions links,
      Function<RpcClient, Optional<T>> question,
      SortedMap<NodeAddress, T> answers) {
    try (RpcClient client = links.connect(node.toSocketAddress(), PATIENCE)) {
      question.apply(client).ifPresent(answer -> answers.put(node, answer));
    } catch (CliException e) {
      // Whether it is there at all is told by who asks for more than this.
      answers.remove(node);
    }
  }
}
