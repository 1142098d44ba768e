package io.kumo.it.migration;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.auth.Rights;
import io.kumo.core.auth.User;
import io.kumo.core.auth.UserFile;
import io.kumo.gateway.ClientSecurity;
import io.kumo.gateway.GatewayConfig;
import io.kumo.it.cost.LocalCluster;
import io.kumo.it.process.TextClient;
import io.kumo.tools.importing.KumoImportMain;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway tells all keys as memcached's crawler does. */
class ListedKeysTest {
  private static final String ALL = "lru_crawler metadump all\r\n";

  @TempDir Path folder;

  private LocalCluster cluster;

  @BeforeEach
  void up() throws IOException {
    cluster = new LocalCluster(folder.resolve("one"));
  }

  @AfterEach
  void down() {
    cluster.close();
  }

  private static List<String> ask(int port, String... requests) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
      List<String> lines = new ArrayList<>();
      for (String request : requests) {
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        String line;
        do {
          line = in.readLine();
          lines.add(line);
        } while (line.startsWith("key=") || line.startsWith("mg "));
      }
      return lines;
    }
  }

  private static void fill(int port) throws IOException {
    try (TextClient client = new TextClient(port)) {
      for (int i = 0; i < 1500; i++) {
        assertThat(client.set("key:" + i, "value")).isEqualTo("STORED");
      }
      client.line("set ttl 0 1000 1\r\nx\r\n");
      client.line("set gone 0 -1 1\r\nx\r\n");
      client.line("set a%b/c~d 0 0 1\r\nx\r\n");
      client.line("ms Zm9vIGJhcg== 2 b\r\nhi\r\n");
    }
  }

  /** What depends on time, on versions and on how items lie in memory. */
  private static List<String> plain(List<String> lines) {
    return lines.stream()
        .map(line -> line.replaceAll("exp=\\d+", "exp=N").replaceAll("(la|cas|size)=\\d+", "$1=N"))
        .sorted()
        .toList();
  }

  @Test
  void itDoesSoByMemcachedsLines() throws IOException {
    int ours = cluster.clientAddress().getPort();
    try (OtherStore memcached = OtherStore.memcached()) {
      fill(memcached.port());
      fill(ours);
      List<String> told = plain(ask(ours, ALL));
      assertThat(told.size()).isEqualTo(1504);
      assertThat(told).isEqualTo(plain(ask(memcached.port(), ALL)));
      for (String wrong :
          List.of("", " metadump", " metadump x", " metadump 99", " metadump all x", " mgdump")) {
        String request = "lru_crawler" + wrong + "\r\n";
        assertThat(ask(ours, request)).as(request).isEqualTo(ask(memcached.port(), request));
      }
    }
    List<String> meta = ask(ours, "lru_crawler mgdump all\r\n", "version\r\n");
    assertThat(meta)
        .hasSize(1505)
        .contains("mg key:7", "mg Zm9vIGJhcg== b", "EN")
        .doesNotContain("mg gone");
  }

  @Test
  void aKeyThatEndsLinesEndsNoList() throws IOException {
    int port = cluster.clientAddress().getPort();
    byte[] key = "a\r\nEN\r\nb".getBytes(ISO_8859_1);
    ByteBuffer set = ByteBuffer.allocate(24 + 8 + key.length);
    set.put((byte) 0x80).put((byte) 1).putShort((short) key.length).put((byte) 8);
    set.putInt(8, 8 + key.length).position(24 + 8).put(key);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(set.array());
      assertThat(socket.getInputStream().readNBytes(24)).startsWith(0x81, 1, 0, 0, 0, 0, 0, 0);
    }
    assertThat(ask(port, "lru_crawler mgdump all\r\n", "version\r\n"))
        .hasSize(3)
        .startsWith("mg YQ0KRU4NCmI= b", "EN");
  }

  @Test
  void whatComesBehindAListIsAnsweredBehindIt() throws IOException {
    int port = cluster.clientAddress().getPort();
    fill(port);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String requests = "set z 0 0 1\r\nx\r\n" + ALL + "get z\r\ndelete z\r\n";
      socket.getOutputStream().write(requests.getBytes(ISO_8859_1));
      BufferedReader in =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
      assertThat(in.readLine()).isEqualTo("STORED");
      String line = in.readLine();
      int keys = 0;
      for (; line.startsWith("key="); line = in.readLine()) {
        keys++;
      }
      assertThat(keys).isEqualTo(1504);
      assertThat(List.of(line, in.readLine(), in.readLine(), in.readLine(), in.readLine()))
          .containsExactly("END", "VALUE z 0 1", "x", "END", "DELETED");
    }
  }

  @Test
  void aClientIsToldOfItsOwnKeysAlone() throws IOException {
    int plain = cluster.clientAddress().getPort();
    int prefixed = start(config -> config.with(1, "one:"));
    User known = UserFile.parse("joe:secret\n".getBytes(ISO_8859_1)).user("joe");
    Rights rights = new Rights(true, false, List.of("joe."));
    UserFile users = UserFile.of(List.of(new User("joe", known.password(), rights)));
    int guarded = start(config -> config.withSecurity(new ClientSecurity(() -> users, null)));
    try (TextClient client = new TextClient(plain)) {
      client.set("one:a", "1");
      client.set("two", "2");
      client.set("joe.x", "3");
    }
    assertThat(ask(prefixed, "lru_crawler mgdump hash\r\n")).containsExactly("mg a", "EN");
    assertThat(ask(guarded, "set auth 0 0 10\r\njoe secret\r\n", "lru_crawler mgdump all\r\n"))
        .containsExactly("STORED", "mg joe.x", "EN");
  }

  private int start(UnaryOperator<GatewayConfig> change) throws IOException {
    InetSocketAddress address = cluster.startGateway(change);
    return address.getPort();
  }

  @Test
  void aClusterIsImportedThroughAGateway() throws IOException {
    int port = cluster.clientAddress().getPort();
    fill(port);
    try (LocalCluster other = new LocalCluster(folder.resolve("two"))) {
      ProgramRun run =
          ProgramRun.of(
              new KumoImportMain(),
              "-m",
              other.managerAddress().toString(),
              "--state",
              folder.resolve("state").toString(),
              "--in-flight",
              "64",
              "--memcached",
              "127.0.0.1:" + port);
      assertThat(run.err()).isEmpty();
      assertThat(run.out()).startsWith("loaded         1503\n");
      try (TextClient client = new TextClient(other.clientAddress().getPort())) {
        assertThat(client.get("key:1499")).isEqualTo("value");
        assertThat(client.get("a%b/c~d")).isEqualTo("x");
        assertThat(client.line("mg Zm9vIGJhcg== b s\r\n")).isEqualTo("HD s2");
      }
    }
  }
}
