package io.kumo.it.jmh;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kumo.core.clock.TimeSource;
import io.kumo.gateway.auth.Login;
import io.kumo.gateway.listener.ProtocolDecoders;
import io.kumo.gateway.memcached.CommandPool;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McSettings;
import io.kumo.gateway.memcached.RequestDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** From a request's bytes to a command and back into the pool. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MemcachedDecodeBenchmark {
  private static final String KEY = "bench-key-of-thirty-two-bytes-%02d";

  @Param({"get", "mget32", "set", "mg", "binaryGet"})
  private String request = "get";

  private ByteBuf in = PooledByteBufAllocator.DEFAULT.directBuffer(4096);
  private RequestDecoder decoder = decoder((byte) 'g');

  private static RequestDecoder decoder(byte first) {
    CommandPool pool = new CommandPool(new byte[0]);
    return new ProtocolDecoders(pool, McSettings.DEFAULT, TimeSource.system())
        .anyProtocol()
        .forFirstByte(first, Login.OPEN);
  }

  @Setup
  public void fill() {
    String key = KEY.formatted(1);
    in.clear();
    switch (request) {
      case "get" -> text("get " + key + "\r\n");
      case "set" -> text("set " + key + " 0 0 100\r\n" + "v".repeat(100) + "\r\n");
      case "mg" -> text("mg " + key + " v f c\r\n");
      case "binaryGet" -> {
        in.writeByte(0x80).writeByte(0).writeShort(key.length()).writeInt(0);
        in.writeInt(key.length()).writeInt(7).writeLong(0);
        text(key);
      }
      default -> {
        text("get");
        for (int i = 0; i < 32; i++) {
          text(" " + KEY.formatted(i));
        }
        text("\r\n");
      }
    }
    decoder = decoder(in.getByte(0));
  }

  private void text(String text) {
    in.writeBytes(text.getBytes(US_ASCII));
  }

  @Benchmark
  public long decode() {
    McCommand command = Objects.requireNonNull(decoder.decode(in.readerIndex(0)));
    long hash = command.request().keys().hash(0);
    command.recycle();
    return hash;
  }
}
