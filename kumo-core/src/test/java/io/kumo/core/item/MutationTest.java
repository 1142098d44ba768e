package io.kumo.core.item;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.write.Mutate;
import io.kumo.core.protocol.write.MutateOptions;
import io.kumo.core.protocol.write.MutateStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In each table: the record before, the command, and what comes of it ({@link Notation}). */
class MutationTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          none              | set =new F7 T2000          | STORED: new f7 e2000
          old f3 e2000      | set =new                   | STORED: new
          old stale won     | set =new                   | STORED: new
          old               | set =''                    | STORED: ''
          none              | set =new T900              | STORED: new e900
          none              | set =new F4294967295       | STORED: new f4294967295
          none              | set =new E77               | STORED: new c77
          none              | add =new F1                | STORED: new f1
          old               | add =new                   | NOT_STORED
          old c5            | add =new C5                | NOT_STORED
          none              | add =new C5                | STORED: new
          none              | replace =new               | NOT_STORED
          old f3            | replace =new               | STORED: new
          """)
  void stores(String before, String command, String expected) {
    check(before, command, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          none              | set =new C60               | NOT_FOUND
          old               | set =new C60               | STORED: new
          old               | set =new C61               | EXISTS
          old               | set =new C0                | EXISTS
          none              | set =new C0                | NOT_FOUND
          old c5            | set =new C5                | STORED: new
          old c5            | set =new C60               | EXISTS
          old c5            | set =new C5 E6             | STORED: new c6
          old               | replace =new C60           | STORED: new
          none              | replace =new C60           | NOT_FOUND
          old               | append =new C60            | STORED: oldnew
          old               | append =new C61            | EXISTS
          none              | append =new C61            | NOT_STORED
          5                 | incr D1 C61                | EXISTS
          5                 | incr D1 C60                | STORED: 6
          old               | delete C61                 | EXISTS
          old               | delete C60                 | STORED: ~
          old e2000 won     | set =new C59 I F2          | STORED: new f2 e2000 stale won
          old e2000         | set =new C59 I             | STORED: new e2000 stale
          old               | set =new C61 I             | EXISTS
          old               | set =new C60 I             | STORED: new
          old               | append =new C59 I          | EXISTS
          """)
  void comparesBeforeItStores(String before, String command, String expected) {
    check(before, command, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          none              | set =new U E70 F1          | STORED: new f1 c70 imported
          none              | set =new U E70 T2000       | STORED: new e2000 c70 imported
          none              | set =new U E100            | STORED: new imported
          none              | set =new U E101            | NOT_STORED
          old               | set =new U E61             | STORED: new c61 imported
          old               | set =new U E60             | EXISTS
          old               | set =new U E59             | EXISTS
          original:old      | set =new U E61             | STORED: new c61 imported
          original:old      | set =new U E59             | EXISTS
          ~                 | set =new U E59             | EXISTS
          ~                 | set =new U E61             | STORED: new c61 imported
          old e999          | set =new U E59             | EXISTS
          old @50           | set =new U E40             | STORED: new c40 imported
          old c5            | set =new U E59             | EXISTS
          old c70           | set =new U E65             | STORED: new c65 imported
          old c5 imported   | set =new U E59             | STORED: new c59 imported
          old c59 imported  | set =new U E59             | EXISTS
          old c80 imported  | set =new U E79             | EXISTS
          old c59 imported  | touch T2000 U E60          | STORED: old e2000 c59 imported
          old c60 imported  | touch T2000 U E60          | STORED: old e2000 c60 imported
          old c61 imported  | touch T2000 U E60          | EXISTS
          none              | touch T2000 U E60          | NOT_FOUND
          old c5 imported   | append =new                | STORED: oldnew
          old c5 imported   | set =new                   | STORED: new
          """)
  void importsUnlessThereIsSomethingNewer(String before, String command, String expected) {
    check(before, command, expected);
  }

  @Test
  void tellsAnImportWhatIsNewer() {
    Outcome kept =
        Mutation.apply(
            Notation.command("set =new U E59"),
            Notation.record("old c80 imported"),
            Notation.conditions());
    assertThat(kept.cas()).isEqualTo(80);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          old f3 e2000      | append =new F9 T5          | STORED: oldnew f3 e2000
          old f3 e2000      | prepend =new               | STORED: newold f3 e2000
          none              | append =new                | NOT_STORED
          none              | prepend =new               | NOT_STORED
          none              | append =new N F1 T3000     | STORED: new f1 e3000
          none              | prepend =new N             | STORED: new
          old               | append =new N              | STORED: oldnew
          old c5            | append =new                | STORED: oldnew
          old               | append =new J6             | STORED: oldnew
          old               | append =new J5             | TOO_LARGE
          old               | prepend =new J5            | TOO_LARGE
          """)
  void joins(String before, String command, String expected) {
    check(before, command, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          10 f3 e2000          | incr D5               | STORED: 15 f3 e2000
          10                   | decr D3               | STORED: 7
          10                   | decr D11              | STORED: 0
          18446744073709551615 | incr D1               | STORED: 0
          18446744073709551615 | incr D2               | STORED: 1
          18446744073709551615 | decr D1               | STORED: 18446744073709551614
          18446744073709551616 | incr D1               | NON_NUMERIC
          99999999999999999999 | incr D1               | NON_NUMERIC
          0000000000000000000010 | incr D1             | STORED: 11
          007                  | incr D1               | STORED: 8
          abc                  | incr D1               | NON_NUMERIC
          1x                   | incr D1               | NON_NUMERIC
          -1                   | incr D1               | NON_NUMERIC
          ''                   | incr D1               | NON_NUMERIC
          none                 | incr D1               | NOT_FOUND
          none                 | decr D1               | NOT_FOUND
          none                 | incr D5 N3000 J100    | STORED: 100 e3000
          none                 | decr D5 N0 J18446744073709551615 | STORED: 18446744073709551615
          10 e2000             | incr D1 T3000         | STORED: 11 e3000
          10 e2000             | incr D1 N3000 J100    | STORED: 11 e2000
          10 c5 stale won      | incr D1 E6            | STORED: 11 c6 stale won
          """)
  void counts(String before, String command, String expected) {
    check(before, command, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          old f3 e2000      | delete                     | STORED: ~
          none              | delete                     | NOT_FOUND
          old f3 e2000 won  | delete I                   | STORED: old f3 e2000 stale
          old f3 e2000      | delete I T3000             | STORED: old f3 e3000 stale
          old f3 e2000      | delete T3000               | STORED: ~
          old f3 e2000      | delete x                   | STORED: ''
          old f3 e2000      | delete x T3000             | STORED: '' e3000
          old f3 e2000      | delete x I                 | STORED: '' stale
          old               | delete I E7                | STORED: old c7 stale
          none              | delete I                   | NOT_FOUND
          """)
  void deletes(String before, String command, String expected) {
    check(before, command, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          old f3 e2000      | touch T3000                | STORED: old f3 e3000 c60
          old f3 e2000 c5   | touch T0                   | STORED: old f3 c5
          none              | touch T3000                | NOT_FOUND
          old stale won     | touch T3000                | STORED: old e3000 c60 stale won
          old               | get-and-touch T3000        | STORED: old e3000 c60
          none              | get-and-touch T3000        | NOT_FOUND
          """)
  void touchesAndKeepsTheCas(String before, String command, String expected) {
    check(before, command, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          none              | meta-get                   | NOT_FOUND
          old               | meta-get                   | OK
          none              | meta-get N3000             | STORED W: '' e3000 won
          none              | meta-get N3000 E7          | STORED W: '' e3000 c7 won
          old               | meta-get N3000             | OK
          '' e3000 won      | meta-get N3000             | OK Z
          old e2000         | meta-get T3000             | STORED: old e3000 c60
          old e2000         | meta-get T2000             | OK
          old e1010         | meta-get R1030             | STORED W: old e1010 c60 won
          old e1030         | meta-get R1030             | OK
          old               | meta-get R1030             | OK
          old e1010 won     | meta-get R1030             | OK Z
          old e1010         | meta-get R1030 T3000       | STORED W: old e3000 c60 won
          old stale         | meta-get                   | STORED W X: old c60 stale won
          old stale won     | meta-get                   | OK X Z
          old stale won     | meta-get T3000             | STORED X Z: old e3000 c60 stale won
          """)
  void metaGets(String before, String command, String expected) {
    check(before, command, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          set =new C60      | NOT_FOUND
          add =new          | STORED: new
          replace =new      | NOT_STORED
          append =new       | NOT_STORED
          prepend =new      | NOT_STORED
          incr D1           | NOT_FOUND
          incr D1 N J5      | STORED: 5
          delete            | NOT_FOUND
          touch T2000       | NOT_FOUND
          get-and-touch T1  | NOT_FOUND
          meta-get          | NOT_FOUND
          meta-get N0       | STORED W: '' won
          """)
  void expiredDeletedAndFlushedRecordsAreAbsent(String command, String expected) {
    for (String before : new String[] {"9 e999", "9 e1000", "~", "9 @50", "9 c99 @40", "none"}) {
      check(before, command, expected);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          old                       | set =12345678901234567890123456 | TOO_LARGE
          old                       | set =1234567890123456789012345  | STORED: 1234567890123456789012345
          12345678901234567890      | append =123456                  | TOO_LARGE
          12345678901234567890      | prepend =12345                  | STORED: 1234512345678901234567890
          12345678901234567890123456 | touch T2000                    | STORED: 12345678901234567890123456 e2000 c60
          """)
  void limitsTheValue(String before, String command, String expected) {
    check(before, command, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          original:10       | incr D5                    | STORED: 15
          original:old      | append =new                | STORED: oldnew
          original:old      | set =new C60               | STORED: new
          original:old      | touch T2000                | STORED: old e2000 c60
          original:old      | meta-get                   | OK
          original:old      | delete                     | STORED: ~
          """)
  void readsRecordsOfTheOriginal(String before, String command, String expected) {
    check(before, command, expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"9  ", " 9", "\t\n\r9", "+9", "0009", "9 9", "9\r\n", "9\0x", "9\tx", "09 "})
  void takesForANumberWhatMemcachedDoes(String text) {
    ByteBuf before = Notation.bytes(text);
    assertThat(Decimal.isNumber(before)).isTrue();
    assertThat(Decimal.parse(before)).isEqualTo(9);
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "+", "-", "++9", "- 9", "-9", "9x", "x9", "0x9", "\0", "9\u00a0"})
  void takesNothingElseForANumber(String text) {
    assertThat(Decimal.isNumber(Notation.bytes(text))).isFalse();
  }

  @Test
  void aNumberWrapsAsInMemcached() {
    assertThat(Decimal.parse(Notation.bytes("-0"))).isZero();
    ByteBuf wrapped = Notation.bytes("-18446744073709551615");
    assertThat(Decimal.isNumber(wrapped)).isTrue();
    assertThat(Decimal.parse(wrapped)).isEqualTo(1);
    assertThat(Decimal.isNumber(Notation.bytes("18446744073709551616"))).isFalse();
    assertThat(Decimal.isNumber(Notation.bytes("0".repeat(50) + "18446744073709551615"))).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          none                 | set =new r T0              | STORED: new
          none                 | set =new r T10             | STORED: new e1010
          none                 | set =new r T2592000        | STORED: new e2593000
          none                 | set =new r T2592001        | STORED: new e1
          none                 | set =new r T2592002        | STORED: new e2592002
          none                 | add =new r T4294967295     | STORED: new e4294967295
          old                  | touch r T10                | STORED: old e1010 c60
          none                 | incr D1 r N10 J7           | STORED: 7 e1010
          none                 | meta-get r N10             | STORED W: '' e1010 won
          old e1010            | meta-get r R11             | STORED W: old e1010 c60 won
          old e1010            | meta-get r R9              | OK
          """)
  void countsFromItsOwnClock(String before, String command, String expected) {
    check(before, command, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          none                 | set =1 b                   | STORED: 1 base64
          1 b                  | set =2                     | STORED: 2
          1 b                  | incr D1                    | STORED: 2 base64
          1 b                  | touch T2000                | STORED: 1 e2000 c60 base64
          1 b                  | append =2 b                | STORED: 12
          1 b                  | delete I                   | STORED: 1 stale base64
          1 b c70              | set =2 C65 I b             | STORED: 2 stale base64
          none                 | meta-get N10 b             | STORED W: '' e10 won
          """)
  void remembersThatAKeyCameInBase64(String before, String command, String expected) {
    check(before, command, expected);
  }

  @Test
  void readsAndWritesTheFlagsAndExpiryOfAnOriginalGateway() {
    ItemLayout layout = new ItemLayout(true, true, true);
    Mutate plain = Notation.command("append =new");
    Mutate request =
        new Mutate(
            plain.operation(),
            layout.toOptions(),
            plain.key(),
            plain.value(),
            plain.operands(),
            plain.id());
    ByteBuf before =
        Notation.record("original:").writeInt(2000).writeShort(9).writeBytes(Notation.bytes("old"));
    Outcome outcome = Mutation.apply(request, before, Notation.conditions());
    assertThat(outcome.status()).isEqualTo(MutateStatus.STORED);
    assertThat(ByteBufUtil.hexDump(outcome.record()))
        .isEqualTo("0000000000000064" + "0000" + "000007d0" + "0009" + "6f6c646e6577");
    assertThat(Item.isExpired(before, layout, 2000)).isTrue();
    assertThat(Item.isExpired(before, 2000)).isFalse();
  }

  @Test
  void optionsCarryTheLayout() {
    assertThat(new ItemLayout(true, false, true).toOptions())
        .isEqualTo(MutateOptions.WRITE_ORIGINAL | MutateOptions.ORIGINAL_EXPIRY);
    assertThat(ItemLayout.KUMO.toOptions()).isZero();
  }

  private static void check(String before, String command, String expected) {
    ByteBuf current = Notation.record(before);
    ByteBuf copy = current == null ? null : current.copy();
    Outcome outcome = Mutation.apply(Notation.command(command), current, Notation.conditions());
    assertThat(Notation.describe(outcome)).as(before + " | " + command).isEqualTo(expected);
    assertThat(current).as("borrowed record").isEqualTo(copy);
  }
}
