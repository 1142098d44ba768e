package io.kumo.core.security.link;

import io.kumo.core.view.ClusterId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What each end says first. {@link #BYTES} bytes, numbers big endian: {@code KUMO}, version u8,
 * {@code H} of who connects or {@code C} of who answers, role u8, flags u8 (1: it has a secret),
 * nonce 32 bytes, cluster id u64, id of the cluster that this one was made of u64.
 *
 * @param role null when it is none that is known here
 * @param bytes as they travel, for the proofs
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Greeting(
    int version, @Nullable LinkRole role, boolean hasSecret, ClusterId cluster, byte[] bytes) {
  static final int BYTES = 56;
  static final int NONCE_BYTES = 32;
  static final int VERSION = 1;

  /** No message of MessagePack that a process sends begins with it, nor does TLS or HTTP. */
  static final int FIRST_BYTE = 'K';

  static final int HELLO = 'H';
  static final int CHALLENGE = 'C';

  private static final int MAGIC = 0x4b554d4f;
  private static final int MAGIC_BYTES = 4;
  private static final int HAS_SECRET = 1;

  /** Of this end, with a nonce that was never used before. */
  static Greeting of(int kind, LinkParty self, boolean hasSecret, ByteBuf scratch) {
    ClusterId cluster = self.cluster();
    scratch.writeInt(MAGIC).writeByte(VERSION).writeByte(kind);
    scratch.writeByte(self.role().id()).writeByte(hasSecret ? HAS_SECRET : 0);
    scratch.writeBytes(self.nonce(NONCE_BYTES));
    scratch.writeLong(cluster.id()).writeLong(cluster.parent());
    return new Greeting(VERSION, self.role(), hasSecret, cluster, ByteBufUtil.getBytes(scratch));
  }

  /** Whether what has come so far may become one. */
  static boolean isPossible(ByteBuf in) {
    int known = Math.min(MAGIC_BYTES, in.readableBytes());
    for (int i = 0; i < known; i++) {
      if (in.getUnsignedByte(in.readerIndex() + i) != ((MAGIC >>> (24 - 8 * i)) & 0xff)) {
        return false;
      }
    }
    return true;
  }

  /** Consumes one of this kind; null when it is something else. */
  static @Nullable Greeting read(int kind, ByteBuf in) {
    byte[] bytes = ByteBufUtil.getBytes(in, in.readerIndex(), BYTES);
    boolean magic = in.readInt() == MAGIC;
    int version = in.readUnsignedByte();
    boolean rightKind = in.readUnsignedByte() == kind;
    LinkRole role = LinkRole.byId(in.readUnsignedByte());
    boolean hasSecret = (in.readUnsignedByte() & HAS_SECRET) != 0;
    in.skipBytes(NONCE_BYTES);
    ClusterId cluster = new ClusterId(in.readLong(), in.readLong());
    return magic && rightKind ? new Greeting(version, role, hasSecret, cluster, bytes) : null;
  }

  /** Whether the two may be of one cluster, as far as they know theirs. */
  boolean mayBeOf(ClusterId other) {
    return cluster.id() == 0
        || other.id() == 0
        || cluster.id() == other.id()
        || cluster.parent() == other.id()
        || other.parent() == cluster.id();
  }

  LinkRole requireRole() {
    return Objects.requireNonNull(role, "a role that is not known");
  }
}
