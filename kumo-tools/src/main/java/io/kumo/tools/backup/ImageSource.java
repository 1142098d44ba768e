package io.kumo.tools.backup;

import io.kumo.core.item.Item;
import io.kumo.core.item.ItemLayout;
import io.kumo.core.item.RawKey;
import io.kumo.tools.image.ImageHeader;
import io.kumo.tools.image.ImageReader;
import io.kumo.tools.importing.source.ImportRecord;
import io.kumo.tools.importing.source.RecordSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The records of images, as they are loaded into a cluster. */
final class ImageSource implements RecordSource {
  private final String name;
  private final CountedStream in;
  private final long fileBytes;
  private final RestoreVersions versions;
  private final Throttle throttle;
  private final ImageReader reader;
  private long images;

  /**
   * @param in buffered; closed with this
   * @param fileBytes 0 when not known
   * @param versions under which records are stored
   */
  ImageSource(
      String name, InputStream in, long fileBytes, RestoreVersions versions, Throttle throttle) {
    this.name = name;
    this.in = new CountedStream(in);
    this.fileBytes = fileBytes;
    this.versions = versions;
    this.throttle = throttle;
    this.reader = new ImageReader(this.in, name);
  }

  /** Counts what was read. */
  private static final class CountedStream extends FilterInputStream {
    private long count;

    CountedStream(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      count += one < 0 ? 0 : 1;
      return one;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int some = super.read(bytes, from, length);
      count += Math.max(0, some);
      return some;
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String identity() {
    return name;
  }

  @Override
  public boolean isRepeatable() {
    return false;
  }

  @Override
  public void read(RecordSink sink) throws IOException {
    for (ImageHeader header = reader.next(); header != null; header = reader.next()) {
      versions.begin(header, name);
      images++;
      reader.read((rawKey, rawValue) -> give(rawKey, rawValue, sink));
    }
  }

  private void give(ByteBuf rawKey, ByteBuf rawValue, RecordSink sink) throws IOException {
    throttle.pause(rawKey.readableBytes() + rawValue.readableBytes());
    if (versions.isFlushed(Item.clockTime(rawValue))) {
      return;
    }
    byte[] key = ByteBufUtil.getBytes(RawKey.userKey(rawKey));
    long version = versions.of(rawValue);
    if (!Item.hasPayload(rawValue)) {
      sink.record(ImportRecord.remove(key, version));
      return;
    }
    byte[] data = ByteBufUtil.getBytes(Item.data(rawValue, ItemLayout.KUMO));
    int flags = Item.flags(rawValue);
    sink.record(ImportRecord.store(key, data, flags, Item.expiry(rawValue), version));
  }

  /** Images that were read. */
  long images() {
    return images;
  }

  @Override
  public long total() {
    return fileBytes;
  }

  @Override
  public long done() {
    return in.count;
  }

  @Override
  public void close() throws IOException {
    reader.close();
    in.close();
  }
}
