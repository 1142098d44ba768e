package io.kumo.core.rpc;

import io.kumo.core.net.EventLoops;

/** Loops that look for ready sockets before they block do all that others do. */
class LingeringRpcTest extends EpollRpcTest {
  @Override
  EventLoops loops() {
    return EventLoops.lingering("test", 1, kind());
  }
}
