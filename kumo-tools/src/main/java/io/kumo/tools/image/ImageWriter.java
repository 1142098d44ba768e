package io.kumo.tools.image;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/** Writes an image, a block at a time. Not thread-safe. */
public final class ImageWriter implements AutoCloseable {
  private static final int SLACK_BYTES = 1 << 10;

  private final OutputStream out;
  private final ImageHeader header;
  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED);
  private final ByteBuf content = Unpooled.buffer(ImageBlock.CONTENT_BYTES + (1 << 16));
  private byte[] deflated = new byte[ImageBlock.CONTENT_BYTES];
  private long blocks;
  private long records;
  private long recordBytes;
  private long writtenBytes;

  /**
   * Begins with the header.
   *
   * @param out borrowed
   */
  public ImageWriter(OutputStream out, ImageHeader header) throws IOException {
    this.out = out;
    this.header = header;
    header.write(out);
  }

  /** Borrows a raw key and a raw value. */
  public void record(ByteBuf rawKey, ByteBuf rawValue) throws IOException {
    content.writeInt(rawKey.readableBytes()).writeInt(rawValue.readableBytes());
    content.writeBytes(rawKey, rawKey.readerIndex(), rawKey.readableBytes());
    content.writeBytes(rawValue, rawValue.readerIndex(), rawValue.readableBytes());
    records++;
    recordBytes += rawKey.readableBytes() + rawValue.readableBytes();
    if (content.readableBytes() >= ImageBlock.CONTENT_BYTES) {
      block(ImageBlock.RECORDS);
    }
  }

  /** Without it, the image counts as damaged. */
  public void finish() throws IOException {
    if (content.isReadable()) {
      block(ImageBlock.RECORDS);
    }
    content.writeLong(records).writeLong(recordBytes);
    block(ImageBlock.END);
    out.flush();
  }

  private void block(int kind) throws IOException {
    int length = content.readableBytes();
    deflater.reset();
    deflater.setInput(content.array(), content.arrayOffset() + content.readerIndex(), length);
    deflater.finish();
    if (deflated.length < length + length / SLACK_BYTES + SLACK_BYTES) {
      deflated = new byte[length + length / SLACK_BYTES + SLACK_BYTES];
    }
    int follows = deflater.deflate(deflated);
    if (!deflater.finished()) {
      throw new IllegalStateException("deflate needs more room than it may");
    }
    ByteBuffer head = ImageBlock.head(header.id(), blocks++, kind, length, follows);
    head.putInt(Integer.BYTES, ImageBlock.checksum(head, deflated, follows));
    out.write(head.array(), head.arrayOffset(), ImageBlock.HEAD_BYTES);
    out.write(deflated, 0, follows);
    writtenBytes += ImageBlock.HEAD_BYTES + follows;
    content.clear();
    if (content.capacity() > 2 * ImageBlock.CONTENT_BYTES) {
      content.capacity(ImageBlock.CONTENT_BYTES);
      deflated = new byte[ImageBlock.CONTENT_BYTES];
    }
  }

  public long records() {
    return records;
  }

  /** Of raw keys and raw values. */
  public long recordBytes() {
    return recordBytes;
  }

  /** Of blocks that were written. */
  public long writtenBytes() {
    return writtenBytes;
  }

  /** Lets go of memory; the stream stays open. */
  @Override
  public void close() {
    deflater.end();
  }
}
