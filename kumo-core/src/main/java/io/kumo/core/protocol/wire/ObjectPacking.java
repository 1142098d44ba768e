package io.kumo.core.protocol.wire;

import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.ByteBufOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessagePacker;
import org.msgpack.core.MessageUnpacker;

/**
 * msgpack-core on {@link ByteBuf}, held to the old specification, for messages that are rare. What
 * comes in has passed {@link FrameDecoder}, which lets no str8 or bin through.
 */
public final class ObjectPacking {
  private static final MessagePack.PackerConfig PACKER =
      new MessagePack.PackerConfig().withStr8FormatSupport(false);

  private static final MessagePack.UnpackerConfig UNPACKER =
      new MessagePack.UnpackerConfig().withAllowReadingBinaryAsString(false);

  private ObjectPacking() {}

  public interface Packing {
    void pack(MessagePacker out) throws IOException;
  }

  public interface Unpacking<T> {
    T unpack(MessageUnpacker in) throws IOException, MalformedMessageException;
  }

  public static void pack(ByteBuf out, Packing object) {
    try (MessagePacker packer = PACKER.newPacker(new ByteBufOutputStream(out))) {
      object.pack(packer);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail to be written", e);
    }
  }

  /** Consumes one object. */
  public static <T> T unpack(ByteBuf in, Unpacking<T> object) throws MalformedMessageException {
    int start = in.readerIndex();
    try (MessageUnpacker unpacker = UNPACKER.newUnpacker(new ByteBufInputStream(in))) {
      T unpacked = object.unpack(unpacker);
      in.readerIndex(start + (int) unpacker.getTotalReadBytes());
      return unpacked;
    } catch (MessagePackException | IOException e) {
      throw new MalformedMessageException(String.valueOf(e.getMessage()));
    }
  }

  public static int unpackArrayHeader(MessageUnpacker in, int least, int most)
      throws IOException, MalformedMessageException {
    int length = in.unpackArrayHeader();
    if (length < least || length > most) {
      throw new MalformedMessageException("array of " + length + " elements");
    }
    return length;
  }

  public static void packUnsigned(MessagePacker out, long value) throws IOException {
    if (value >= 0) {
      out.packLong(value);
    } else {
      out.packBigInteger(new BigInteger(Long.toUnsignedString(value)));
    }
  }

  public static long unpackUnsigned(MessageUnpacker in)
      throws IOException, MalformedMessageException {
    BigInteger value = in.unpackBigInteger();
    if (value.signum() < 0) {
      throw new MalformedMessageException("negative integer");
    }
    return value.longValue();
  }

  public static void packAddress(MessagePacker out, NodeAddress address) throws IOException {
    out.packRawStringHeader(address.length()).writePayload(address.toBytes());
  }

  public static NodeAddress unpackAddress(MessageUnpacker in)
      throws IOException, MalformedMessageException {
    int length = in.unpackRawStringHeader();
    if (!NodeAddress.isLength(length)) {
      throw new MalformedMessageException("not a node address");
    }
    return NodeAddress.fromBytes(in.readPayload(length));
  }

  /** As a raw of UTF-8. */
  public static void packText(MessagePacker out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.packRawStringHeader(bytes.length).writePayload(bytes);
  }

  public static String unpackText(MessageUnpacker in, int maxBytes)
      throws IOException, MalformedMessageException {
    int length = in.unpackRawStringHeader();
    if (length > maxBytes) {
      throw new MalformedMessageException("text of " + length + " bytes");
    }
    return new String(in.readPayload(length), StandardCharsets.UTF_8);
  }
}
