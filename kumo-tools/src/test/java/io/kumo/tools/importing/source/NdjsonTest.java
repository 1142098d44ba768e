package io.kumo.tools.importing.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NdjsonTest {
  @TempDir Path directory;

  private List<ImportRecord> read(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("lines.ndjson"), text);
    return ReadRecords.of(NdjsonSource.open(file, Versions.asOf(1_800_000_000L)));
  }

  @Test
  void fieldsComeInAnyOrder() throws IOException {
    List<ImportRecord> records =
        read(
            "{\"value64\":\"AP8=\",\"flags\":5,\"key\":\"k\"}\n"
                + "{\"deleted\":true,\"key64\":\"aw==\"}");
    assertThat(records).hasSize(2);
    assertThat(records.get(0).value()).isEqualTo(new byte[] {0, (byte) 0xff});
    assertThat(records.get(0).flags()).isEqualTo(5);
    assertThat(records.get(1).key()).isEqualTo(new byte[] {'k'});
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "rubbish; no JSON as export writes it",
        "{\"key\":\"k\"; no JSON as export writes it",
        "[]; an object is expected",
        "{\"key\":\"k\",\"value\":1}; a text is expected",
        "{\"key64\":7}; base64 is expected",
        "{\"key\":\"k\",\"value64\":\"*\"}; base64 is expected",
        "{\"key\":\"k\",\"flags\":\"5\"}; a number from 0 to 4294967295 is expected",
        "{\"key\":\"k\",\"flags\":1.5}; a number from 0 to 4294967295 is expected",
        "{\"key\":\"k\",\"flags\":99999999999999999999}; a number from 0 to 4294967295 is expected",
        "{\"key\":\"k\",\"deleted\":1}; true or false is expected",
        "{\"key\":\"k\",\"colour\":1}; no record has a field \"colour\"",
        "{\"value\":\"v\"}; a record without a key",
      })
  void whatIsWrongIsSaidInOurWords(String line, String why) {
    assertThatThrownBy(() -> read("{\"key\":\"k\",\"value\":\"v\"}\n" + line))
        .isInstanceOf(IOException.class)
        .hasMessage("line 2: " + why);
  }
}
