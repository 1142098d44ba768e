package io.kumo.it.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway process with a user file, text and HTTP, and the file changed while it runs. */
class UsersTest {
  /** Of "password". */
  private static final String HASH =
      "$pbkdf2-sha256$8000$XAuBMIYQQogxRg$tRRlz8hYn63B9LYiCd6PRo6FMiunY9ozmMMI3srxeRE";

  private static final String LOGIN = "set x 0 0 14\r\nalice password\r\n";

  @TempDir Path directory;

  private final HttpClient http = HttpClient.newHttpClient();
  private final int httpPort = freePort();

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path write(String users) throws IOException {
    Path made = directory.resolve("users.new");
    Files.writeString(made, users);
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
    return Files.move(made, directory.resolve("users"), StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void usersAreAskedForReloadedAndHaveTheirRights() throws Exception {
    Path users = write("alice:" + HASH + "\n");
    try (ClusterProcesses cluster = new ClusterProcesses(directory, 1)) {
      cluster.startAll();
      cluster.useGatewayArguments(
          "--auth-file", users.toString(), "--http-keys", "127.0.0.1:" + httpPort);
      cluster.process("gateway").stop();
      cluster.startGateway();
      try (TextClient alice = login(cluster)) {
        await().until(() -> alice.set("a", "1").equals("STORED"));
        assertThat(request("GET", null)).isEqualTo(401);
        assertThat(request("GET", "alice:wrong")).isEqualTo(401);
        assertThat(request("GET", "alice:password")).isEqualTo(200);
        assertThat(request("PUT", "alice:password")).isEqualTo(204);
        reload(cluster, "alice:" + HASH + ":read-only\n");
        await().until(() -> alice.set("a", "1").equals("CLIENT_ERROR permission denied"));
        assertThat(request("PUT", "alice:password")).isEqualTo(403);
        assertThat(request("GET", "alice:password")).isEqualTo(200);
        reload(cluster, "nonsense");
        await().until(() -> cluster.process("gateway").output().contains("KUMO-1004"));
        assertThat(alice.get("a")).isNotNull();
        reload(cluster, "bob:secret\n");
        await().until(() -> request("GET", "bob:secret") == 200);
        assertThat(alice.line("get a\r\n")).isEqualTo("CLIENT_ERROR unauthenticated");
      }
      assertThat(cluster.process("gateway").output()).doesNotContain("secret", "tRRlz8hYn63B");
    }
  }

  private static TextClient login(ClusterProcesses cluster) {
    return await()
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> {
              TextClient client = new TextClient(cluster.gatewayPort());
              assertThat(client.line("get a\r\n")).isEqualTo("CLIENT_ERROR unauthenticated");
              assertThat(client.line(LOGIN)).isEqualTo("STORED");
              return client;
            },
            client -> true);
  }

  private void reload(ClusterProcesses cluster, String users) throws Exception {
    write(users);
    String pid = Long.toString(cluster.process("gateway").pid());
    assertThat(new ProcessBuilder("kill", "-s", "HUP", pid).start().waitFor()).isZero();
  }

  private int request(String method, String credentials) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + "/keys/a"))
            .method(
                method,
                method.equals("PUT")
                    ? HttpRequest.BodyPublishers.ofString("2")
                    : HttpRequest.BodyPublishers.noBody());
    if (credentials != null) {
      String encoded = Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
      request.header("Authorization", "Basic " + encoded);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
  }
}
