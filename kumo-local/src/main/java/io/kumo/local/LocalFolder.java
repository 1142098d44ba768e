package io.kumo.local;

import io.kumo.core.file.PrivateFiles;
import io.kumo.core.ring.NodeAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the servers of a cluster keep their records, and under which addresses they are known: a
 * server that starts again in its store has to have the address that it had.
 *
 * <p>A folder for each server, and the file {@value #ADDRESSES} with {@code server.N} and {@code
 * stream.N}, N from 1.
 */
final class LocalFolder {
  static final String ADDRESSES = "addresses.properties";

  private static final String PREFIX = "kumo-local-";
  private static final int DEFAULT_SERVERS = 3;

  /** Where one server listens. */
  record Addresses(NodeAddress self, NodeAddress stream) {}

  private final Path path;
  private final boolean removed;

  private LocalFolder(Path path, boolean removed) {
    this.path = path;
    this.removed = removed;
  }

  /** Makes what is missing of it. */
  static LocalFolder open(@Nullable Path given, boolean keep) throws IOException {
    if (given == null) {
      return new LocalFolder(Files.createTempDirectory(PREFIX), !keep);
    }
    PrivateFiles.createDirectories(given);
    return new LocalFolder(given, false);
  }

  Path path() {
    return path;
  }

  /** Whether it goes when the cluster does. */
  boolean isRemoved() {
    return removed;
  }

  /** Of the server with this index, from 0. */
  Path store(int index) {
    return path.resolve("server-" + (index + 1));
  }

  /**
   * The servers' addresses: those of former runs, and free ones for more servers.
   *
   * @param wanted how many servers; 0 for as many as there were, or three
   * @throws IOException when there were more, whose records would be missing
   */
  List<Addresses> addresses(int wanted) throws IOException {
    List<Addresses> all = new ArrayList<>(read());
    int known = all.size();
    int count = wanted > 0 ? wanted : known > 0 ? known : DEFAULT_SERVERS;
    if (count < known) {
      throw new IOException(
          path + " holds the records of " + known + " servers, and cannot do with " + count);
    }
    List<NodeAddress> free = FreePorts.take(2 * (count - known));
    for (int i = 0; i < free.size(); i += 2) {
      all.add(new Addresses(free.get(i), free.get(i + 1)));
    }
    return all;
  }

  private List<Addresses> read() throws IOException {
    Properties known = new Properties();
    Path file = path.resolve(ADDRESSES);
    if (Files.exists(file)) {
      try (InputStream in = Files.newInputStream(file)) {
        known.load(in);
      }
    }
    List<Addresses> all = new ArrayList<>();
    for (int i = 1; known.containsKey("server." + i); i++) {
      all.add(new Addresses(address(known, "server." + i), address(known, "stream." + i)));
    }
    return all;
  }

  private NodeAddress address(Properties known, String name) throws IOException {
    String[] parts = known.getProperty(name, "").split(":", 2);
    if (parts.length != 2 || !parts[1].matches("\\d{1,5}") || Integer.parseInt(parts[1]) > 65535) {
      throw new IOException(path.resolve(ADDRESSES) + " does not say " + name + "=HOST:PORT");
    }
    InetSocketAddress resolved = new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
    if (resolved.isUnresolved()) {
      throw new IOException(path.resolve(ADDRESSES) + ": unknown host " + parts[0]);
    }
    return NodeAddress.of(resolved);
  }

  /** Notes the addresses for the next run. */
  void write(List<Addresses> all) throws IOException {
    Properties known = new Properties();
    for (int i = 0; i < all.size(); i++) {
      known.setProperty("server." + (i + 1), all.get(i).self().toString());
      known.setProperty("stream." + (i + 1), all.get(i).stream().toString());
    }
    try (OutputStream out = Files.newOutputStream(path.resolve(ADDRESSES))) {
      known.store(out, "The servers of kumo-local in this folder");
    }
  }

  /** Removes a temporary folder that is not to be kept. */
  void close() throws IOException {
    if (!removed) {
      return;
    }
    List<Path> all;
    try (Stream<Path> walked = Files.walk(path)) {
      all = walked.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : all) {
      Files.deleteIfExists(file);
    }
  }
}
