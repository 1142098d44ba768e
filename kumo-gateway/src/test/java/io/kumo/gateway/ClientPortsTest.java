package io.kumo.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kumo.core.cli.Cli;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a gateway serves clients: several ports, IPv6, sockets in the file system. */
class ClientPortsTest {
  private static final String VERSION = "VERSION 1.6.27\r\n";

  @TempDir Path directory;

  private static Gateway start(String... arguments) throws IOException {
    GatewayMain main = new GatewayMain();
    String[] all =
        Stream.concat(Stream.of("-m", "127.0.0.1:1"), Stream.of(arguments)).toArray(String[]::new);
    Cli.commandLine(main).parseArgs(all);
    return Gateway.start(main.config());
  }

  private static String version(SocketAddress address) throws IOException {
    try (SocketChannel client = SocketChannel.open(address)) {
      return ask(client, "version\r\n", VERSION.length());
    }
  }

  private static String ask(SocketChannel client, String request, int length) throws IOException {
    client.write(ByteBuffer.wrap(request.getBytes(US_ASCII)));
    ByteBuffer answer = ByteBuffer.allocate(length);
    while (answer.hasRemaining() && client.read(answer) >= 0) {}
    return new String(answer.array(), 0, answer.position(), US_ASCII);
  }

  private Path file() {
    return directory.resolve("kumo.sock");
  }

  private UnixDomainSocketAddress unix() {
    return UnixDomainSocketAddress.of(file());
  }

  private String option() {
    return "unix:" + file();
  }

  @Test
  void severalPortsAreServedAlike() throws IOException {
    try (Gateway gateway =
        start("-t", "127.0.0.1:0", "-t", "127.0.0.1:0", "-t", option(), "--threads", "2")) {
      assertThat(gateway.addresses()).hasSize(2).doesNotHaveDuplicates();
      for (InetSocketAddress address : gateway.addresses()) {
        assertThat(version(address)).isEqualTo(VERSION);
      }
      assertThat(version(unix())).isEqualTo(VERSION);
      assertThat(gateway.listens()).hasSize(3).contains(option());
    }
  }

  @Test
  void aWideAddressIsServed() throws IOException {
    assumeTrue(
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .anyMatch(address -> address.equals(loopback6())),
        "no IPv6 here");
    try (Gateway gateway = start("-t", "[::1]:0");
        Socket client = new Socket(loopback6(), gateway.addresses().get(0).getPort())) {
      client.getOutputStream().write("version\r\n".getBytes(US_ASCII));
      byte[] answer = client.getInputStream().readNBytes(VERSION.length());
      assertThat(new String(answer, US_ASCII)).isEqualTo(VERSION);
    }
  }

  private static InetAddress loopback6() {
    byte[] address = new byte[16];
    address[15] = 1;
    try {
      return InetAddress.getByAddress(address);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aSocketIsItsUsersAloneUnlessToldOtherwise() throws IOException {
    for (List<String> mode : List.of(List.of("700", "rwx------"), List.of("770", "rwxrwx---"))) {
      try (Gateway gateway = start("-t", option(), "--socket-mode", mode.get(0))) {
        assertThat(gateway.listens()).containsExactly(option());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
            .isEqualTo(mode.get(1));
      }
      assertThat(file()).doesNotExist();
    }
    assertThatThrownBy(() -> start("-t", option(), "--socket-mode", "9"))
        .hasMessageContaining("770");
  }

  /** Were it made in its place, it would be everybody's until its mode is set. */
  @Test
  void aSocketIsMadeInAFolderOfItsOwnFirst() throws Exception {
    try (WatchService watch = directory.getFileSystem().newWatchService()) {
      directory.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      try (Gateway gateway = start("-t", option(), "--socket-mode", "777")) {
        assertThat(version(unix())).isEqualTo(VERSION);
        assertThat(created(watch)).hasSize(2).last().isEqualTo(file().getFileName());
        assertThat(directory.toFile().list()).containsExactly("kumo.sock");
        assertThat(gateway.listens()).hasSize(1);
      }
    }
    assertThat(directory).isEmptyDirectory();
  }

  /** Up to the socket itself. */
  private List<Path> created(WatchService watch) throws InterruptedException {
    List<Path> names = new ArrayList<>();
    while (!names.contains(file().getFileName())) {
      WatchKey key = watch.poll(1, TimeUnit.MINUTES);
      assertThat(key).as("the socket after %s", names).isNotNull();
      key.pollEvents().forEach(event -> names.add((Path) event.context()));
      key.reset();
    }
    return names;
  }

  @Test
  void whatADeadProcessLeftIsReplacedAndNothingElse() throws IOException {
    try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      left.bind(unix());
      assertThatThrownBy(() -> start("-t", option())).hasMessageContaining("a process does");
    }
    assertThat(file()).exists();
    try (Gateway gateway = start("-t", option())) {
      assertThat(version(unix())).isEqualTo(VERSION);
      assertThatThrownBy(() -> start("-t", option())).hasMessageContaining("a process does");
      assertThat(gateway.listens()).hasSize(1);
    }
    Files.writeString(file(), "mine");
    assertThatThrownBy(() -> start("-t", option())).hasMessageContaining("no socket");
    assertThat(file()).hasContent("mine");
  }

  @Test
  void aClientOfTheFileSystemIsNamedAsMemcachedNamesIt() throws IOException {
    try (Gateway gateway = start("-t", option());
        SocketChannel client = SocketChannel.open(unix())) {
      String lines = ask(client, "stats conns\r\nversion\r\nquit\r\n", 100_000);
      assertThat(lines).contains("listen_addr unix:" + file()).endsWith(VERSION);
      assertThat(gateway.addresses()).isEmpty();
    }
  }

  @Test
  void passwordsMayGoThroughTheFileSystem() throws IOException {
    Path users = directory.resolve("users");
    Files.writeString(users, "alice:secret\n");
    Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-------"));
    try (Gateway gateway = start("-t", option(), "--auth-file", users.toString());
        SocketChannel client = SocketChannel.open(unix())) {
      assertThat(
              ask(client, "version\r\nset x 0 0 12\r\nalice secret\r\nversion\r\nquit\r\n", 1000))
          .isEqualTo("CLIENT_ERROR unauthenticated\r\nSTORED\r\n" + VERSION);
      assertThat(gateway.listens()).hasSize(1);
    }
  }
}
