package io.kumo.core.security;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Reads files that nobody but their owner may read. */
public final class SecretFiles {
  /** Of one such file; what is longer is not what it is taken for. */
  public static final int MAX_BYTES = 1 << 20;

  private static final String ROOT = "root";

  private SecretFiles() {}

  /**
   * The bytes of the file.
   *
   * @throws SecurityFileException when it is missing, too long, or when others may read it. A file
   *     of root's may be readable for its group: so containers and packages hand secrets on
   */
  public static byte[] read(Path file) throws SecurityFileException {
    try {
      requirePrivate(file);
      return readBounded(file);
    } catch (SecurityFileException e) {
      throw e;
    } catch (IOException e) {
      throw cannotRead(file, e);
    }
  }

  /** The same without asking who may read it: of certificates. */
  static byte[] readPublic(Path file) throws SecurityFileException {
    try {
      return readBounded(file);
    } catch (SecurityFileException e) {
      throw e;
    } catch (IOException e) {
      throw cannotRead(file, e);
    }
  }

  private static byte[] readBounded(Path file) throws IOException {
    long size = Files.size(file);
    if (size > MAX_BYTES) {
      throw new SecurityFileException(file, "too long to be what it should be: " + size + " bytes");
    }
    return Files.readAllBytes(file);
  }

  private static SecurityFileException cannotRead(Path file, IOException e) {
    String why = String.valueOf(e.getMessage());
    if (e instanceof NoSuchFileException) {
      why = "no such file";
    } else if (e instanceof AccessDeniedException) {
      why = "this process may not read it";
    }
    return new SecurityFileException(file, why, e);
  }

  private static void requirePrivate(Path file) throws IOException {
    PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
    Set<PosixFilePermission> allowed = attributes.permissions();
    boolean rootsGroup = attributes.owner().getName().equals(ROOT);
    boolean group =
        allowed.contains(PosixFilePermission.GROUP_WRITE)
            || (!rootsGroup && allowed.contains(PosixFilePermission.GROUP_READ));
    boolean others =
        allowed.contains(PosixFilePermission.OTHERS_READ)
            || allowed.contains(PosixFilePermission.OTHERS_WRITE);
    if (group || others) {
      throw new SecurityFileException(
          file, "others than its owner may read or write it; do: chmod 600 " + file);
    }
  }
}
