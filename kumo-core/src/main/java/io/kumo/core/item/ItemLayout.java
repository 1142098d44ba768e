package io.kumo.core.item;

import io.kumo.core.protocol.write.Mutate;
import io.kumo.core.protocol.write.MutateOptions;

/**
 * How the payload of a record without a kumo item is laid out. Nothing in such a record says so: it
 * depends on the options of the kumofs 0.4.13 gateway that wrote it.
 *
 * @param writeOriginal write such records, instead of kumo items
 * @param flags they hold 2 bytes of flags (gateway option -F), behind the expiry
 * @param expiry they hold 4 bytes of expiry (gateway option -E)
 */
public record ItemLayout(boolean writeOriginal, boolean flags, boolean expiry) {
  /** Write kumo items; an original's payload is data and nothing else. */
  public static final ItemLayout KUMO = new ItemLayout(false, false, false);

  static ItemLayout of(Mutate request) {
    boolean plain =
        !request.has(MutateOptions.WRITE_ORIGINAL)
            && !request.has(MutateOptions.ORIGINAL_FLAGS)
            && !request.has(MutateOptions.ORIGINAL_EXPIRY);
    return plain
        ? KUMO
        : new ItemLayout(
            request.has(MutateOptions.WRITE_ORIGINAL),
            request.has(MutateOptions.ORIGINAL_FLAGS),
            request.has(MutateOptions.ORIGINAL_EXPIRY));
  }

  /** The bits of {@link MutateOptions} that tell a coordinator of this layout. */
  public int toOptions() {
    return (writeOriginal ? MutateOptions.WRITE_ORIGINAL : 0)
        | (flags ? MutateOptions.ORIGINAL_FLAGS : 0)
        | (expiry ? MutateOptions.ORIGINAL_EXPIRY : 0);
  }

  /** Bytes in front of the data in an original's payload. */
  int prefixBytes() {
    return (expiry ? Item.EXPIRY_BYTES : 0) + (flags ? Item.ORIGINAL_FLAGS_BYTES : 0);
  }
}
