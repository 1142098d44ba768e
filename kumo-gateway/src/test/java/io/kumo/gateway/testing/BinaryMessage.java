package io.kumo.gateway.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A request or a response of the binary protocol.
 *
 * @param status 0 in requests
 */
public record BinaryMessage(
    int opcode, int status, int opaque, long cas, String extras, String key, String value) {
  private static final int HEADER_BYTES = 24;

  public static BinaryMessage request(int opcode, String key, String extras, String value) {
    return new BinaryMessage(opcode, 0, 0xABCD, 0, extras, key, value);
  }

  public BinaryMessage withCas(long newCas) {
    return new BinaryMessage(opcode, status, opaque, newCas, extras, key, value);
  }

  public BinaryMessage withOpaque(int newOpaque) {
    return new BinaryMessage(opcode, status, newOpaque, cas, extras, key, value);
  }

  /** Extras of a store. */
  public static String store(int flags, int expiry) {
    return number(flags) + number(expiry);
  }

  /** Extras of a counter. */
  public static String counter(long delta, long initial, int expiry) {
    return longNumber(delta) + longNumber(initial) + number(expiry);
  }

  public static String number(int number) {
    byte[] bytes = new byte[4];
    ByteBuffer.wrap(bytes).putInt(number);
    return new String(bytes, ISO_8859_1);
  }

  private static String longNumber(long number) {
    return number((int) (number >>> 32)) + number((int) number);
  }

  /** The bytes of a request. */
  public byte[] encoded() {
    int body = extras.length() + key.length() + value.length();
    return ByteBuffer.allocate(HEADER_BYTES + body)
        .put((byte) 0x80)
        .put((byte) opcode)
        .putShort((short) key.length())
        .put((byte) extras.length())
        .put((byte) 0)
        .putShort((short) 0)
        .putInt(body)
        .putInt(opaque)
        .putLong(cas)
        .put(extras.getBytes(ISO_8859_1))
        .put(key.getBytes(ISO_8859_1))
        .put(value.getBytes(ISO_8859_1))
        .array();
  }

  /** Reads one response. */
  public static BinaryMessage read(RawClient client) throws IOException {
    byte[] bytes = client.receiveBytes(HEADER_BYTES);
    if (bytes.length < HEADER_BYTES) {
      throw new IOException("the connection ended after " + bytes.length + " bytes");
    }
    ByteBuffer header = ByteBuffer.wrap(bytes);
    if (header.get(0) != (byte) 0x81) {
      throw new IOException("no response: " + new String(bytes, ISO_8859_1));
    }
    int key = header.getShort(2);
    int extras = header.get(4);
    String body = client.receive(header.getInt(8));
    return new BinaryMessage(
        header.get(1) & 0xFF,
        header.getShort(6) & 0xFFFF,
        header.getInt(12),
        header.getLong(16),
        body.substring(0, extras),
        body.substring(extras, extras + key),
        body.substring(extras + key));
  }
}
