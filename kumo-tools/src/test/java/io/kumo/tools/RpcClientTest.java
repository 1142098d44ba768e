package io.kumo.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.core.cli.CliException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Where a tool connects that runs longer than a name leads to one address. */
class RpcClientTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What a name led to when the tool was started. */
  private static InetSocketAddress formerly(String name, int port) throws Exception {
    return new InetSocketAddress(InetAddress.getByAddress(name, new byte[] {127, 77, 0, 9}), port);
  }

  @Test
  void aNameIsLookedUpAtEachConnect() throws Exception {
    try (ServerSocket moved = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        RpcClient client =
            RpcClient.connect(formerly("localhost", moved.getLocalPort()), PATIENCE);
        Socket accepted = moved.accept()) {
      assertThat(client).isNotNull();
      assertThat(accepted.isConnected()).isTrue();
    }
  }

  @Test
  void aNameThatLeadsNowhereAnyMoreIsTold() throws Exception {
    InetSocketAddress gone = formerly("gone.invalid", 1);
    assertThatThrownBy(() -> RpcClient.connect(gone, PATIENCE))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("cannot resolve host 'gone.invalid'");
  }
}
