package io.kumo.core.protocol.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawStringsTest {
  private static ByteBuf raw(String text) {
    ByteBuf out = Unpooled.buffer();
    MsgPack.writeRaw(out, text.getBytes(UTF_8));
    return out;
  }

  /** As operators see it in their terminals, and in logs, from whoever may say something. */
  @Test
  void whatComesFromOthersMovesNoCursorAndBeginsNoLine() throws Exception {
    assertThat(RawStrings.readText(raw("a\u001b]0;owned\u0007b"))).isEqualTo("a?]0;owned?b");
    assertThat(RawStrings.readText(raw("one\r\ntwo\tthree\u2028four")))
        .isEqualTo("one??two?three?four");
    assertThat(RawStrings.readText(raw("\u009b2J \u202eevil"))).isEqualTo("?2J ?evil");
  }

  @Test
  void otherTextsAreAsTheyAre() throws Exception {
    for (String text : new String[] {"", "root@desk", "Zürich 42 °C", "日本 \ud83d\ude00"}) {
      assertThat(RawStrings.readText(raw(text))).isEqualTo(text);
    }
    assertThat(RawStrings.readExactText(raw("a\nb"))).isEqualTo("a\nb");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "\u001b[2J", "\u202e"})
  void aZoneThatCannotBePrintedIsMalformed(String zone) {
    assertThatThrownBy(() -> RawStrings.readZone(raw(zone)))
        .isInstanceOf(MalformedMessageException.class);
  }
}
