package io.kumo.core.rpc;

import io.kumo.core.net.IoKind;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class EpollRpcTest extends NettyRpcTest {
  @Override
  IoKind kind() {
    return IoKind.EPOLL;
  }
}
