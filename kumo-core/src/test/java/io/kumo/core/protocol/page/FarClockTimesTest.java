package io.kumo.core.protocol.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Iterator;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Every ClockTime of every extended message is put into the year 2106, one at a time: what the
 * message then does not tell in {@link Message#latestClockTime} is nothing that anybody goes by.
 */
class FarClockTimesTest {
  private static final long FAR = ClockTime.of(0xffff_fff0L, 1);
  private static final String FENCE = " ClockTime of the sender's write hash space";
  private static final String OF_REQUEST = " ClockTime that it gave";

  /** Each is only ever compared, shown, or that of a record or request that was taken before. */
  private static final Set<String> NOT_GONE_BY =
      Set.of(
          "AGREE_TOMBSTONE_GC" + FENCE,
          "AGREE_TOMBSTONE_GC ClockTime of the newest tombstone that is to go",
          "CONFIRM_RECORDS ClockTime",
          "DIGEST_RANGES" + FENCE,
          "EXT_GET ClockTime of the copy that the gateway has; left out without one",
          "EXT_REPLICATE ClockTime", // the sample is one that is passed on
          "EXT_REPLICATE" + FENCE,
          "EXT_REPLICATE" + OF_REQUEST,
          "FETCH ClockTime of the sender's record, 0 for none",
          "FETCH" + FENCE,
          "GIVE_WINDOW" + FENCE,
          "GIVE_WINDOW" + OF_REQUEST,
          "HANDOFF" + OF_REQUEST,
          "LIST_RECORDS" + FENCE,
          "REGISTER_GATEWAY ClockTime");

  @Test
  void whatNoMessageTellsIsNothingThatAnybodyGoesBy() throws Exception {
    Set<String> untold = new TreeSet<>();
    for (WireEntry entry : WirePage.entries()) {
      ByteBuf in = entry.request().bytes().duplicate();
      Iterator<String> words = entry.request().words().iterator();
      while (in.isReadable()) {
        int start = in.readerIndex();
        String word = start == 0 ? "" : words.next();
        if (MsgPack.isArray(in)) {
          MsgPack.readArrayHeader(in);
          continue;
        }
        boolean number = MsgPack.isUnsigned(in);
        MsgPack.skip(in);
        if (number && word.contains("ClockTime") && !tells(entry, start, in.readerIndex())) {
          untold.add(entry.message().method() + " " + word);
        }
      }
    }
    assertThat(untold).isEqualTo(new TreeSet<>(NOT_GONE_BY));
  }

  /** With the number from {@code start} to {@code end} far ahead. */
  private static boolean tells(WireEntry entry, int start, int end) {
    ByteBuf bytes = entry.request().bytes();
    ByteBuf changed = Unpooled.buffer().writeBytes(bytes, 0, start);
    MsgPack.writeUnsigned(changed, FAR);
    changed.writeBytes(bytes, end, bytes.writerIndex() - end);
    try {
      return entry.message().method().decode(changed).latestClockTime() == FAR;
    } catch (MalformedMessageException e) {
      return true; // it is refused in any case
    }
  }
}
