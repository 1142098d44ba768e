package io.kumo.core.tokyo;

import io.kumo.core.item.Item;
import io.kumo.core.item.RawKey;
import io.kumo.core.ring.KeyHash;
import java.nio.ByteBuffer;

/** What a key and a value of a Tokyo Cabinet file are to a server. */
public enum RecordKind {
  /** Something that a client stored. */
  VALUE,
  /** The mark of a key that was deleted. */
  TOMBSTONE,
  /** A value too short to be either, which a server takes for none. */
  SHORT,
  /** The key has no hash in front, or not its own; or the value has marks that nobody sets. */
  FOREIGN;

  private static final int META_OFFSET = 8;
  private static final int KNOWN_MARKS =
      Item.ITEM | Item.STALE | Item.WIN_GIVEN | Item.OWN_CAS | Item.KEY_BASE64 | Item.IMPORTED;

  public static RecordKind of(byte[] key, byte[] value) {
    if (key.length < RawKey.HASH_BYTES || hash(key) != hashOfUserKey(key)) {
      return FOREIGN;
    }
    if (value.length == Item.TOMBSTONE_BYTES) {
      return TOMBSTONE;
    }
    if (value.length < Item.PAYLOAD_OFFSET) {
      return SHORT;
    }
    int meta = Short.toUnsignedInt(ByteBuffer.wrap(value).getShort(META_OFFSET));
    return (meta & ~KNOWN_MARKS) == 0 ? VALUE : FOREIGN;
  }

  /** The hash in front of a key. */
  public static long hash(byte[] key) {
    return ByteBuffer.wrap(key).getLong();
  }

  /** Of a value that is not {@link #SHORT}. */
  public static long clockTime(byte[] value) {
    return ByteBuffer.wrap(value).getLong();
  }

  private static long hashOfUserKey(byte[] key) {
    return KeyHash.of(key, RawKey.HASH_BYTES, key.length - RawKey.HASH_BYTES);
  }
}
