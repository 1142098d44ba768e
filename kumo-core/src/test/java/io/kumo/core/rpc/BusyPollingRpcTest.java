package io.kumo.core.rpc;

import io.kumo.core.net.EventLoops;

/** Loops that look for ready sockets before they block do all that others do. */
class BusyPollingRpcTest extends EpollRpcTest {
  @Override
  EventLoops loops() {
    return EventLoops.busyPolling("test", 1, kind());
  }
}
