package io.kumo.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.Cli;
import io.kumo.core.item.ItemLayout;
import io.kumo.core.route.request.ReadLevel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What the options of kumo-gateway mean. */
class GatewayMainTest {
  @Test
  void theOriginalsRecordsMayBeReadAndOursBeWritten() {
    GatewayConfig config = config("-m", "127.0.0.1", "-F", "-E", "--own-layout");
    assertThat(config.router().layout()).isEqualTo(new ItemLayout(false, true, true));
    assertThatThrownBy(() -> config("-m", "127.0.0.1", "--original-layout", "--own-layout"))
        .hasMessageContaining("contradict");
  }

  private static GatewayConfig config(String... args) {
    GatewayMain main = new GatewayMain();
    Cli.commandLine(main).parseArgs(args);
    try {
      return main.config();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void passwordsOffLoopbackNeedTls(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("users");
    Files.writeString(file, "alice:secret\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    String[] open = {"-m", "127.0.0.1", "-t", "0.0.0.0:11411", "--auth-file", file.toString()};
    assertThatThrownBy(() -> config(open)).hasMessageContaining("0.0.0.0:11411");
    String[] closed = {"-m", "127.0.0.1", "--auth-file", file.toString()};
    assertThat(config(closed).security().users().get().users()).hasSize(1);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> config(closed)).hasMessageContaining("chmod 600");
  }

  @Test
  void aBadUserFileIsNamedWithItsLine(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("users");
    Files.writeString(file, "alice:secret\nbob\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThatThrownBy(() -> config("-m", "127.0.0.1", "--auth-file", file.toString()))
        .hasMessageContaining(file + ": line 2: ");
  }

  @Test
  void theOptionsOfTlsGoTogether() {
    assertThatThrownBy(() -> config("-m", "127.0.0.1", "--tls-cert", "x"))
        .hasMessageContaining("--tls-key");
    assertThatThrownBy(() -> config("-m", "127.0.0.1", "--tls-client-ca", "x"))
        .hasMessageContaining("--tls-cert");
  }

  @Test
  void hasTheOriginalsDefaults() {
    GatewayConfig config = config("-m", "127.0.0.1");
    assertThat(config.managers().managers()).hasToString("[127.0.0.1:19700]");
    assertThat(config.ports().any()).containsExactly(AddressConverter.parse("127.0.0.1:11411", 1));
    assertThat(config.ports().binary()).isEmpty();
    assertThat(config.managers().renewThreshold()).isEqualTo(4);
    assertThat(config.router().reads()).isEqualTo(ReadLevel.AVAILABLE);
    assertThat(config.router().getRetry()).isEqualTo(5);
    assertThat(config.router().setRetry()).isEqualTo(20);
    assertThat(config.router().deleteRetry()).isEqualTo(20);
    assertThat(config.router().layout()).isEqualTo(ItemLayout.KUMO);
    assertThat(config.memcached().maxItemBytes()).isEqualTo(1 << 20);
    assertThat(config.memcached().flushAllowed()).isFalse();
    assertThat(config.loops()).isEqualTo(1);
    assertThat(config.nearCacheBytes()).isZero();
    assertThat(config.managers().intervalNs()).isEqualTo(2_000_000_000L);
  }

  @Test
  void readsMayBeLinearizable() {
    GatewayConfig config = config("-m", "127.0.0.1", "--reads", "linearizable");
    assertThat(config.router().reads()).isEqualTo(ReadLevel.LINEARIZABLE);
  }

  @Test
  void takesTheOriginalsOptions() {
    GatewayConfig config =
        config(
            "-m",
            "127.0.0.1:1",
            "-p",
            "127.0.0.1:2",
            "-t",
            "3",
            "-b",
            ":4",
            "-c",
            "127.0.0.1:5",
            "-F",
            "-E",
            "-G",
            "6",
            "-S",
            "7",
            "-D",
            "8",
            "-rn",
            "9",
            "-As",
            "-Ad",
            "-k",
            "px:",
            "-lc",
            "*",
            "-Ys",
            "3s",
            "-Yn",
            "5",
            "--keepalive-interval",
            "1s",
            "-v");
    assertThat(config.managers().managers()).hasToString("[127.0.0.1:1, 127.0.0.1:2]");
    assertThat(config.ports().any()).containsExactly(AddressConverter.parse("127.0.0.1:3", 1));
    assertThat(config.ports().binary())
        .containsExactly(
            AddressConverter.parse("127.0.0.1:4", 1), AddressConverter.parse("127.0.0.1:5", 1));
    assertThat(config.router().layout()).isEqualTo(new ItemLayout(true, true, true));
    assertThat(config.router().getRetry()).isEqualTo(6);
    assertThat(config.router().setRetry()).isEqualTo(7);
    assertThat(config.router().deleteRetry()).isEqualTo(8);
    assertThat(config.managers().renewThreshold()).isEqualTo(9);
    assertThat(config.router().asyncSet()).isTrue();
    assertThat(config.router().asyncDelete()).isTrue();
    assertThat(config.keyPrefix()).isEqualTo("px:");
    assertThat(config.nearCacheBytes()).isEqualTo(64 << 20);
    assertThat(config.managers().intervalNs()).isEqualTo(1_000_000_000L);
  }

  @Test
  void takesLimits() {
    GatewayConfig config =
        config(
            "-m",
            "127.0.0.1:1",
            "-I",
            "128m",
            "--max-connections",
            "5",
            "--max-keys",
            "6",
            "--max-commands-in-flight",
            "8",
            "--max-unread-bytes",
            "64k",
            "--max-bytes-in-flight",
            "1k",
            "--max-total-bytes-in-flight",
            "200m",
            "--idle-timeout",
            "7s",
            "--enable-flush",
            "--drop-on-too-large");
    assertThat(config.memcached().maxItemBytes()).isEqualTo(128 << 20);
    assertThat(config.limits().maxBytesInFlight()).isEqualTo(128L << 20);
    assertThat(config.limits().maxConnections()).isEqualTo(5);
    assertThat(config.limits().idleNs()).isEqualTo(7_000_000_000L);
    assertThat(config.memcached().maxKeysPerGet()).isEqualTo(6);
    assertThat(config.limits().maxCommandsInFlight()).isEqualTo(8);
    assertThat(config.limits().maxUnreadBytes()).isEqualTo(64 << 10);
    assertThat(config.limits().maxTotalBytesInFlight()).isEqualTo(200L << 20);
    assertThat(config.memcached().flushAllowed()).isTrue();
    assertThat(config.memcached().dropOnTooLarge()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "-m 127.0.0.1:1 -p 127.0.0.1:1,-m and -p must be different",
    "-m 127.0.0.1:99999,has no port between",
    "-m 127.0.0.999,cannot resolve host",
    "-m 127.0.0.1 -I 129m,-I must be from 1k to 128m",
    "-m 127.0.0.1 -I x,is not a size",
    "-m 127.0.0.1 -G 0,-G must be at least 1",
    "-m 127.0.0.1 -S x,is not an int",
    "-m 127.0.0.1 --deadline 1ms,--deadline must be at least 100ms",
    "-m 127.0.0.1 --no-such-option,Unknown option",
    "-m 127.0.0.1 -rn -1,-rn",
    "-m 127.0.0.1 --max-unread-bytes 1k,--max-unread-bytes must be from 4k to 1g",
    "-m 127.0.0.1 --max-commands-in-flight 0,--max-commands-in-flight must be at least 1",
    "-m 127.0.0.1 -lc cache.tch,is not a size",
    "-m 127.0.0.1 -lc 9999g,-lc must be at most half of the heap",
    "-m 127.0.0.1 --keepalive-interval 1ms,--keepalive-interval must be at least 10ms"
  })
  void refusesWhatMakesNoSenseInOneLine(String args, String words) {
    CommandLine line = Cli.commandLine(new GatewayMain());
    StringWriter err = new StringWriter();
    line.setErr(new PrintWriter(err));
    line.setOut(new PrintWriter(new StringWriter()));
    int code = line.execute(args.isEmpty() ? new String[0] : args.split(" ", -1));
    assertThat(err.toString().lines()).anyMatch(text -> text.contains(words));
    assertThat(code).isEqualTo(2);
  }
}
