package io.kumo.tools.image;

import io.kumo.core.protocol.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Reads images, one behind the other in a stream. Every block is checked before anything of it is
 * given. Not thread-safe.
 */
public final class ImageReader implements AutoCloseable {
  private static final int MAX_CONTENT = Limits.MAX_FRAME_BYTES + ImageBlock.CONTENT_BYTES;
  private static final int MIN_KEY_BYTES = 8;
  private static final int MIN_VALUE_BYTES = 8;
  private static final int END_BYTES = 16;

  private final InputStream in;
  private final String name;
  private final Inflater inflater = new Inflater();
  private long place;
  private long block;
  private long records;
  private long recordBytes;
  private ImageHeader header = new ImageHeader(0, 0, 0, 0, 0, 0, 0);

  /** Takes what an image has. */
  @FunctionalInterface
  public interface RecordVisitor {
    /** Both are borrowed for the length of the call. */
    void visit(ByteBuf rawKey, ByteBuf rawValue) throws IOException;
  }

  /**
   * @param in buffered, and closed by the caller
   * @param name for messages
   */
  public ImageReader(InputStream in, String name) {
    this.in = in;
    this.name = name;
  }

  /** The header of the next image; null when there is none. */
  public @Nullable ImageHeader next() throws IOException {
    ImageHeader found = ImageHeader.read(in, name);
    if (found != null) {
      header = found;
      place += ImageHeader.BYTES;
      block = 0;
      records = 0;
      recordBytes = 0;
    }
    return found;
  }

  /**
   * Gives all records of the image whose header was read.
   *
   * @throws DamagedImageException when a block is not what was written, or the end is missing
   */
  public void read(RecordVisitor visitor) throws IOException {
    while (true) {
      ByteBuffer head = head();
      byte[] follows = content(head);
      int kind = head.getInt(24) >>> 24;
      byte[] content = inflate(follows, head.getInt(28));
      if (kind == ImageBlock.END) {
        end(content);
        return;
      }
      show(content, visitor);
      block++;
    }
  }

  private ByteBuffer head() throws IOException {
    byte[] head = new byte[ImageBlock.HEAD_BYTES];
    int length = in.readNBytes(head, 0, head.length);
    ByteBuffer bytes = ByteBuffer.wrap(head);
    if (length < head.length) {
      throw damaged("the image ends in the middle");
    }
    if (bytes.getInt(0) != ImageBlock.MAGIC) {
      throw damaged("no block begins there");
    }
    if (bytes.getLong(8) != header.id() || bytes.getLong(16) != block) {
      throw damaged("the block is of another place, or of another image");
    }
    return bytes;
  }

  private byte[] content(ByteBuffer head) throws IOException {
    int inflated = head.getInt(28);
    int length = head.getInt(32);
    if (inflated < 0 || inflated > MAX_CONTENT || length < 0 || length > MAX_CONTENT) {
      throw damaged("its length is none");
    }
    byte[] content = in.readNBytes(length);
    if (content.length < length) {
      throw damaged("the image ends in the middle");
    }
    if (head.getInt(4) != ImageBlock.checksum(head, content, length)) {
      throw damaged("its checksum does not match");
    }
    place += ImageBlock.HEAD_BYTES + length;
    return content;
  }

  private byte[] inflate(byte[] deflated, int length) throws DamagedImageException {
    byte[] content = new byte[length];
    try {
      inflater.reset();
      inflater.setInput(deflated);
      if (inflater.inflate(content) != length) {
        throw damaged("it is shorter than it says");
      }
    } catch (DataFormatException e) {
      throw damaged("it cannot be inflated: " + e.getMessage());
    }
    return content;
  }

  private void show(byte[] content, RecordVisitor visitor) throws IOException {
    ByteBuf rest = Unpooled.wrappedBuffer(content);
    while (rest.isReadable()) {
      if (rest.readableBytes() < ImageBlock.LENGTHS_BYTES) {
        throw damaged("a record is cut off");
      }
      int keyBytes = rest.readInt();
      int valueBytes = rest.readInt();
      boolean possible = keyBytes > MIN_KEY_BYTES && valueBytes >= MIN_VALUE_BYTES;
      if (!possible || (long) keyBytes + valueBytes > rest.readableBytes()) {
        throw damaged("a record has a length that none has");
      }
      records++;
      recordBytes += keyBytes + valueBytes;
      visitor.visit(rest.readSlice(keyBytes), rest.readSlice(valueBytes));
    }
  }

  private void end(byte[] content) throws DamagedImageException {
    ByteBuffer counted = ByteBuffer.wrap(content);
    if (content.length != END_BYTES
        || counted.getLong() != records
        || counted.getLong() != recordBytes) {
      throw damaged("other records were written than there are");
    }
  }

  private DamagedImageException damaged(String why) {
    return new DamagedImageException(
        "%s: block %d, at byte %d, is damaged: %s".formatted(name, block, place, why));
  }

  /** Records of the present image so far. */
  public long records() {
    return records;
  }

  /** Lets go of memory; the stream stays open. */
  @Override
  public void close() {
    inflater.end();
  }
}
