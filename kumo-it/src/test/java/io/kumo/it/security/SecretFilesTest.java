package io.kumo.it.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.it.process.ClusterProcesses;
import io.kumo.it.process.FreePorts;
import io.kumo.it.process.TextClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is secret is found nowhere but in the files that were given, and files that cannot be used
 * change nothing while clients write.
 */
class SecretFilesTest {
  private static final String SECRET = "the-secret-of-this-cluster";
  private static final String PASSWORD = "the-password-of-alice";
  private static final String TOKEN = "the-token-of-the-console";
  private static final List<String> PROCESSES = List.of("manager-0", "server-0", "gateway");
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rw-------");

  @TempDir Path directory;

  private final int managerHttp = FreePorts.one();
  private final int gatewayHttp = FreePorts.one();

  @Test
  void theyStayWhereTheyAreAndBadOnesChangeNothing() throws Exception {
    Path given = Files.createDirectory(directory.resolve("given"));
    Path secret = write(given.resolve("secret"), SECRET);
    Path users = write(given.resolve("users"), "alice:" + PASSWORD);
    Path token = write(given.resolve("token"), TOKEN);
    Path written = Files.createDirectory(directory.resolve("written"));
    try (ClusterProcesses cluster = new ClusterProcesses(written, 1)) {
      cluster.useSecurity("--secret-file", secret.toString());
      cluster.useNodeArguments("--http-token-file", token.toString());
      cluster.useManagerArguments("--http", "" + managerHttp);
      cluster.useCopies(1);
      cluster.startAll();
      cluster.process("gateway").stop();
      cluster.useGatewayArguments(
          "--auth-file",
          users.toString(),
          "--http",
          "" + gatewayHttp,
          "--http-token-file",
          token.toString());
      cluster.startGateway();
      loggedIn(cluster.gatewayPort()).close();
      AtomicBoolean stop = new AtomicBoolean();
      CompletableFuture<Integer> load =
          CompletableFuture.supplyAsync(() -> write(cluster.gatewayPort(), stop));
      for (Path file : List.of(secret, users, token)) {
        damage(cluster, file);
      }
      assertNothingIsTold(cluster);
      stop.set(true);
      assertThat(load.get()).as("writes until it was stopped").isPositive();
    }
    assertNothingIsWritten(written);
  }

  private static Path write(Path file, String content) throws IOException {
    Files.writeString(file, content + "\n");
    return Files.setPosixFilePermissions(file, PRIVATE);
  }

  /** Each is looked at by whoever uses it, and the process goes on by what it had. */
  private static void damage(ClusterProcesses cluster, Path file) throws Exception {
    String good = Files.readString(file);
    for (String bad : List.of("short\n", "\0\1\2", "x".repeat(1 << 20))) {
      Files.writeString(file, bad);
      hangUp(cluster);
    }
    Files.writeString(file, good);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    hangUp(cluster);
    Files.delete(file);
    hangUp(cluster);
    Files.createDirectory(file);
    hangUp(cluster);
    Files.delete(file);
    write(file, good.strip());
    hangUp(cluster);
    assertThat(cluster.kumoctl(0, "status").exitCode()).as("with %s again", file).isZero();
    try (TextClient client = loggedIn(cluster.gatewayPort())) {
      assertThat(client.set("key", "again")).isEqualTo("STORED");
    }
  }

  /** Has all processes read their files again, and returns when they have. */
  private static void hangUp(ClusterProcesses cluster) throws Exception {
    for (String name : PROCESSES) {
      int before = told(cluster, name);
      cluster.process(name).hangUp();
      await().until(() -> told(cluster, name) > before);
    }
  }

  private static int told(ClusterProcesses cluster, String name) {
    return cluster.process(name).output().split("reloaded", -1).length;
  }

  private static TextClient loggedIn(int port) throws IOException {
    await().ignoreExceptionsInstanceOf(IOException.class).until(() -> isThere(port));
    TextClient client = new TextClient(port);
    assertThat(client.set("login", "alice " + PASSWORD)).isEqualTo("STORED");
    return client;
  }

  /** Whether it takes records. */
  private static boolean isThere(int port) throws IOException {
    try (TextClient client = new TextClient(port)) {
      return client.set("login", "alice " + PASSWORD).equals("STORED")
          && client.set("there", "1").equals("STORED");
    }
  }

  private static int write(int port, AtomicBoolean stop) {
    int writes = 0;
    try (TextClient client = loggedIn(port)) {
      while (!stop.get()) {
        assertThat(client.set("key", Integer.toString(writes))).isEqualTo("STORED");
        writes++;
      }
      return writes;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void assertNothingIsTold(ClusterProcesses cluster) throws Exception {
    for (String name : PROCESSES) {
      assertTellsNothing(name + "'s output", cluster.process(name).output());
      Path line = Path.of("/proc", Long.toString(cluster.process(name).pid()), "cmdline");
      assertTellsNothing(name + "'s command line", Files.readString(line));
    }
    for (int port : new int[] {managerHttp, gatewayHttp}) {
      for (String path : List.of("/metrics", "/status.json", "/readyz", "/")) {
        assertTellsNothing(path, shown(port, path));
      }
    }
    for (String command : List.of("status", "history", "gateways", "nodes")) {
      assertTellsNothing(command, cluster.kumoctl(0, command, "-o", "json").output());
    }
    assertTellsNothing("config", cluster.kumoctl(0, "config", "get", "-o", "json").output());
  }

  private static String shown(int port, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    HttpRequest request =
        HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + TOKEN).build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private static void assertTellsNothing(String where, String text) {
    assertThat(text).as(where).isNotEmpty().doesNotContain(SECRET, PASSWORD, TOKEN);
  }

  /** What the daemons themselves write is for nobody else to read, and holds none of it. */
  private static void assertNothingIsWritten(Path written) throws IOException {
    try (Stream<Path> all = Files.walk(written)) {
      for (Path path : all.filter(path -> !path.equals(written)).toList()) {
        boolean ofTheTest = path.getParent().equals(written) && path.toString().endsWith(".log");
        if (!ofTheTest) {
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
              .as(path.toString())
              .endsWith("------");
        }
        if (Files.isRegularFile(path)) {
          String bytes = new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
          assertThat(bytes.contains(SECRET) || bytes.contains(PASSWORD) || bytes.contains(TOKEN))
              .as(path.toString())
              .isFalse();
        }
      }
    }
  }
}
