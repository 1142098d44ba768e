package io.kumo.gateway.listener;

import io.kumo.core.cli.listen.ListenAddress;
import io.kumo.core.file.PrivateFiles;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that a socket in the file system is. The kernel makes it as the umask says, which is
 * mostly for everybody, and Java cannot change that; so it is made in a folder beside its place
 * that is this process's alone, and appears in its place when it lets in whom it is to.
 */
final class SocketFile {
  private static final Logger LOG = LoggerFactory.getLogger(SocketFile.class);

  /** Short, as paths of sockets are; others may have folders like it. */
  private static final int HIDING_NAMES = 36 * 36 * 36;

  private static final int TRIES = 100;

  private final UnixDomainSocketAddress address;

  SocketFile(UnixDomainSocketAddress address) {
    this.address = address;
  }

  /** Where the socket is to be bound. What is made here is removed by {@link #unhide}. */
  UnixDomainSocketAddress hide() throws IOException {
    IOException taken = new IOException("cannot listen on " + this + ": no room for a folder");
    for (int i = 0; i < TRIES; i++) {
      int number = ThreadLocalRandom.current().nextInt(HIDING_NAMES);
      Path folder = address.getPath().resolveSibling("." + Integer.toString(number, 36));
      try {
        PrivateFiles.createDirectory(folder);
        return UnixDomainSocketAddress.of(folder.resolve("s"));
      } catch (FileAlreadyExistsException e) {
        taken.addSuppressed(e);
      }
    }
    throw taken;
  }

  /**
   * Has the socket that was bound appear in its place.
   *
   * @param mode who may connect; without write permission nobody can
   * @throws IOException when another process was faster
   */
  void appear(UnixDomainSocketAddress hidden, Set<PosixFilePermission> mode) throws IOException {
    Files.setPosixFilePermissions(hidden.getPath(), mode);
    try {
      Files.createLink(address.getPath(), hidden.getPath());
    } catch (FileAlreadyExistsException e) {
      throw new IOException("cannot listen on " + this + ": a process does", e);
    }
  }

  /** Removes the place where it was bound. */
  static void unhide(UnixDomainSocketAddress hidden) throws IOException {
    Files.deleteIfExists(hidden.getPath());
    Files.delete(hidden.getPath().toAbsolutePath().getParent());
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
