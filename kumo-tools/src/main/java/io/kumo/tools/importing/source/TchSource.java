package io.kumo.tools.importing.source;

import io.kumo.core.item.Item;
import io.kumo.core.item.ItemLayout;
import io.kumo.core.item.RawKey;
import io.kumo.core.tokyo.Damage;
import io.kumo.core.tokyo.OriginalStore;
import io.kumo.core.tokyo.RecordKind;
import io.kumo.core.tokyo.TchContents;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** The database of a kumofs server, or a backup of one. */
final class TchSource extends FileSource {
  private final OriginalStore store;
  private final boolean salvage;
  private final ItemLayout layout;
  private long done;
  private String note = "";

  private TchSource(Path path, OriginalStore store, boolean salvage, ItemLayout layout)
      throws IOException {
    super(path);
    this.store = store;
    this.salvage = salvage;
    this.layout = layout;
  }

  /**
   * @param layout of the payloads that original gateways wrote
   */
  static TchSource open(Path path, boolean salvage, ItemLayout layout) throws IOException {
    return new TchSource(path, OriginalStore.open(path, salvage), salvage, layout);
  }

  /** A file that is to be sound is read twice: its last byte may show that the first is wrong. */
  @Override
  public void read(RecordSink sink) throws IOException {
    if (!salvage) {
      store.read((kind, key, value) -> {});
    }
    TchContents contents = store.read((kind, key, value) -> give(sink, kind, key, value));
    note = salvage ? Damage.describe(store.file().problem(), contents, store.foreign()) : "";
  }

  private void give(RecordSink sink, RecordKind kind, byte[] rawKey, byte[] value)
      throws IOException {
    byte[] key = Arrays.copyOfRange(rawKey, RawKey.HASH_BYTES, rawKey.length);
    switch (kind) {
      case VALUE -> sink.record(value(key, value));
      case TOMBSTONE -> sink.record(ImportRecord.remove(key, RecordKind.clockTime(value)));
      case SHORT -> sink.refuse("values too short to be any");
      case FOREIGN -> throw new IllegalStateException("a record that is not a server's");
    }
    done++;
  }

  private ImportRecord value(byte[] key, byte[] value) {
    ByteBuf raw = Unpooled.wrappedBuffer(value);
    byte[] data = Arrays.copyOfRange(value, Item.dataOffset(raw, layout), value.length);
    return ImportRecord.store(
        key, data, Item.flags(raw, layout), Item.expiry(raw, layout), Item.version(raw));
  }

  @Override
  public long total() {
    return store.expectedRecords();
  }

  @Override
  public long done() {
    return done;
  }

  @Override
  public String note() {
    return note;
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}
