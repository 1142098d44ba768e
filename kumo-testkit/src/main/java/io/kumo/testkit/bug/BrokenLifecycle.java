package io.kumo.testkit.bug;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.lifecycle.LifecycleRules;

/** Rules of old records, each with one of them broken. */
final class BrokenLifecycle {
  private BrokenLifecycle() {}

  static final class TombstonesDroppedEarly extends LifecycleRules {
    @Override
    public boolean mayDropTombstones(PublishedSpaces view, NodeAddress self) {
      return view.spaces().write().isActive(self);
    }

    @Override
    public long dropsUpTo(long watermark, long nowSeconds) {
      return ClockTime.of(nowSeconds - 1, 0);
    }
  }

  static final class SavedViewTrusted extends LifecycleRules {
    @Override
    public boolean trustsSavedView() {
      return true;
    }

    @Override
    public boolean recordsMayStay(boolean alone, boolean empty) {
      return true;
    }
  }
}
