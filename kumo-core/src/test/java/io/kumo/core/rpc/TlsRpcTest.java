package io.kumo.core.rpc;

import io.kumo.core.security.link.ClusterSecurity;
import io.kumo.core.security.link.LinkRole;
import io.kumo.core.security.link.TestSecurity;
import io.kumo.core.testing.TestCertificates;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The same over links on which both ends prove themselves first, by secret and certificate. */
class TlsRpcTest extends NettyRpcTest {
  @TempDir Path directory;

  @Override
  ClusterSecurity security() throws IOException {
    return TestSecurity.both(
        LinkRole.SERVER, "sixteen bytes or more", TestCertificates.copy("node", directory));
  }

  /** About sessions alone, and long. */
  @Override
  void callsBeyondTheBoundFailAtOnce() {}
}
