package io.kumo.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BinaryLogTest {

  private static final HexFormat HEX = HexFormat.of();

  @TempDir Path folder;

  /** The first two records of a file that a kumofs 0.4.13 manager wrote. */
  @Test
  void eventsAreTheOriginalsByteForByte() throws Exception {
    Path file = folder.resolve("manager.mpac");
    try (BinaryLog log = BinaryLog.open(file)) {
      log.write(
          new BinaryLog.Event("SM", 2, 0x6b00a57bL)
              .with("addr", HEX.parseHex("74047f000001"))
              .with("Padd", new byte[6]));
    }
    try (BinaryLog log = BinaryLog.open(file)) {
      log.write(
          new BinaryLog.Event("nS", 3, 0x6b00a57dL).with("addr", HEX.parseHex("74697f000001")));
    }
    assertThat(HEX.formatHex(Files.readAllBytes(file)))
        .isEqualTo(
            "0000002893cd534d0283ce74696d65ce6b00a57bce61646472a674047f000001"
                + "ce50616464a6000000000000"
                + "0000001c93cd6e530382ce74696d65ce6b00a57dce61646472a674697f000001");
  }

  @Test
  void aClosedOrAbsentLogDropsEvents() throws Exception {
    BinaryLog.none().write(new BinaryLog.Event("SS", 1, 1));
    Path file = folder.resolve("closed.mpac");
    BinaryLog log = BinaryLog.open(file);
    log.close();
    log.write(new BinaryLog.Event("SS", 1, 1));
    assertThat(file).isEmptyFile();
  }
}
