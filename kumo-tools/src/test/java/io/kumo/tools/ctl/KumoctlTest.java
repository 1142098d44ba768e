package io.kumo.tools.ctl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.admin.DetachFaultServers;
import io.kumo.core.protocol.admin.GetNodesInfo;
import io.kumo.core.protocol.admin.GetServerStatistics;
import io.kumo.core.protocol.admin.GetStatus;
import io.kumo.core.protocol.admin.NodesInfo;
import io.kumo.core.protocol.admin.ServerStatistics;
import io.kumo.core.protocol.admin.SetAutoReplace;
import io.kumo.core.protocol.admin.StartReplace;
import io.kumo.core.protocol.store.CompactStore;
import io.kumo.core.protocol.store.CreateBackup;
import io.kumo.core.protocol.store.GetStoreUsage;
import io.kumo.core.protocol.store.StoreTask;
import io.kumo.core.protocol.store.StoreUsage;
import io.kumo.core.protocol.wire.Frames;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.tools.FakePeer;
import io.kumo.tools.ToolRun;
import io.kumo.tools.Transcript;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KumoctlTest {

  /** As in the transcripts: 2026-11-20 19:56:37 UTC, clock 1. */
  private static final long ATTACHED_AT = 7710345033743859713L;

  @TempDir Path folder;

  private final TimeZone zone = TimeZone.getDefault();
  private NodesInfo info = new NodesInfo(HashSpace.EMPTY, servers(3));
  private final Deque<StoreUsage> figures = new ConcurrentLinkedDeque<>();
  private boolean autoReplace;
  private boolean diskFull;
  private FakePeer manager;

  @BeforeEach
  void start() throws IOException {
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    manager = new FakePeer(this::answer);
  }

  @AfterEach
  void stop() throws IOException {
    TimeZone.setDefault(zone);
    manager.close();
  }

  private static List<NodeAddress> servers(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> NodeAddress.of(new byte[] {127, 0, 0, 1}, 29801 + i))
        .toList();
  }

  private void answer(int msgId, Message message, ByteBuf out) {
    if (message instanceof GetNodesInfo) {
      Frames.responseHeader(out, msgId);
      info.write(out);
    } else if (message instanceof GetServerStatistics && diskFull) {
      Frames.responseHeader(out, msgId);
      new ServerStatistics(new TreeMap<>(Map.of(ServerStatistics.DISK_FULL, 1L))).write(out);
    } else if (message.method().isExtended()
        && !(message instanceof GetStoreUsage || message instanceof CompactStore)) {
      Frames.errorResponse(out, msgId, ErrorCode.PROTOCOL);
    } else if (message instanceof SetAutoReplace set) {
      boolean changed = set.enable() != autoReplace;
      autoReplace = set.enable();
      if (changed) {
        Frames.boolResponse(out, msgId, autoReplace);
      }
      // The original answers a change twice.
      Frames.nilResponse(out, msgId);
    } else if (message instanceof AttachNewServers) {
      attach();
      Frames.nilResponse(out, msgId);
    } else if (message instanceof GetStoreUsage) {
      Frames.responseHeader(out, msgId);
      figures.remove().write(out);
    } else if (message instanceof CreateBackup backup && backup.suffix().isEmpty()) {
      Frames.errorResponse(
          out, msgId, "empty suffix".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    } else {
      Frames.nilResponse(out, msgId);
    }
  }

  private void attach() {
    List<Node> nodes = servers(3).stream().map(a -> new Node(a, true)).toList();
    info = new NodesInfo(HashSpace.of(nodes, ATTACHED_AT), List.of());
  }

  private ToolRun run(String... args) {
    args[0] = "127.0.0.1:" + manager.port();
    return ToolRun.of(new KumoctlMain(), args);
  }

  @Test
  void everyCommandPrintsWhatTheOriginalPrinted() throws IOException {
    int compared = 0;
    for (Transcript.Step step : Transcript.read("kumoctl.txt")) {
      if (step.exitCode() == 0 && !step.command().equals("backup")) {
        ToolRun run = run(step.arguments());
        assertThat(run.out()).as("%s", step.words()).isEqualTo(step.output());
        assertThat(run.exitCode()).as("%s", step.words()).isZero();
        if (step.words().contains("-auto-replace") || step.words().contains("status")) {
          assertThat(run.err()).isEmpty();
        }
        compared++;
      }
    }
    assertThat(compared).isEqualTo(15);
  }

  @ParameterizedTest
  @CsvSource({"detach,true", "remove,true", "detach-noreplace,false"})
  void detachMayAlsoBeCalledRemove(String command, boolean replace) {
    assertThat(run("", command).exitCode()).isZero();
    assertThat(manager.received()).contains(new DetachFaultServers(replace));
  }

  @Test
  void attachCanBeForced() {
    assertThat(run("", "attach", "--force").exitCode()).isZero();
    assertThat(run("", "attach-noreplace").exitCode()).isZero();
    assertThat(run("", "attach", "--replicas", "5").exitCode()).isZero();
    assertThat(run("", "attach-noreplace", "--replicas", "8").exitCode()).isEqualTo(2);
    assertThat(manager.received()).contains(new AttachNewServers(true, false, false, 5));
    assertThat(manager.received())
        .contains(new AttachNewServers(true, true), new AttachNewServers(false, false));
  }

  @Test
  void replaceIsOrdinaryOrFull() {
    run("", "replace");
    run("", "full-replace");
    assertThat(manager.received()).contains(new StartReplace(false), new StartReplace(true));
  }

  @Test
  void backupTakesToday() {
    ToolRun run = run("", "backup");
    assertThat(run.out()).matches("suffix=20\\d{6}\nnil\n");
    String suffix = run.out().substring("suffix=".length(), run.out().indexOf('\n'));
    assertThat(manager.received()).contains(new CreateBackup(suffix));
    assertThat(run.err()).contains("127.0.0.1:29801", "--wait");
  }

  @Test
  void aFaultServerShowsInTheExitCode() {
    attach();
    NodeAddress second = servers(2).get(1);
    info = new NodesInfo(info.hashSpace().withFault(second, ATTACHED_AT), List.of(second));
    ToolRun run = run("", "status");
    assertThat(run.out()).contains("  127.0.0.1:29802  (fault)\n", "not attached node:\n  127.");
    assertThat(run.exitCode()).isEqualTo(3);
  }

  @Test
  void statusCanBeJson() {
    attach();
    assertThat(run("", "status", "-o", "json").out())
        .startsWith(
            "{\"clocktime\":\"7710345033743859713\",\"changed\":\""
                + ClockTime.format(ATTACHED_AT)
                + "\",\"time\":1795204597,\"clock\":1,\"nodes\":[{\"address\":\"127.0.0.1:29801\",\"active\":true},{\"address\":\"127.0.0.1:29802\",\"active\":true},{\"address\":\"127.0.0.1:29803\",\"active\":true}],\"newcomers\":[],\"version\":")
        .contains("\"role\":\"manager\"", "{\"role\":\"server\",\"address\":\"127.0.0.1:29801\"")
        .endsWith("\"gateways\":[]}\n");
    assertThat(run("", "replace", "-o", "json").out()).isEqualTo("{\"result\":null}\n");
  }

  @ParameterizedTest
  @CsvSource({"nosuch", "status extra", "replace --force", "backup a b"})
  void aWrongCommandIsALineAndAHint(String words) {
    ToolRun run = run((" " + words).split(" ", -1));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines()).hasSize(2);
    assertThat(manager.received()).isEmpty();
  }

  /** This fake is manager and server in one. */
  private void bePartOf(HashSpace space) {
    NodeAddress self = NodeAddress.of(new byte[] {127, 0, 0, 1}, manager.port());
    info = new NodesInfo(space.withActive(self, ATTACHED_AT), List.of());
  }

  private static StoreUsage figures(StoreTask task) {
    return new StoreUsage(1000, 7, 2048, 100, 3 << 20, 1 << 20, 5L << 30, 2, task);
  }

  @Test
  void duIsATableOrJson() {
    bePartOf(HashSpace.EMPTY);
    figures.add(figures(StoreTask.NONE));
    assertThat(run("", "du").out())
        .matches("(?s)server +live +tombstones .*\n127.0.0.1:\\d+ +1000 +7 +2.0K +100 +3.0M .*2\n");
    figures.add(figures(StoreTask.NONE));
    assertThat(run("", "du", "-o", "json").out())
        .startsWith("{\"server\":\"127.0.0.1:" + manager.port() + "\",\"live\":1000,")
        .contains("\"free_bytes\":1048576", "\"damaged\":2");
  }

  @Test
  void compactShowsItsProgressAndFailsWhenTheServerDoes() {
    bePartOf(HashSpace.EMPTY);
    String self = "127.0.0.1:" + manager.port();
    figures.add(figures(new StoreTask("compact", StoreTask.RUNNING, 1, 8, "")));
    figures.add(figures(new StoreTask("compact", StoreTask.RUNNING, 1, 8, "")));
    figures.add(figures(new StoreTask("compact", StoreTask.DONE, 8, 8, "")));
    ToolRun run = run("", "compact", self);
    assertThat(run.out())
        .isEqualTo(
            self
                + ": compact running, 1 of 8, files 3.0M, free 1.0M\n"
                + (self + ": compact done, 8 of 8, files 3.0M, free 1.0M\n"));
    assertThat(run.exitCode()).isZero();
    assertThat(manager.received()).contains(new CompactStore());
    figures.add(figures(new StoreTask("compact", StoreTask.FAILED, 3, 8, "no room")));
    ToolRun failed = run("", "compact", self);
    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.err()).contains("compact failed: no room");
    assertThat(run("", "compact", "127.0.0.1:1").err()).contains("no server that this manager");
  }

  @Test
  void backupCanWaitForEveryServer() {
    bePartOf(HashSpace.EMPTY);
    figures.add(figures(StoreTask.NONE));
    figures.add(figures(StoreTask.NONE));
    figures.add(figures(new StoreTask("backup x", StoreTask.DONE, 1, 1, "/data/s-x")));
    ToolRun run = run("", "backup", "--wait", "x");
    assertThat(run.out()).startsWith("suffix=x\nnil\n").contains("backup x done", "/data/s-x");
    assertThat(run.exitCode()).isZero();
    figures.add(figures(StoreTask.NONE));
    figures.add(figures(new StoreTask("backup y", StoreTask.FAILED, 0, 1, "no room")));
    ToolRun failed = run("", "backup", "--wait", "y");
    assertThat(failed.err()).contains("no room");
    assertThat(failed.exitCode()).isEqualTo(1);
  }

  @Test
  void anErrorOfTheManagerIsALine() {
    ToolRun run = run("", "backup", "");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).isEqualTo("kumoctl: 127.0.0.1:" + manager.port() + ": empty suffix\n");
  }

  @Test
  void aManagerThatIsNotThereIsALine() throws IOException {
    int port = manager.port();
    manager.close();
    ToolRun run = ToolRun.of(new KumoctlMain(), "127.0.0.1:" + port, "status");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).isEqualTo("kumoctl: 127.0.0.1:" + port + ": Connection refused\n");
  }

  @Test
  void aManagerThatClosesIsALine() throws IOException {
    try (FakePeer closing =
        new FakePeer((id, message, out) -> Frames.errorResponse(out, id, ErrorCode.SERVER))) {
      ToolRun run = ToolRun.of(new KumoctlMain(), "127.0.0.1:" + closing.port(), "status");
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).isEqualTo("kumoctl: 127.0.0.1:" + closing.port() + ": error 6\n");
    }
  }

  @Test
  void noAnswerIsALine() throws IOException {
    try (FakePeer silent = new FakePeer((id, message, out) -> {})) {
      ToolRun run =
          ToolRun.of(
              new KumoctlMain(), "127.0.0.1:" + silent.port(), "status", "--timeout", "200ms");
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains("no answer in time");
    }
  }

  @Test
  void withoutArgumentsTheUsageIsShown() {
    ToolRun run = ToolRun.of(new KumoctlMain());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("Usage: kumoctl", "attach-noreplace", "disable-auto-replace");
    if (!run.out().isEmpty()) {
      fail("usage after an error belongs on stderr");
    }
  }

  @ParameterizedTest
  @CsvSource({"atach --wait", "atach", "statsu", "managers ste 1"})
  void aMistypedCommandIsAnsweredWithTheOneThatIsMeant(String words) {
    ToolRun run = run((" " + words).split(" ", -1));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("kumoctl: unknown command: ").contains("; did you mean ");
    assertThat(manager.received()).isEmpty();
  }

  @Test
  void aServerIsNoManager() throws IOException {
    try (FakePeer server =
        new FakePeer(
            (id, message, out) -> {
              if (message instanceof GetStatus) {
                Frames.unsignedResponse(out, id, 1);
              } else {
                Frames.errorResponse(out, id, ErrorCode.PROTOCOL);
              }
            })) {
      ToolRun run = ToolRun.of(new KumoctlMain(), "127.0.0.1:" + server.port(), "status");
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains("a server answers there", "name a manager");
    }
  }

  @Test
  void whoSpeaksMemcachedIsNoManager() throws IOException {
    try (ServerSocket gateway = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread thread = new Thread(() -> speakMemcached(gateway), "gateway");
      thread.setDaemon(true);
      thread.start();
      ToolRun run =
          ToolRun.of(
              new KumoctlMain(), "127.0.0.1:" + gateway.getLocalPort(), "status", "--timeout", "1");
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains("speaks memcached");
    }
  }

  /** Closes a connection on which no line comes, after the first read. */
  private static void speakMemcached(ServerSocket listener) {
    while (!listener.isClosed()) {
      try (Socket socket = listener.accept()) {
        byte[] chunk = new byte[100];
        int count = socket.getInputStream().read(chunk);
        if (count > 0 && chunk[count - 1] == '\n') {
          socket.getOutputStream().write("VERSION 1.6.18\r\n".getBytes(UTF_8));
        }
      } catch (IOException e) {
        assertThat(listener.isClosed()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ not json|not JSON",
        "[]|it does not say that it is",
        "''|it does not say that it is",
        "{'format':'kumo manager state 1'}|servers is missing",
        "{'format':'kumo manager state 1','servers':[{'address':'1','capabilities':'x'}]}|"
            + "capabilities is not a number",
      })
  void aForeignFileIsRefusedInOurOwnWords(String text, String why) throws IOException {
    Path file = Files.writeString(folder.resolve("state"), text.replace('\'', '"'));
    ToolRun run = run("", "load", file.toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("kumoctl: " + file + " is no state of managers: " + why);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run("", "load", folder.resolve("none").toString()).err())
        .isEqualTo(
            "kumoctl: cannot read " + folder.resolve("none") + ": no such file or directory\n");
  }

  @Test
  void aBackupOrListOfNoServersIsNoSuccess() {
    info = new NodesInfo(HashSpace.EMPTY, List.of());
    ToolRun backup = run("", "backup", "x");
    assertThat(backup.exitCode()).isEqualTo(3);
    assertThat(backup.out()).isEqualTo("suffix=x\nnil\n");
    assertThat(backup.err()).contains("nothing is backed up");
    ToolRun du = run("", "du");
    assertThat(du.exitCode()).isEqualTo(1);
    assertThat(du.err()).contains("no server is connected");
  }

  @Test
  void aFullDiskIsNamed() {
    bePartOf(HashSpace.EMPTY);
    diskFull = true;
    String self = "127.0.0.1:" + manager.port();
    ToolRun status = run("", "status");
    assertThat(status.out()).endsWith(self + "  (active)\nnot attached node:\n");
    assertThat(status.err()).isEqualTo("kumoctl: disk full on " + self + ": it refuses writes\n");
    assertThat(status.exitCode()).isEqualTo(3);
    assertThat(run("", "status", "-o", "json").out()).contains("\"diskFull\":true");
    figures.add(figures(StoreTask.NONE));
    ToolRun du = run("", "du");
    assertThat(du.err()).contains("disk full on " + self);
    assertThat(du.exitCode()).isEqualTo(3);
  }
}
