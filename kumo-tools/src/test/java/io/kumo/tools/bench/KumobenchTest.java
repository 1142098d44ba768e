package io.kumo.tools.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kumo.core.cli.Cli;
import io.kumo.core.cli.ExitStatus;
import io.kumo.tools.bench.workload.LoadSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class KumobenchTest {
  private static final int LONGEST_MS = 30_000;
  private static final Pattern WRONG = Pattern.compile("WRONG REPLIES [1-9]|\"wrong\" *: *[1-9]");

  private int exitCode;
  private String err = "";

  private String run(String... args) {
    CommandLine line = Cli.commandLine(new KumobenchMain());
    StringWriter out = new StringWriter();
    StringWriter errors = new StringWriter();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(errors));
    exitCode = line.execute(args);
    err = errors.toString();
    return out.toString();
  }

  /**
   * For longer and longer until something was measured: on a busy machine nothing may be answered
   * in time. A wrong reply ends it.
   */
  private String runUntilMeasured(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("-d", ""));
    String out = "";
    for (int millis = 100; millis <= LONGEST_MS; millis *= 2) {
      all.set(all.size() - 1, millis + "ms");
      out = run(all.toArray(new String[0]));
      if (exitCode != ExitStatus.FAILED.code() || WRONG.matcher(out).find()) {
        return out;
      }
    }
    return out;
  }

  @ParameterizedTest
  @ValueSource(strings = {"get", "set", "mget", "get=5,set=3,delete=1,mget=1"})
  void theCeilingIsMeasuredWithEveryLoad(String mix) throws IOException {
    String out =
        runUntilMeasured(
            "--ceiling", "-m", mix, "-c", "4", "-n", "3", "-k", "100", "-w", "10ms", "-o", "json");
    assertThat(err).isEmpty();
    assertThat(exitCode).as(out).isZero();
    JsonNode round = new ObjectMapper().readTree(out).at("/targets/0/rounds/0");
    assertThat(round.get("requests_per_second").asDouble()).isPositive();
    assertThat(round.get("wrong").asLong() + round.get("lost").asLong()).isZero();
    for (JsonNode operation : round.get("operations")) {
      assertThat(operation.at("/latency_us/p50").asDouble()).isPositive();
    }
  }

  @Test
  void severalTargetsAreComparedWithTheLastAndRelaysPassEverythingOn() throws Exception {
    LoadOptions options = new LoadOptions();
    new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true).parseArgs("-k", "100");
    LoadSpec spec = options.toSpec();
    try (TrivialServer server = new TrivialServer(spec);
        Relay one = new Relay(0, server.address());
        Relay two =
            new Relay(0, new InetSocketAddress(server.address().getAddress(), one.port()))) {
      String out =
          runUntilMeasured(
              "far=127.0.0.1:" + two.port(),
              "near=127.0.0.1:" + one.port(),
              "direct=127.0.0.1:" + server.address().getPort(),
              "--populate=no",
              "-k",
              "100",
              "-c",
              "4",
              "-w",
              "10ms",
              "--pids",
              ProcessHandle.current().pid() + "," + ProcessHandle.current().pid());
      assertThat(err).isEmpty();
      assertThat(exitCode).as(out).isZero();
      assertThat(out).contains("far / direct", "near / direct");
      assertThat(out).containsPattern("CPU s per million = [0-9.]+ \\+ [0-9.]+");
    }
  }

  /** Every reply takes 20 ms and comes in order, so most requests wait behind others. */
  @Test
  void atAFixedRateLatencyCountsFromWhenTheRequestWasDue() throws Exception {
    try (StallingServer server = new StallingServer()) {
      String address = "127.0.0.1:" + server.port();
      String closed =
          run(
              address,
              "--populate",
              "no",
              "--verify",
              "no",
              "-c",
              "1",
              "-k",
              "10",
              "-d",
              "1s",
              "-w",
              "0",
              "-o",
              "json");
      String rated =
          run(
              address,
              "--populate",
              "no",
              "--verify",
              "no",
              "-c",
              "1",
              "-k",
              "10",
              "-d",
              "1s",
              "-w",
              "0",
              "-r",
              "500",
              "-o",
              "json");
      double closedP50 = p50(closed);
      assertThat(closedP50).isGreaterThan(19_000);
      // 500 requests a second are due and 50 are served: half of them were due 450 ms ago.
      assertThat(p50(rated)).isGreaterThan(4 * closedP50);
    }
  }

  private static double p50(String json) throws IOException {
    return new ObjectMapper()
        .readTree(json)
        .at("/targets/0/rounds/0/operations/get/latency_us/p50")
        .asDouble();
  }

  @Test
  void aWrongValueFailsTheRun() throws Exception {
    try (LyingServer server = new LyingServer()) {
      String out =
          run(
              "127.0.0.1:" + server.port(),
              "--populate",
              "no",
              "-c",
              "2",
              "-d",
              "100ms",
              "-w",
              "0");
      assertThat(exitCode).isEqualTo(1);
      assertThat(out).contains("WRONG REPLIES");
    }
  }

  @Test
  void aServerThatIsNotThereIsALine() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    run("127.0.0.1:" + port);
    assertThat(exitCode).isEqualTo(1);
    assertThat(err)
        .isEqualTo("kumobench: cannot connect to 127.0.0.1:" + port + ": Connection refused\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--nonsense x",
        "x -c 0",
        "x -n 0",
        "x -k 0",
        "x -d 0",
        "x -r -1",
        "1 2 3 4 5",
        "x x --relay 1",
        "tls://x --relay 1",
        "x --tls-insecure",
        "x --tls-ca a",
        "--ceiling --tls-ca a",
        "tls://x --tls-cert a",
        "tls://x --tls-key a",
        "tls://x --tls-insecure --tls-ca a",
        "x --connects -1",
        "x --connects 10001",
        "x --connects 1 -o json",
        "x --connects 1 --relay 1",
        "--ceiling --connects 1"
      })
  void aWrongCommandLineIsRefused(String line) {
    run(line.isEmpty() ? new String[] {"-c", "1"} : line.replace("x", "127.0.0.1").split(" ", -1));
    assertThat(exitCode).isEqualTo(2);
    assertThat(err.lines()).hasSize(2);
  }

  /** Serves one connection, one get at a time, each after 20 ms: always a miss. */
  private static final class StallingServer extends OneConnectionServer {
    private StallingServer() throws IOException {}

    @Override
    void serve(InputStream in, OutputStream out) throws Exception {
      int b;
      while ((b = in.read()) >= 0) {
        if (b == '\n') {
          Thread.sleep(20);
          out.write("END\r\n".getBytes(StandardCharsets.US_ASCII));
        }
      }
    }
  }

  /** Answers with the right key and another value. */
  private static final class LyingServer extends OneConnectionServer {
    private LyingServer() throws IOException {}

    @Override
    void serve(InputStream in, OutputStream out) throws Exception {
      StringBuilder line = new StringBuilder();
      int b;
      while ((b = in.read()) >= 0) {
        line.append((char) b);
        if (b == '\n') {
          String key = line.substring("get ".length()).strip();
          String reply = "VALUE " + key + " 0 9\r\nnot right\r\nEND\r\n";
          out.write(reply.getBytes(StandardCharsets.US_ASCII));
          line.setLength(0);
        }
      }
    }
  }

  /** Each connection has a thread. */
  private abstract static class OneConnectionServer implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    OneConnectionServer() throws IOException {
      start(
          () -> {
            while (true) {
              Socket socket = listener.accept();
              start(() -> serve(socket.getInputStream(), socket.getOutputStream()));
            }
          });
    }

    private interface Work {
      void run() throws Exception;
    }

    private void start(Work work) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  work.run();
                } catch (Exception e) {
                  if (!(e instanceof IOException)) {
                    throw new IllegalStateException(e);
                  }
                }
              });
      thread.setDaemon(true);
      thread.start();
    }

    abstract void serve(InputStream in, OutputStream out) throws Exception;

    int port() {
      return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }

  @Test
  void aWrongAddressIsNamed() {
    run("127.0.0.1:99999");

    assertThat(exitCode).isEqualTo(2);
    assertThat(err).contains("'127.0.0.1:99999' has no port");
  }

  @Test
  void fiveServersAreTooMany() {
    run("a=:1", "b=:2", "c=:3", "d=:4", "e=:5");

    assertThat(exitCode).isEqualTo(2);
    assertThat(err).contains("at most 4 servers");
  }
}
