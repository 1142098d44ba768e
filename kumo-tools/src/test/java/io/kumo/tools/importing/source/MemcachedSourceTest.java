package io.kumo.tools.importing.source;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.kumo.core.cli.CliException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An import from what says that it is a memcached, and answers what it likes. */
class MemcachedSourceTest {
  private static final RecordSource.RecordSink NOWHERE =
      new RecordSource.RecordSink() {
        @Override
        public void record(ImportRecord record) {}

        @Override
        public void refuse(String why) {}
      };

  private static final String LIST = "key=a exp=-1\r\nEND\r\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "key=%zz exp=-1\r\nEND\r\n",
        "key=a%4 exp=-1\r\nEND\r\n",
        "key=%-1 exp=-1\r\nEND\r\n",
        "key=a exp=-1\r\n",
        "busy\r\n",
        LIST + "VA\r\n",
        LIST + "VA -1\r\n",
        LIST + "VA 2147483647\r\n",
        LIST + "VA 99999999999999999999\r\n",
        LIST + "VA 100000000\r\nshort",
        LIST + "VA 1 f4294967296\r\na\r\n",
        LIST + "VA 1 f t\r\na\r\n",
        LIST + "VA 1 fx tx\r\na\r\n",
        LIST + "HD\r\n",
        LIST
      })
  void whatNoMemcachedAnswersEndsItWithALine(String answers) throws Exception {
    assertThat(importFrom(answers)).isInstanceOfAny(IOException.class, CliException.class);
  }

  @Test
  void aLineWithoutEndIsNotGathered() throws Exception {
    assertThat(importFrom("key=" + "a".repeat(1 << 20))).isInstanceOf(CliException.class);
    assertThat(importFrom(LIST + "VA " + "1".repeat(1 << 20))).isInstanceOf(CliException.class);
  }

  private static Throwable importFrom(String answers) throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    CompletableFuture<Void> server;
    Throwable thrown;
    try (ServerSocket listening = new ServerSocket(0, 2, loopback)) {
      server = CompletableFuture.runAsync(() -> answer(listening, answers));
      InetSocketAddress address = new InetSocketAddress(loopback, listening.getLocalPort());
      try (MemcachedSource source =
          new MemcachedSource("there", address, Duration.ofSeconds(30), Versions.older(1L << 31))) {
        thrown = catchThrowable(() -> source.read(NOWHERE));
      }
    }
    server.join(); // what it waited for was closed
    return thrown;
  }

  /** The list on the first connection, the rest on the second. */
  private static void answer(ServerSocket listening, String answers) {
    int end = answers.startsWith(LIST) ? LIST.length() : answers.length();
    for (String part : List.of(answers.substring(0, end), answers.substring(end))) {
      try (Socket asking = listening.accept()) {
        asking.getOutputStream().write(part.getBytes(ISO_8859_1));
        asking.shutdownOutput();
        asking.getInputStream().readAllBytes();
      } catch (IOException e) {
        return; // it has heard enough, or connects no more
      }
    }
  }
}
