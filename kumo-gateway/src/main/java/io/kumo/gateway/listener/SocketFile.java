package io.kumo.gateway.listener;

import io.kumo.core.cli.listen.ListenAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file that a socket in the file system is. */
final class SocketFile {
  private static final Logger LOG = LoggerFactory.getLogger(SocketFile.class);

  private final UnixDomainSocketAddress address;

  SocketFile(UnixDomainSocketAddress address) {
    this.address = address;
  }

  /**
   * Removes what a process that has gone left behind.
   *
   * @throws IOException when the file is something else, or somebody listens there
   */
  void makeRoom() throws IOException {
    Path path = address.getPath();
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    BasicFileAttributes found =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!found.isOther()) {
      throw new IOException("cannot listen on " + this + ": the file is there, and no socket");
    }
    try (SocketChannel other = SocketChannel.open(address)) {
      throw new IOException("cannot listen on " + this + ": a process does, as " + other);
    } catch (ConnectException e) {
      LOG.debug("{}: {}", this, e.getMessage());
      Files.delete(path);
    }
  }

  /** Has these connect, and nobody else; without write permission nobody can. */
  void allow(Set<PosixFilePermission> mode) throws IOException {
    Files.setPosixFilePermissions(address.getPath(), mode);
  }

  /** Nobody listens there any more. */
  void remove() {
    try {
      Files.deleteIfExists(address.getPath());
    } catch (IOException e) {
      LOG.warn("{} stays: {}", this, e.getMessage());
    }
  }

  @Override
  public String toString() {
    return ListenAddress.text(address);
  }
}
