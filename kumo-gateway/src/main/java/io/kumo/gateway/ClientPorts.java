package io.kumo.gateway;

import io.kumo.core.cli.listen.ListenAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Where clients connect: addresses of the network, or of the file system.
 *
 * @param any those that serve text, meta and binary
 * @param binary those that serve binary only
 * @param http those that serve keys over HTTP
 * @param fileMode who may connect to those of the file system
 */
public record ClientPorts(
    List<SocketAddress> any,
    List<SocketAddress> binary,
    List<SocketAddress> http,
    Set<PosixFilePermission> fileMode) {
  static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

  public ClientPorts {
    any = List.copyOf(any);
    binary = List.copyOf(binary);
    http = List.copyOf(http);
    fileMode = Collections.unmodifiableSet(new TreeSet<>(fileMode));
  }

  /** One that serves text, meta and binary. */
  public static ClientPorts of(InetSocketAddress address) {
    return new ClientPorts(List.of(address), List.of(), List.of(), OWNER_ONLY);
  }

  ClientPorts withHttp(InetSocketAddress address) {
    return new ClientPorts(any, binary, List.of(address), fileMode);
  }

  List<SocketAddress> all() {
    return Stream.of(any, binary, http).flatMap(List::stream).toList();
  }

  /** As they are typed. */
  List<String> names() {
    return all().stream().map(ListenAddress::text).toList();
  }
}
