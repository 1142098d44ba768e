package io.kumo.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.admin.GetNodesInfo;
import io.kumo.core.protocol.admin.GetStatus;
import io.kumo.core.protocol.admin.NodesInfo;
import io.kumo.core.protocol.admin.SetConfig;
import io.kumo.core.protocol.admin.StatusField;
import io.kumo.core.protocol.wire.Frames;
import io.kumo.core.protocol.wire.HashSpaceCodec;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.TimeZone;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KumostatTest {

  private static final long ATTACHED_AT = 7710345033743859713L;

  /** The statistics of the three servers in the transcript: pid, gets, sets, deletes. */
  private static final long[][] FIGURES = {
    {12758, 68, 94, 5}, {12759, 70, 113, 1}, {12760, 62, 93, 4}
  };

  private final TimeZone zone = TimeZone.getDefault();
  private final FakePeer[] servers = new FakePeer[3];
  private FakePeer manager;
  private long uptime;
  private long replaceState;
  private boolean hashSpacesDiffer;

  @BeforeEach
  void start() throws IOException {
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    for (int i = 0; i < servers.length; i++) {
      long[] figures = FIGURES[i];
      servers[i] = new FakePeer((id, message, out) -> answer(figures, id, message, out));
    }
    manager =
        new FakePeer(
            (id, message, out) -> {
              if (message instanceof GetNodesInfo) {
                Frames.responseHeader(out, id);
                new NodesInfo(hashSpace(), List.of()).write(out);
              } else {
                Frames.errorResponse(out, id, ErrorCode.PROTOCOL);
              }
            });
  }

  @AfterEach
  void stop() throws IOException {
    TimeZone.setDefault(zone);
    manager.close();
    for (FakePeer server : servers) {
      server.close();
    }
  }

  private HashSpace hashSpace() {
    List<Node> nodes =
        List.of(servers).stream()
            .map(s -> new Node(NodeAddress.of(new byte[] {127, 0, 0, 1}, s.port()), true))
            .toList();
    return HashSpace.of(nodes, ATTACHED_AT);
  }

  private void answer(long[] figures, int id, Message message, ByteBuf out) {
    if (message instanceof SetConfig) {
      Frames.unsignedResponse(out, id, 7);
      return;
    }
    GetStatus status = (GetStatus) message;
    switch (Objects.requireNonNull(StatusField.byId(status.command()))) {
      case PID -> Frames.unsignedResponse(out, id, figures[0]);
      case UPTIME -> Frames.unsignedResponse(out, id, uptime);
      case TIME -> Frames.unsignedResponse(out, id, 1795204594 + uptime);
      case VERSION ->
          Frames.rawResponse(
              out,
              id,
              Unpooled.copiedBuffer(
                  "0.4.13 revision 46c464913ae22d2de9f8d528d964beb7b8638300"
                      + " Tue Dec 14 12:58:45 2010 +0900",
                  StandardCharsets.UTF_8));
      case COUNT_GET -> Frames.unsignedResponse(out, id, figures[1]);
      case COUNT_SET -> Frames.unsignedResponse(out, id, figures[2]);
      case COUNT_DELETE -> Frames.unsignedResponse(out, id, figures[3]);
      case ITEMS -> Frames.unsignedResponse(out, id, 300);
      case CLOCK_TIME -> Frames.unsignedResponse(out, id, -1L);
      case READ_HASH_SPACE -> {
        Frames.responseHeader(out, id);
        HashSpaceCodec.write(out, hashSpacesDiffer ? HashSpace.EMPTY : hashSpace());
      }
      case WRITE_HASH_SPACE -> {
        Frames.responseHeader(out, id);
        HashSpaceCodec.write(out, hashSpace());
      }
      case REPLACE_STATE -> Frames.unsignedResponse(out, id, replaceState);
    }
  }

  /** The transcript's ports become those that this test has. */
  private String here(String text) {
    String result = text.replace("127.0.0.1:29700", "127.0.0.1:" + manager.port());
    for (int i = 0; i < servers.length; i++) {
      result = result.replace("127.0.0.1:" + (29801 + i), "127.0.0.1:" + servers[i].port());
    }
    return result;
  }

  private ToolRun run(String... args) {
    String[] mine = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      mine[i] = here(args[i]);
    }
    return ToolRun.of(new KumostatMain(), mine);
  }

  @Test
  void everyCommandPrintsWhatTheOriginalPrinted() throws IOException {
    int compared = 0;
    for (Transcript.Step step : Transcript.read("kumostat.txt")) {
      if (step.exitCode() == 0 && !step.output().startsWith("error")) {
        uptime = uptimeIn(step);
        ToolRun run = run(step.arguments());
        assertThat(run.out()).as("%s", step.words()).isEqualTo(here(step.output()));
        assertThat(run.exitCode()).as("%s", step.words()).isZero();
        compared++;
      }
    }
    assertThat(compared).isEqualTo(21);
  }

  private static long uptimeIn(Transcript.Step step) {
    Matcher matcher = Pattern.compile("STAT uptime (\\d+)").matcher(step.output());
    return matcher.find() ? Long.parseLong(matcher.group(1)) : 12;
  }

  @Test
  void theReplaceStateIsTheGravestBit() {
    String[] words = {"ready", "inactive", "WAIT", "inactive", "Copying"};
    for (int bits = 0; bits < words.length; bits++) {
      replaceState = bits;
      ToolRun run = run("127.0.0.1:29801", "replstat");
      assertThat(run.out()).isEqualTo(words[bits] + "\n");
      assertThat(run.exitCode()).isEqualTo(bits == 0 ? 0 : 3);
    }
    replaceState = 14;
    assertThat(run("127.0.0.1:29801", "replstat").out()).isEqualTo("Deleting\n");
  }

  @Test
  void hashSpacesThatDifferShowInTheExitCode() {
    hashSpacesDiffer = true;
    ToolRun run = run("127.0.0.1:29801", "hscheck");
    assertThat(run.out()).isEqualTo("false\n");
    assertThat(run.exitCode()).isEqualTo(3);
  }

  @Test
  void delayIsTheAbsenceOfNoDelay() {
    run("127.0.0.1:29801", "set_delay");
    run("127.0.0.1:29801", "unset_delay");
    assertThat(servers[0].received())
        .extracting(
            m -> ((SetConfig) m).argument().getByte(((SetConfig) m).argument().readerIndex()))
        .containsExactly((byte) 0xc2, (byte) 0xc3);
  }

  @Test
  void aServerThatDoesNotAnswerDoesNotHideTheOthers() throws IOException {
    servers[1].close();
    ToolRun run = run("-m", "127.0.0.1:29700", "items");
    assertThat(run.out()).isEqualTo(here("127.0.0.1:29801:  300\n127.0.0.1:29803:  300\n"));
    assertThat(run.err()).contains(here("127.0.0.1:29802"), "refused");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void aManagerIsNoServer() {
    ToolRun run = run("127.0.0.1:29700", "pid");
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("a manager answers there", "name a server");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void figuresCanBeJson() {
    assertThat(run("-m", "127.0.0.1:29700", "pid", "-o", "json").out())
        .startsWith(here("{\"server\":\"127.0.0.1:29801\",\"pid\":12758}\n"));
    assertThat(run("127.0.0.1:29801", "stats", "-o", "json").out())
        .contains("\"cmd_set\":94")
        .contains("\"items\":300");
  }

  @Test
  void aWrongCommandLineIsALineAndAHint() {
    for (String line :
        List.of("127.0.0.1:29801 nosuch", "pid", "-m 127.0.0.1:29700 a b", "x:y pid")) {
      ToolRun run = run(line.split(" ", -1));
      assertThat(run.exitCode()).as(line).isEqualTo(2);
      assertThat(run.err().lines()).as(line).hasSize(2);
    }
  }

  @Test
  void aClusterWithoutServersIsAnError() throws IOException {
    try (FakePeer empty =
        new FakePeer(
            (id, message, out) -> {
              Frames.responseHeader(out, id);
              new NodesInfo(HashSpace.EMPTY, List.of()).write(out);
            })) {
      ToolRun run = run("-m", "127.0.0.1:" + empty.port(), "pid");
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains("no active server");
    }
    assertThat(run("127.0.0.1:29801", "cmd_gte").err()).contains("did you mean cmd_get?");
  }
}
