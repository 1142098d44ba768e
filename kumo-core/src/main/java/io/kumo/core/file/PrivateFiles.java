package io.kumo.core.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes, opens and removes files that only the user of this process may read, and never through a
 * symbolic link: who may write into a folder must not be able to point this process at another.
 */
public final class PrivateFiles {
  private static final Set<PosixFilePermission> OF_FILES =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OF_PUBLIC_FILES =
      PosixFilePermissions.fromString("rw-r--r--");
  private static final Set<PosixFilePermission> OF_DIRECTORIES =
      PosixFilePermissions.fromString("rwx------");

  private PrivateFiles() {}

  private static FileAttribute<Set<PosixFilePermission>> file() {
    return PosixFilePermissions.asFileAttribute(OF_FILES);
  }

  private static FileAttribute<Set<PosixFilePermission>> directory() {
    return PosixFilePermissions.asFileAttribute(OF_DIRECTORIES);
  }

  /**
   * Opens a file for reading and writing, making it when it is missing; not what a link leads to.
   */
  public static FileChannel open(Path path) throws IOException {
    Set<OpenOption> options =
        Set.of(
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            LinkOption.NOFOLLOW_LINKS);
    return FileChannel.open(path, options, file());
  }

  /**
   * Opens a file to append to it, making it when it is missing. Its name is an operator's, so a
   * link counts.
   */
  public static OutputStream append(Path path) throws IOException {
    Set<OpenOption> options = Set.of(StandardOpenOption.APPEND, StandardOpenOption.CREATE);
    return Channels.newOutputStream(FileChannel.open(path, options, file()));
  }

  /** Writes a file that must not be there yet; it is on the disk when this returns. */
  public static void writeNew(Path path, byte[] bytes) throws IOException {
    Set<OpenOption> options = Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    try (FileChannel channel = FileChannel.open(path, options, file())) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
  }

  /**
   * Puts a whole file in the place of what has this name, if anything. It is written under a name
   * that nobody can foretell: in a folder of many users another could have a link wait there.
   */
  public static void replace(Path path, byte[] bytes) throws IOException {
    replace(path, bytes, OF_FILES);
  }

  /** The same for a file that others may read. */
  public static void replacePublic(Path path, byte[] bytes) throws IOException {
    replace(path, bytes, OF_PUBLIC_FILES);
  }

  private static void replace(Path path, byte[] bytes, Set<PosixFilePermission> mode)
      throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    Path whole = Files.createTempFile(folder, path.getFileName().toString(), ".tmp");
    try {
      Files.write(whole, bytes);
      Files.setPosixFilePermissions(whole, mode);
      Files.move(whole, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(whole);
    }
  }

  /** Makes a directory; an error when anything has its name, be it a link that leads nowhere. */
  public static void createDirectory(Path path) throws IOException {
    Files.createDirectory(path, directory());
  }

  /** Makes a directory and those above it, where they are missing. */
  public static void createDirectories(Path path) throws IOException {
    Files.createDirectories(path, directory());
  }

  /** Whether there is a directory, and not a link to one. */
  public static boolean isDirectory(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** Whether anything has this name, be it a link that leads nowhere. */
  public static boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Takes the rights of others away from a directory and the plain files in it.
   *
   * @return whether there were any
   */
  public static boolean makePrivate(Path directory) throws IOException {
    boolean changed = restrict(directory, OF_DIRECTORIES);
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files = all.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)).toList();
    }
    for (Path path : files) {
      changed |= restrict(path, OF_FILES);
    }
    return changed;
  }

  private static boolean restrict(Path path, Set<PosixFilePermission> allowed) throws IOException {
    if (allowed.containsAll(Files.getPosixFilePermissions(path))) {
      return false;
    }
    Files.setPosixFilePermissions(path, allowed);
    return true;
  }

  /**
   * Deletes a directory of plain files. Links in it are deleted and not followed; a link in its
   * place is an error, as is a directory in it.
   */
  public static void deleteDirectory(Path path) throws IOException {
    Path whole = path.toAbsolutePath();
    Path name = whole.getFileName();
    try (DirectoryStream<Path> opened = Files.newDirectoryStream(whole.resolveSibling("."))) {
      if (!(opened instanceof SecureDirectoryStream<Path> above)) {
        throw new IOException("this system cannot tell links from directories for sure");
      }
      try (SecureDirectoryStream<Path> inside =
          above.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
        List<Path> files = new ArrayList<>();
        inside.forEach(file -> files.add(file.getFileName()));
        for (Path file : files) {
          inside.deleteFile(file);
        }
      }
      above.deleteDirectory(name);
    }
  }
}
