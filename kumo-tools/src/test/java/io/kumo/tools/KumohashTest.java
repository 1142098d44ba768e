package io.kumo.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.admin.NodesInfo;
import io.kumo.core.protocol.wire.Frames;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KumohashTest {

  private FakePeer manager;

  @BeforeEach
  void start() throws IOException {
    List<Node> nodes =
        Stream.of(29801, 29802, 29803)
            .map(port -> new Node(NodeAddress.of(new byte[] {127, 0, 0, 1}, port), true))
            .toList();
    manager =
        new FakePeer(
            (id, message, out) -> {
              Frames.responseHeader(out, id);
              new NodesInfo(HashSpace.of(nodes, 1), List.of()).write(out);
            });
  }

  @AfterEach
  void stop() throws IOException {
    manager.close();
  }

  private ToolRun run(String... args) {
    List<String> line =
        Arrays.stream(args)
            .map(word -> word.replace("127.0.0.1:29700", "127.0.0.1:" + manager.port()))
            .toList();
    KumohashMain tool = new KumohashMain(KumohashMain.behind(line));
    return ToolRun.of(tool, KumohashMain.before(line));
  }

  @Test
  void keysBelongWhereTheOriginalSaysTheyDo() throws IOException {
    int compared = 0;
    for (Transcript.Step step : Transcript.read("kumohash.txt")) {
      // The original takes a server's port to be 19700 unless given; its own usage says 19800.
      if (step.exitCode() == 0
          && step.words().contains("assign")
          && !step.words().contains("127.0.0.1")) {
        assertThat(run(step.arguments()).out()).as("%s", step.words()).isEqualTo(step.output());
        compared++;
      }
    }
    assertThat(compared).isEqualTo(3);
  }

  @Test
  void keysMayHoldBlanksAndBeEmpty() {
    assertThat(run("1", "--", "hash", "key1", "key2", "key 3", "").out())
        .isEqualTo(
            """
            1c994bda6cab7310  key1
            effc3af0e078ba87  key2
            b1ba20c225f2acb3  key 3
            0d4b6b5eeea339da \s
            """);
  }

  @Test
  void theRingIsTheOriginals() {
    assertThat(run("-m", "127.0.0.1:29700", "dump").out())
        .startsWith(
            """
            002bfb7645912c98  127.0.0.1:29802
            00d839e53684c843  127.0.0.1:29803
            017d4a159be0d736  127.0.0.1:29803
            """)
        .satisfies(text -> assertThat(text.lines()).hasSize(3 * 128));
  }

  @Test
  void aKeyMayLookLikeAnOption() {
    assertThat(run("1", "--", "hash", "-m").out()).endsWith("  -m\n");
  }

  @Test
  void aServersPortIsThatOfServers() {
    assertThat(run("127.0.0.1", "--", "assign", "a").out()).contains("  0: 127.0.0.1:19800\n");
  }

  @Test
  void aWrongCommandLineIsALineAndAHint() {
    for (String line : List.of("1 -- nosuch", "1 --", "1", "-- hash", "-m 127.0.0.1:29700")) {
      ToolRun run = run(line.split(" ", -1));
      assertThat(run.exitCode()).as(line).isEqualTo(2);
      assertThat(run.err().lines()).as(line).hasSize(2);
    }
  }

  @Test
  void everyCommandCanBeJson() {
    assertThat(run("-o", "json", "1", "--", "hash", "key1", "").out())
        .startsWith("{\"key\":\"key1\",\"hash\":\"1c994bda6cab7310\"}\n{\"key\":\"\",");
    assertThat(run("-m", "127.0.0.1:29700", "-o", "json", "assign", "key1").out())
        .startsWith("{\"key\":\"key1\",\"hash\":\"1c994bda6cab7310\",\"servers\":[\"127.0.0.1:2980")
        .endsWith("\"]}\n");
    assertThat(run("-o", "json", "1", "--", "dump").out().lines())
        .hasSizeGreaterThan(10)
        .allMatch(line -> line.matches("\\{\"hash\":\"[0-9a-f]{16}\",\"server\":\"127.0.0.1:1\"}"));
  }

  private List<String> assigned(String... options) {
    List<String> line = new ArrayList<>(List.of(options));
    line.addAll(List.of("1", "2", "3", "4", "--", "assign", "key1"));
    return run(line.toArray(String[]::new)).out().lines().skip(1).toList();
  }

  @Test
  void otherNumbersOfCopiesCanBeSupposed() {
    List<String> three = assigned();
    assertThat(three).hasSize(3);
    assertThat(assigned("--replicas", "1")).isEqualTo(three.subList(0, 1));
    assertThat(assigned("--replicas", "4")).startsWith(three.get(0), three.get(1), three.get(2));
    assertThat(assigned("--replicas", "7")).hasSize(4);
    assertThat(run("-m", "127.0.0.1:29700", "--replicas", "2", "assign", "key1").out().lines())
        .hasSize(3);
    assertThat(run("--replicas", "0", "1", "--", "assign", "k").exitCode()).isEqualTo(2);
  }

  @Test
  void zonesCanBeSupposed() {
    String last = assigned("--replicas", "4").get(3).replaceAll(".*: ", "");
    assertThat(assigned("--zone", last + "=b").get(1)).endsWith(last);
    for (String wrong : List.of("127.0.0.1:9=b", "1", "1=", "=b", "1=room 1")) {
      assertThat(run("--zone", wrong, "1", "--", "assign", "k").exitCode()).as(wrong).isEqualTo(2);
    }
  }

  @Test
  void aClusterWithoutServersAndAMistypedCommandAreSaid() throws IOException {
    try (FakePeer empty =
        new FakePeer(
            (id, message, out) -> {
              Frames.responseHeader(out, id);
              new NodesInfo(HashSpace.EMPTY, List.of()).write(out);
            })) {
      ToolRun run = run("-m", "127.0.0.1:" + empty.port(), "assign", "k");
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains("no active server");
    }
    assertThat(run("1", "--", "asign", "k").err()).contains("did you mean assign?");
  }
}
