package io.kumo.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LoggingTest {
  private static final String TIME = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d ";

  @Test
  void aToolSaysRealTroubleAloneAndOnStandardError() {
    PrintStream before = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      Logging.quiet();
      Logger log = LoggerFactory.getLogger("io.kumo.Some");
      log.warn("not worth a word");
      log.error("trouble {}", 1);
      log.error("trouble {}", 2);
    } finally {
      System.setErr(before);
    }
    assertThat(said.toString(StandardCharsets.UTF_8))
        .matches(TIME + "Some: trouble 1\n" + TIME + "Some: trouble 2\n");
  }
}
