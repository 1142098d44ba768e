package io.kumo.tools.importing.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells whether a file is still the one that it was. */
final class FileIdentity {
  private FileIdentity() {}

  /** Where it is, how long, and when it was written last, in words. */
  static String of(Path path) throws IOException {
    return "%s, %d bytes, of %s"
        .formatted(path.toRealPath(), Files.size(path), Files.getLastModifiedTime(path));
  }
}
