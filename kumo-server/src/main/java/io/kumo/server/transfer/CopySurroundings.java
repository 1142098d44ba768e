package io.kumo.server.transfer;

import io.kumo.core.protocol.extended.ConfirmRecords;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.NodeAddress;
import java.util.List;
import java.util.function.Consumer;

/** What a {@link CopyRunner} needs from around it. */
public interface CopySurroundings {
  /** Tells the target by RPC that there is something to fetch; may be called repeatedly. */
  void offer(NodeAddress target);

  /** Everything is stored where it belongs: so many were sent, so many were there already. */
  void copied(long sent, long spared);

  /**
   * Whether the target is a kumofs 0.4.13 server, which takes no tombstones in a stream and cannot
   * be asked.
   */
  boolean isOriginal(NodeAddress target);

  /**
   * Finds out, by digests, where a target that has come for its stream differs from this server.
   *
   * @param ranges in which it is to have what this server has
   * @param found given where they differ: everywhere, when it cannot be found out. Called once, on
   *     the stream loop, after this returned
   */
  void compare(NodeAddress target, List<HashRange> ranges, Consumer<Differences> found);

  /**
   * Asks the target, which has come for its stream, which of these it has.
   *
   * @param answered given one byte a record, 0 for one that it has not; empty when it did not
   *     answer. Called once, on the stream loop, after this returned
   */
  void ask(
      NodeAddress target, List<ConfirmRecords.RecordVersion> records, Consumer<byte[]> answered);

  /** So many records were sent, and so many found where they belong. */
  void counted(long sent, long spared);
}
