package io.kumo.core.rpc;

import static org.awaitility.Awaitility.await;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.net.EventLoops;
import io.kumo.core.net.IoKind;
import io.kumo.core.net.NettyTransport;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.security.link.ClusterSecurity;
import io.kumo.core.security.link.LinkRole;
import io.kumo.core.transport.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;

public class NettyRpcTest extends RpcContract {
  private final List<EventLoops> started = new ArrayList<>();

  IoKind kind() {
    return IoKind.NIO;
  }

  /** How its links are protected; by default not at all. */
  ClusterSecurity security() throws IOException {
    return ClusterSecurity.open(LinkRole.SERVER);
  }

  EventLoops loops() {
    return new EventLoops("test", 1, kind());
  }

  @AfterEach
  void stopAll() {
    started.forEach(EventLoops::close);
  }

  /** Stopping the loops ends the process's connections and listeners, as its death would. */
  @Override
  public TestProcess start(NodeAddress name) throws IOException {
    EventLoops loops = loops();
    started.add(loops);
    Transport transport = new NettyTransport(loops, TimeSource.system()).secured(security());
    return new TestProcess() {
      @Override
      public Transport transport() {
        return transport;
      }

      @Override
      public void kill() {
        loops.close();
      }
    };
  }

  @Override
  public NodeAddress freeAddress() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return NodeAddress.of(new byte[] {127, 0, 0, 1}, socket.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void until(BooleanSupplier condition) {
    await().atMost(Duration.ofSeconds(30)).until(condition::getAsBoolean);
  }

  @Override
  public void settle() {
    await().pollDelay(Duration.ofMillis(100)).until(() -> true);
  }

  @Override
  public boolean closesOn(NodeAddress address, byte[] bytes) {
    try (Socket socket = new Socket(address.host(), address.port())) {
      socket.getOutputStream().write(bytes);
      return socket.getInputStream().read() < 0;
    } catch (IOException e) {
      return true;
    }
  }
}
