package io.kumo.gateway.client;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One client's channel, from its opening to its end. Confined to its event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // a failure closes the channel, which is heard
final class ClientLink {
  private record Wire(Channel channel, ReadGate gate, ReplyWriter replies) {}

  private @Nullable Wire wire;
  private ConnectionState state = ConnectionState.OPEN;

  void opened(Channel channel, ReadGate gate, ReplyWriter replies) {
    wire = new Wire(channel, gate, replies);
  }

  /** Whether the channel is not there yet. */
  boolean isNew() {
    return wire == null;
  }

  boolean isOpen() {
    return state == ConnectionState.OPEN;
  }

  boolean isClosing() {
    return state == ConnectionState.CLOSING;
  }

  boolean isClosed() {
    return state == ConnectionState.CLOSED;
  }

  Channel channel() {
    return wire().channel();
  }

  ReadGate gate() {
    return wire().gate();
  }

  ReplyWriter replies() {
    return wire().replies();
  }

  private Wire wire() {
    return Objects.requireNonNull(wire, "the connection is not open yet");
  }

  /** What comes from now on is thrown away; what is gone stays so. */
  void beginClosing() {
    if (state == ConnectionState.OPEN) {
      state = ConnectionState.CLOSING;
    }
  }

  /** Closes when what was written has left. */
  void closeWhenFlushed() {
    beginClosing();
    channel().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  /** Closes now. */
  void close() {
    channel().close();
  }

  /** The channel is gone. */
  void closed() {
    state = ConnectionState.CLOSED;
  }

  /** How the client is connected, as memcached names it. */
  String kind() {
    return channel().localAddress() instanceof InetSocketAddress ? "tcp" : "unix";
  }

  String remote() {
    return shown(channel().remoteAddress());
  }

  /** A client of the file system has no address. */
  private static String shown(SocketAddress address) {
    String text = String.valueOf(address);
    return address instanceof InetSocketAddress ? text.replaceFirst("^.*/", "") : text;
  }

  /** The address alone; empty when the client has none, as one of a socket in the file system. */
  String remoteHost() {
    return channel().remoteAddress() instanceof InetSocketAddress remote
        ? remote.getAddress().getHostAddress()
        : "";
  }

  String local() {
    String file = channel().attr(ClientConnection.FILE).get();
    return file == null ? shown(channel().localAddress()) : file;
  }
}
