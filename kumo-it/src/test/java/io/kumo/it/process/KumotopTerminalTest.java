package io.kumo.it.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kumotop in a real terminal, as its user sees it: keys, sizes, and what is left behind. */
class KumotopTerminalTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir static Path directory;
  private static ClusterProcesses cluster;
  private static Load load;

  private final String socket = "kumotop-" + UUID.randomUUID();

  @BeforeAll
  static void up() {
    assumeTrue(isThere("tmux"), "tmux is missing");
    cluster = ClusterProcesses.up(directory, 3);
    load = Load.begin(cluster.gatewayPort());
  }

  private static boolean isThere(String program) {
    return List.of(System.getenv("PATH").split(":", -1)).stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  @AfterAll
  static void down() {
    if (load != null) {
      load.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  @AfterEach
  void endTerminal() throws Exception {
    tmux("kill-server");
  }

  @Test
  void everyKeyDoesWhatTheHelpSays() throws Exception {
    open(80, 24, "-m", cluster.manager(0), "-g", "127.0.0.1:" + cluster.gatewayPort());
    String screen = awaitScreen(text -> text.contains("3 of 3 servers answer") && hasRates(text));
    assertThat(screen).contains("rebalance  ", "gateway", "q quit");
    assertThat(screen.lines()).hasSizeLessThanOrEqualTo(24).allMatch(line -> line.length() <= 80);
    for (int i = 0; i < 3; i++) {
      assertThat(screen).contains(cluster.server(i));
    }
    keep("kumotop-80x24.txt", awaitScreen(KumotopTerminalTest::hasBars));

    type("s");
    awaitScreen(text -> text.contains("by rate"));
    type("r");
    awaitScreen(text -> text.contains("by rate, reversed"));
    type("p");
    String held = awaitScreen(text -> text.contains("PAUSED"));
    type("p");
    awaitScreen(text -> !text.contains("PAUSED") && !text.equals(held));
    type("/");
    type(cluster.server(1).substring(cluster.server(1).indexOf(':')));
    type("Enter");
    awaitScreen(
        text ->
            text.contains("only :")
                && text.contains(cluster.server(1))
                && !text.contains(cluster.server(0)));
    type("Escape");
    awaitScreen(text -> text.contains(cluster.server(0)));
    type("h");
    awaitScreen(text -> text.contains("order by the next of"));
    type("h");
    awaitScreen(text -> text.contains(cluster.server(0)));
    type("q");
    awaitScreen(text -> text.contains("before") && text.contains("after:0"));
  }

  /** By the heading of the servers; that of the gateways is the same in any width. */
  private static boolean isWide(String text) {
    return text.lines().anyMatch(line -> line.startsWith("server ") && line.contains("get/s"));
  }

  @Test
  void anotherSizeOfTheWindowIsFilled() throws Exception {
    open(80, 24, "-m", cluster.manager(0));
    awaitScreen(text -> text.contains("3 of 3 servers answer") && !isWide(text));
    tmux("resize-window", "-x", "140", "-y", "40");
    String wide = awaitScreen(text -> isWide(text) && hasRates(text));
    assertThat(wide.lines().filter(line -> line.contains("q quit"))).hasSize(1);
    assertThat(wide.lines().toList()).hasSize(40);
    keep("kumotop-140x40.txt", awaitScreen(KumotopTerminalTest::hasBars));
    tmux("resize-window", "-x", "80", "-y", "24");
    awaitScreen(text -> !isWide(text) && text.contains("q quit"));
    type("C-c");
    awaitScreen(text -> text.contains("after:0"));
  }

  @Test
  void serversThatAreNamedAreShownWithoutAManager() throws Exception {
    open(80, 24, cluster.server(0), cluster.server(2));
    String screen = awaitScreen(text -> text.contains("2 of 2 servers answer"));
    assertThat(screen)
        .contains(cluster.server(0), cluster.server(2))
        .doesNotContain(cluster.server(1), "rebalance");
    type("q");
    awaitScreen(text -> text.contains("after:0"));
  }

  /** The screens in the document have the headings that the program prints. */
  @Test
  void theDocumentShowsTheseScreens() throws Exception {
    String page = Files.readString(Screens.root().resolve("docs/watching.md"));
    open(80, 24, "-m", cluster.manager(0));
    String narrow = awaitScreen(text -> text.contains("q quit") && text.contains("p99 ms"));
    assertThat(page).contains(heading(narrow), narrow.lines().reduce((a, b) -> b).orElseThrow());
    tmux("resize-window", "-x", "140", "-y", "40");
    assertThat(page).contains(heading(awaitScreen(text -> text.contains("get/s"))));
  }

  private static String heading(String screen) {
    return screen.lines().filter(line -> line.startsWith("server ")).findFirst().orElseThrow();
  }

  private static boolean hasRates(String screen) {
    return !screen.contains(" 0 requests/s");
  }

  /** A row of bars that rise and fall. */
  private static boolean hasBars(String screen) {
    return screen.lines().anyMatch(line -> line.matches(".*[▁▂▃▄▅▆▇█]{9}.*"));
  }

  private static void keep(String name, String screen) {
    Screens.keep(name, (screen + "\n").getBytes(UTF_8));
  }

  private void open(int columns, int rows, String... arguments) throws Exception {
    List<String> program = new ArrayList<>();
    program.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    program.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dkumo.terminal=true"));
    program.addAll(List.of("-cp", System.getProperty("java.class.path")));
    program.add("io.kumo.tools.top.KumotopMain");
    program.addAll(List.of(arguments));
    Path script = Files.createTempFile(directory, "run", ".sh");
    String line = String.join(" ", program.stream().map(word -> "'" + word + "'").toList());
    Files.writeString(
        script, "trap : INT\necho before\n" + line + "\necho after:$?\nexec sleep 600\n");
    String[] window = {"-x", "" + columns, "-y", "" + rows, "sh " + script};
    List<String> command = new ArrayList<>(List.of("-f", "/dev/null", "new-session", "-d"));
    command.addAll(List.of(window));
    assertThat(tmux(command.toArray(new String[0]))).isEmpty();
  }

  private void type(String key) throws Exception {
    tmux("send-keys", key);
  }

  private String awaitScreen(Predicate<String> wanted) {
    return await().atMost(PATIENCE).until(() -> tmux("capture-pane", "-p").stripTrailing(), wanted);
  }

  private String tmux(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("tmux", "-u", "-L", socket));
    command.addAll(List.of(arguments));
    ProcessBuilder program = new ProcessBuilder(command).redirectErrorStream(true);
    program.environment().put("LC_ALL", "C.UTF-8");
    Process process = program.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return output;
  }
}
