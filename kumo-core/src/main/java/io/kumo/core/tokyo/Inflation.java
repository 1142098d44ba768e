package io.kumo.core.tokyo;

import io.kumo.core.protocol.Limits;
import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks values of files with the option deflate: bare deflate streams, without a checksum, behind
 * each of which Tokyo Cabinet counts one more byte, a zero.
 */
final class Inflation {
  private static final int PART_BYTES = 1 << 14;

  private final Inflater inflater = new Inflater(true);
  private final byte[] part = new byte[PART_BYTES];

  /**
   * Returns the value.
   *
   * @throws TchException if these bytes are not exactly one stream, or unpack to more than a value
   *     may have
   */
  byte[] unpack(byte[] packed, long offset) throws TchException {
    inflater.reset();
    inflater.setInput(packed);
    ByteArrayOutputStream out = new ByteArrayOutputStream(packed.length * 2);
    try {
      while (!inflater.finished()) {
        int length = inflater.inflate(part);
        if (length == 0 && !inflater.finished()) {
          throw TchException.at(offset, "a compressed value is cut short");
        }
        out.write(part, 0, length);
        if (out.size() > Limits.MAX_VALUE_BYTES) {
          throw TchException.at(offset, "a compressed value is larger than any that kumo stores");
        }
      }
    } catch (DataFormatException e) {
      throw TchException.at(offset, "a compressed value is damaged (" + e.getMessage() + ")");
    }
    int rest = inflater.getRemaining();
    if (rest > 1 || (rest == 1 && packed[packed.length - 1] != 0)) {
      throw TchException.at(offset, "a compressed value is followed by something else");
    }
    return out.toByteArray();
  }

  void end() {
    inflater.end();
  }
}
