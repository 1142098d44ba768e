package io.kumo.core.rpc;

import io.kumo.core.security.link.ClusterSecurity;
import io.kumo.core.security.link.LinkRole;
import io.kumo.core.security.link.TestSecurity;

/** The same over links on which both ends prove themselves first. */
class SecretRpcTest extends NettyRpcTest {

  @Override
  ClusterSecurity security() {
    return TestSecurity.secret(LinkRole.SERVER, "sixteen bytes or more");
  }

  /** About sessions alone, and long. */
  @Override
  void callsBeyondTheBoundFailAtOnce() {}
}
