package io.kumo.tools.user;

import io.kumo.core.auth.UserFile;
import io.kumo.core.auth.UserLines;
import io.kumo.core.file.PrivateFiles;
import io.kumo.core.security.SecretFiles;
import io.kumo.core.security.SecurityFileException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.UserPrincipal;

/** Reads and writes user files, so that a gateway never sees half of one. */
final class UserFiles {
  private UserFiles() {}

  /**
   * The lines of a file that is understood.
   *
   * @param make whether one that is missing is an empty one
   */
  static UserLines read(Path file, boolean make) throws IOException {
    if (make && !Files.exists(file)) {
      return new UserLines(new byte[0]);
    }
    byte[] bytes = SecretFiles.read(file);
    parse(file, bytes);
    return new UserLines(bytes);
  }

  static UserFile parse(Path file, byte[] bytes) throws IOException {
    try {
      return UserFile.parse(bytes);
    } catch (IOException e) {
      throw new SecurityFileException(file, String.valueOf(e.getMessage()), e);
    }
  }

  /** Puts another file in its place, with the same owner; what a link leads to is that place. */
  static void write(Path file, UserLines lines) throws IOException {
    boolean exists = Files.exists(file);
    Path place = exists ? file.toRealPath() : file.toAbsolutePath();
    Path made = place.resolveSibling(place.getFileName() + ".new");
    Files.deleteIfExists(made);
    try (OutputStream out = PrivateFiles.append(made)) {
      out.write(lines.bytes());
    }
    if (exists) {
      keepOwner(place, made);
    }
    Files.move(made, place, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void keepOwner(Path from, Path to) throws IOException {
    UserPrincipal owner = Files.getOwner(from);
    if (!owner.equals(Files.getOwner(to))) {
      Files.setOwner(to, owner);
    }
  }
}
