package io.kumo.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.cli.Cli;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What kumo-local refuses on its command line; that it runs is shown by its launcher's test. */
class LocalOptionsTest {
  private static String refused(String... args) {
    StringWriter err = new StringWriter();
    CommandLine line = Cli.commandLine(new KumoLocalMain()).setErr(new PrintWriter(err));
    assertThat(line.execute(args)).isEqualTo(2);
    return err.toString();
  }

  @Test
  void whatMakesNoSenseIsRefusedInALine() {
    assertThat(refused("-n", "0")).startsWith("kumo-local: --servers must be from 1 to 16\n");
    assertThat(refused("--servers", "17")).startsWith("kumo-local: --servers must be from 1 to 16");
    assertThat(refused("--keep", "-s", "x")).startsWith("kumo-local: --keep is for a temporary");
    assertThat(refused("-t", "host:x")).startsWith("kumo-local: ").contains("no port");
  }
}
