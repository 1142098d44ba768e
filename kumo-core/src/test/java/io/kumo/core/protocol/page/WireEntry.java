package io.kumo.core.protocol.page;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.wire.MsgPack;

/**
 * A message and its result.
 *
 * @param reader of the result
 */
record WireEntry(Message message, WireSample request, WireSample result, WireSample.Reader reader) {

  static Unanswered of(Message message, String... words) {
    return new Unanswered(message, WireSample.of(message::encode, words));
  }

  /** One whose result is still to be given. */
  record Unanswered(Message message, WireSample request) {

    WireEntry gives(WireSample.Writer writer, WireSample.Reader reader, String... words) {
      return new WireEntry(message, request, WireSample.of(writer, words), reader);
    }

    WireEntry givesNil() {
      return gives(MsgPack::writeNil, MsgPack::readObject, "done");
    }

    WireEntry givesBool(String word) {
      return gives(out -> MsgPack.writeBool(out, true), MsgPack::readBool, word);
    }

    WireEntry givesNumber(String word) {
      return gives(
          out -> MsgPack.writeUnsigned(out, SampleBytes.TIME), MsgPack::readUnsigned, word);
    }
  }
}
