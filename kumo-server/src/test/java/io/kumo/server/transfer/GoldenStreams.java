package io.kumo.server.transfer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** Offer streams recorded from kumofs 0.4.13. */
public final class GoldenStreams {
  /** One connection: what the receiver sent, what the sender sent, and that inflated, in hex. */
  public record Recorded(String name, String receiverHex, String senderHex, String inflatedHex) {
    byte[] receiverSent() {
      return HexFormat.of().parseHex(receiverHex);
    }

    byte[] senderSent() {
      return HexFormat.of().parseHex(senderHex);
    }

    byte[] inflated() {
      return HexFormat.of().parseHex(inflatedHex);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** One record. */
  public record Pair(String key, String value) {
    public static Pair of(ByteBuf rawKey, ByteBuf rawValue) {
      return new Pair(ByteBufUtil.hexDump(rawKey), ByteBufUtil.hexDump(rawValue));
    }

    public ByteBuf rawKey() {
      return Unpooled.wrappedBuffer(HexFormat.of().parseHex(key));
    }

    public ByteBuf rawValue() {
      return Unpooled.wrappedBuffer(HexFormat.of().parseHex(value));
    }
  }

  private GoldenStreams() {}

  public static List<Recorded> all() throws IOException {
    List<Recorded> found = new ArrayList<>();
    try (InputStream in = GoldenStreams.class.getResourceAsStream("/golden/streams/streams.txt");
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(Objects.requireNonNull(in), StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          found.add(parse(line.split(" ", -1)));
        }
      }
    }
    return found;
  }

  private static Recorded parse(String[] fields) {
    return new Recorded(fields[0], fields[1], fields[2], fields[3]);
  }
}
