package io.kumo.it.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import net.rubyeye.xmemcached.XMemcachedClientBuilder;
import net.rubyeye.xmemcached.auth.AuthInfo;
import net.rubyeye.xmemcached.command.BinaryCommandFactory;
import net.spy.memcached.ConnectionFactoryBuilder;
import net.spy.memcached.MemcachedClient;
import net.spy.memcached.auth.AuthDescriptor;
import net.spy.memcached.auth.PlainCallbackHandler;
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
  private final int httpPort = FreePorts.one();

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
        spymemcachedLogsIn(cluster.gatewayPort());
        xmemcachedLogsIn(cluster.gatewayPort());
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

  private static void spymemcachedLogsIn(int port) throws Exception {
    MemcachedClient client =
        new MemcachedClient(
            new ConnectionFactoryBuilder()
                .setProtocol(ConnectionFactoryBuilder.Protocol.BINARY)
                .setAuthDescriptor(
                    new AuthDescriptor(
                        new String[] {"PLAIN"}, new PlainCallbackHandler("alice", "password")))
                .setOpTimeout(20_000)
                .build(),
            List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
    try {
      assertThat(client.set("spy", 0, "by spymemcached").get()).isTrue();
      assertThat(client.get("spy")).isEqualTo("by spymemcached");
    } finally {
      client.shutdown();
    }
  }

  private static void xmemcachedLogsIn(int port) throws Exception {
    // It finds who it is by the name that the address leads back to.
    String name = InetAddress.getLoopbackAddress().getHostName();
    InetSocketAddress gateway = new InetSocketAddress(name, port);
    XMemcachedClientBuilder builder = new XMemcachedClientBuilder(List.of(gateway));
    builder.setCommandFactory(new BinaryCommandFactory());
    builder.addAuthInfo(gateway, AuthInfo.plain("alice", "password"));
    builder.setOpTimeout(20_000);
    net.rubyeye.xmemcached.MemcachedClient client = builder.build();
    try {
      // It logs in behind the back of whoever asks first.
      await().ignoreExceptions().until(() -> client.set("x", 0, "by xmemcached"));
      assertThat(client.<String>get("x")).isEqualTo("by xmemcached");
    } finally {
      client.shutdown();
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
    cluster.process("gateway").hangUp();
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
