package io.kumo.server.repair;

import io.kumo.core.protocol.Fence;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.extended.ListRecords;
import io.kumo.core.protocol.extended.RecordList;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.replica.ListReply;
import io.kumo.server.store.StoreException;
import io.kumo.server.write.round.WriteContext;
import org.jspecify.annotations.Nullable;

/**
 * Compares the records of one range that this server coordinates with those of another server, key
 * by key, a page at a time. Main loop only.
 *
 * <p>Bounds: one page of either; what only the longer one covers is asked for again.
 */
final class RangeListing {
  /** Hears what {@link #next} found; one method is called for each call of that, on the loop. */
  interface Listener {
    /** How the next pages differ. */
    void compared(PageComparison page);

    /** The other server has installed other hash spaces; the next call asks again. */
    void refused(PublishedSpaces theirs);

    /** The other server cannot be asked. */
    void unsupported();

    /** No answer, or the store cannot be read; the next call asks again. */
    void failed(String reason);
  }

  private final WriteContext context;
  private final NodeAddress other;
  private final HashSpace write;
  private HashRange rest;
  private @Nullable Listener listener;

  /**
   * @param write hash space by which this server asks
   */
  RangeListing(WriteContext context, NodeAddress other, HashSpace write, HashRange range) {
    this.context = context;
    this.other = other;
    this.write = write;
    this.rest = range;
  }

  /** Asks for the next page. */
  void next(Listener hearer) {
    listener = hearer;
    Fence fence = new Fence(write.clockTime(), context.spaces().self());
    context
        .replicas()
        .list(
            other,
            new ListRecords(rest.from(), rest.to(), fence),
            context.limits().callTimeoutNs(),
            new AskedPage());
  }

  /** Nothing is told any more. */
  void cancel() {
    listener = null;
  }

  private void compare(Listener told, RecordList theirs) {
    boolean goesOn = theirs.done() || Long.compareUnsigned(theirs.nextHash(), rest.from()) > 0;
    if (!goesOn) {
      told.failed("an answer to another question");
      return;
    }
    PageComparison page;
    try {
      RecordList ours = RecordLister.of(context).page(write, context.spaces().self(), rest);
      page = PageComparison.of(write, other, ours, theirs);
    } catch (StoreException e) {
      told.failed(String.valueOf(e.getMessage()));
      return;
    }
    if (!page.done()) {
      rest = new HashRange(page.nextHash(), rest.to());
    }
    told.compared(page);
  }

  /** The answer to one question. */
  private final class AskedPage implements ListReply {
    private @Nullable Listener end() {
      Listener told = listener;
      listener = null;
      return told;
    }

    @Override
    public void listed(RecordList list) {
      Listener told = end();
      PublishedSpaces theirs = list.view();
      if (told != null && theirs != null) {
        told.refused(theirs);
      } else if (told != null) {
        compare(told, list);
      }
    }

    @Override
    public void unsupported() {
      Listener told = end();
      if (told != null) {
        told.unsupported();
      }
    }

    @Override
    public void failed(String reason) {
      Listener told = end();
      if (told != null) {
        told.failed(reason);
      }
    }
  }
}
