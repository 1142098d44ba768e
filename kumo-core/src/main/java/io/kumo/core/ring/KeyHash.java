package io.kumo.core.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The hash that places keys and nodes on the ring: the first 8 bytes of SHA-1 read as a
 * little-endian, unsigned 64-bit number, as kumofs 0.4.13 does. Thread-safe; allocates nothing.
 */
public final class KeyHash {
  private static final VarHandle LITTLE_ENDIAN_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final ThreadLocal<Sha1> SHA1 = ThreadLocal.withInitial(Sha1::new);

  private KeyHash() {}

  public static long of(byte[] bytes) {
    return of(bytes, 0, bytes.length);
  }

  public static long of(byte[] bytes, int offset, int length) {
    return SHA1.get().hash(bytes, offset, length);
  }

  private static final class Sha1 {
    private static final int DIGEST_BYTES = 20;

    private final MessageDigest digest;
    private final byte[] output = new byte[DIGEST_BYTES];

    Sha1() {
      try {
        digest = MessageDigest.getInstance("SHA-1");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-1", e);
      }
    }

    long hash(byte[] bytes, int offset, int length) {
      try {
        digest.update(bytes, offset, length);
        digest.digest(output, 0, DIGEST_BYTES);
        return (long) LITTLE_ENDIAN_LONG.get(output, 0);
      } catch (DigestException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
