package io.kumo.core.protocol.repair;

import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.ring.RangeDigest;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Result of {@link DigestRanges}: {@code [refused, next hash or nil, [sum, count, ...]]}, and the
 * view as a fourth element in a refusal. There may be fewer digests than ranges, as a server gives
 * an answer only so much time.
 *
 * @param digests of the first ranges of the question
 * @param cut whether the last of them is of the part of its range below {@code nextHash} only
 * @param nextHash where the rest of that range begins
 * @param view hash spaces of a receiver that refuses; null otherwise
 */
public record DigestList(
    List<RangeDigest> digests, boolean cut, long nextHash, @Nullable PublishedSpaces view) {
  private static final int LENGTH = 3;
  private static final int DIGEST_LENGTH = 2;

  public DigestList {
    digests = List.copyOf(digests);
  }

  public static DigestList refused(PublishedSpaces view) {
    return new DigestList(List.of(), false, 0, view);
  }

  public static DigestList read(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(in, LENGTH);
    boolean refused = MsgPack.readBool(in);
    boolean cut = !MsgPack.isNil(in);
    long nextHash = 0;
    if (cut) {
      nextHash = MsgPack.readUnsigned(in);
    } else {
      MsgPack.skip(in);
    }
    int elements = MsgPack.readArrayHeader(in);
    if (elements % DIGEST_LENGTH != 0 || elements > DIGEST_LENGTH * DigestRanges.MAX_RANGES) {
      throw new MalformedMessageException("digests of " + elements + " elements");
    }
    List<RangeDigest> digests = new ArrayList<>(elements / DIGEST_LENGTH);
    for (int i = 0; i < elements; i += DIGEST_LENGTH) {
      long sum = MsgPack.readUnsigned(in);
      digests.add(new RangeDigest(sum, MsgPack.readUnsigned(in)));
    }
    if (!refused) {
      return new DigestList(digests, cut, nextHash, null);
    }
    return refused(length > LENGTH ? PublishedSpaces.read(in) : PublishedSpaces.EMPTY);
  }

  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, view == null ? LENGTH : LENGTH + 1);
    MsgPack.writeBool(out, view != null);
    if (cut) {
      MsgPack.writeUnsigned(out, nextHash);
    } else {
      MsgPack.writeNil(out);
    }
    MsgPack.writeArrayHeader(out, DIGEST_LENGTH * digests.size());
    for (RangeDigest digest : digests) {
      MsgPack.writeUnsigned(out, digest.sum());
      MsgPack.writeUnsigned(out, digest.count());
    }
    if (view != null) {
      view.write(out);
    }
  }
}
