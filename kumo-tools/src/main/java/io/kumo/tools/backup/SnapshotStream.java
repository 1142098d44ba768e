package io.kumo.tools.backup;

import io.kumo.core.cli.CliException;
import io.kumo.core.protocol.snapshot.ScanSnapshot;
import io.kumo.core.protocol.snapshot.SnapshotPage;
import io.kumo.core.protocol.snapshot.SnapshotState;
import io.kumo.core.protocol.snapshot.SnapshotStep;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads all records of a snapshot off its servers, a page of each in turn, so that all are about as
 * far. When one is gone, the next replica of its keys goes on behind the last record that it gave.
 * One thread.
 */
final class SnapshotStream {
  private static final long LOOK_NS = Duration.ofSeconds(10).toNanos();

  private final ClusterSnapshot snapshot;
  private final long since;
  private final Consumer<String> notes;
  private final Deque<Part> parts = new ArrayDeque<>();
  private final double parted;
  private double done;
  private long keptBytes;
  private long lookedNs;

  /** Takes what a page has. */
  interface PageSink {
    void page(SnapshotPage page) throws IOException;
  }

  /**
   * Keys that are still to be read.
   *
   * @param lost servers in whose place this one gives them
   * @param after raw key that was read last; null before the first
   */
  private record Part(NodeAddress server, List<NodeAddress> lost, @Nullable ByteBuf after) {
    /** How far it is, from 0 to 1: hashes are spread evenly. */
    double position() {
      return after == null ? 0 : (after.getLong(after.readerIndex()) >>> 1) / 0x1p63;
    }
  }

  /**
   * @param since as in {@link ScanSnapshot}
   * @param notes hears of servers that are gone
   */
  SnapshotStream(ClusterSnapshot snapshot, long since, Consumer<String> notes) {
    this.snapshot = snapshot;
    this.since = since;
    this.notes = notes;
    for (NodeAddress server : snapshot.servers().addresses()) {
      parts.add(new Part(server, List.of(), null));
    }
    parted = parts.size();
  }

  /**
   * Gives the next page.
   *
   * @param nowNs monotonic
   * @return false when there is none
   * @throws CliException when keys are lost with their servers
   */
  boolean next(PageSink sink, long nowNs) throws IOException {
    if (nowNs - lookedNs >= LOOK_NS) {
      lookedNs = nowNs;
      look();
    }
    Part part = parts.poll();
    if (part == null) {
      return false;
    }
    SnapshotPage page;
    try {
      ByteBuf after = part.after() == null ? null : part.after().duplicate();
      ScanSnapshot question = new ScanSnapshot(snapshot.id(), part.lost(), after, since);
      page = snapshot.servers().client(part.server()).call(question, SnapshotPage::read);
    } catch (CliException e) {
      parts.addFirst(part);
      goOnWithout(part.server(), e);
      return true;
    }
    sink.page(page);
    ByteBuf last = page.last();
    if (last == null) {
      done += part.lost().isEmpty() ? 1 : 0;
    } else {
      parts.addLast(new Part(part.server(), part.lost(), last));
    }
    return true;
  }

  /** A server that is not asked for pages is to keep what it has, too. */
  private void look() {
    keptBytes = 0;
    for (NodeAddress server : snapshot.servers().addresses()) {
      try {
        SnapshotState state = snapshot.servers().one(server, SnapshotStep.Step.LOOK);
        keptBytes += state.keptBytes();
        if (!state.failure().isEmpty()) {
          goOnWithout(server, CliException.failed(server + ": " + state.failure()));
        }
      } catch (CliException e) {
        goOnWithout(server, e);
      }
    }
  }

  private void goOnWithout(NodeAddress gone, CliException why) {
    snapshot.servers().drop(gone);
    List<Part> open = List.copyOf(parts);
    parts.clear();
    for (Part part : open) {
      if (part.server().equals(gone)) {
        handOver(part, why);
      } else {
        parts.addLast(part);
      }
    }
    notes.accept(why.getMessage() + "; other replicas go on in its place");
  }

  private void handOver(Part part, CliException why) {
    List<NodeAddress> lost = new ArrayList<>(part.lost());
    lost.add(part.server());
    boolean covered =
        snapshot.ring().dump().stream()
            .map(place -> snapshot.ring().activeReplicas(place.hash()))
            .filter(replicas -> startsWith(replicas, lost))
            .allMatch(replicas -> isCovered(replicas, lost));
    if (!covered) {
      throw CliException.failed(
          "%s; it was the last of the servers that had some of the keys"
              .formatted(why.getMessage()));
    }
    for (NodeAddress next : snapshot.servers().addresses()) {
      if (!lost.contains(next)) {
        parts.addLast(new Part(next, lost, part.after()));
      }
    }
    for (NodeAddress next : next(lost)) {
      if (!snapshot.servers().addresses().contains(next)) {
        handOver(new Part(next, lost, part.after()), why);
      }
    }
  }

  /** Who follows the lost ones, somewhere on the ring. */
  private List<NodeAddress> next(List<NodeAddress> lost) {
    return snapshot.ring().dump().stream()
        .map(place -> snapshot.ring().activeReplicas(place.hash()))
        .filter(replicas -> startsWith(replicas, lost) && replicas.size() > lost.size())
        .map(replicas -> replicas.get(lost.size()))
        .distinct()
        .toList();
  }

  private static boolean startsWith(List<NodeAddress> replicas, List<NodeAddress> lost) {
    return replicas.size() >= lost.size() && replicas.subList(0, lost.size()).equals(lost);
  }

  private boolean isCovered(List<NodeAddress> replicas, List<NodeAddress> lost) {
    return replicas.stream().skip(lost.size()).anyMatch(snapshot.servers().addresses()::contains);
  }

  /** How much of the hashes has been read, from 0 to 1. */
  double progress() {
    double all = done;
    for (Part part : parts) {
      all += part.lost().isEmpty() ? part.position() : 0;
    }
    return Math.min(1, all / parted);
  }

  /** What the servers kept when they were asked last. */
  long keptBytes() {
    return keptBytes;
  }
}
