package io.kumo.gateway;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.listen.ListenAddress;
import io.kumo.core.cli.listen.ListenConverter;
import java.net.SocketAddress;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** Where clients are served. */
final class ListenOptions {
  private static final String PLACE = "[HOST:]PORT|unix:PATH";
  private static final PosixFilePermission[] BITS = {
    PosixFilePermission.OTHERS_EXECUTE,
    PosixFilePermission.OTHERS_WRITE,
    PosixFilePermission.OTHERS_READ,
    PosixFilePermission.GROUP_EXECUTE,
    PosixFilePermission.GROUP_WRITE,
    PosixFilePermission.GROUP_READ,
    PosixFilePermission.OWNER_EXECUTE,
    PosixFilePermission.OWNER_WRITE,
    PosixFilePermission.OWNER_READ
  };

  @Option(
      names = {"-t", "--memproto-text"},
      paramLabel = PLACE,
      converter = ListenConverter.Text.class,
      description =
          "Serve memcached clients here: text, meta and binary, the first byte decides. May be"
              + " given several times, as -b and --http-keys; [ADDRESS]:PORT for IPv6. Without -t,"
              + " -b and -c it is 127.0.0.1:11411.")
  private List<ListenAddress> text = new ArrayList<>();

  @Option(
      names = {"-b", "--memproto-binary"},
      paramLabel = PLACE,
      converter = ListenConverter.Binary.class,
      description = "Serve clients of the binary protocol here.")
  private List<ListenAddress> binary = new ArrayList<>();

  @Option(
      names = {"-c", "--cloudy"},
      paramLabel = "[HOST:]PORT",
      converter = ListenConverter.Cloudy.class,
      description = "Serve clients of the original's cloudy protocol here.")
  private List<ListenAddress> cloudy = new ArrayList<>();

  @Option(
      names = "--http-keys",
      paramLabel = PLACE,
      converter = ListenConverter.HttpKeys.class,
      description =
          "Serve keys over HTTP here: GET, HEAD, PUT, DELETE and POST of /keys/KEY (default:"
              + " nowhere; the port is 11711 when only a host is given).")
  private List<ListenAddress> http = new ArrayList<>();

  @Option(
      names = "--socket-mode",
      paramLabel = "MODE",
      defaultValue = "700",
      description =
          "Who may connect to a unix:PATH, as of chmod in octal (default: ${DEFAULT-VALUE}: the"
              + " user of the gateway alone).")
  private String mode = "700";

  ClientPorts toPorts() {
    boolean given = !text.isEmpty() || !binary.isEmpty() || !cloudy.isEmpty();
    List<ListenAddress> any =
        given ? text : List.of(new ListenConverter.Text().convert("127.0.0.1"));
    List<ListenAddress> onlyBinary = new ArrayList<>(binary);
    onlyBinary.addAll(cloudy);
    return new ClientPorts(addresses(any), addresses(onlyBinary), addresses(http), permissions());
  }

  private static List<SocketAddress> addresses(List<ListenAddress> given) {
    return given.stream().flatMap(one -> one.addresses().stream()).toList();
  }

  private Set<PosixFilePermission> permissions() {
    if (!mode.matches("0?[0-7]{3}")) {
      throw CliException.usage("--socket-mode is three octal digits, such as 770");
    }
    int bits = Integer.parseInt(mode, 8);
    Set<PosixFilePermission> permissions = new HashSet<>();
    for (int i = 0; i < BITS.length; i++) {
      if ((bits & 1 << i) != 0) {
        permissions.add(BITS[i]);
      }
    }
    return permissions;
  }
}
