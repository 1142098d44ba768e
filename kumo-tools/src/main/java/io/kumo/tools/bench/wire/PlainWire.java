package io.kumo.tools.bench.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;

/** Bytes as they are on the network. */
public record PlainWire(SocketChannel channel) implements Wire {
  @Override
  public ByteBuffer read(ByteBuffer into) throws IOException {
    if (channel.read(into) < 0) {
      throw new ClosedChannelException();
    }
    return into;
  }

  @Override
  public boolean write(ByteBuffer from) throws IOException {
    channel.write(from);
    return !from.hasRemaining();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
