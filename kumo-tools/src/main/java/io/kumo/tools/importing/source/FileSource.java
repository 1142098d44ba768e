package io.kumo.tools.importing.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A source that is one file, which is read again from its beginning when an import goes on. */
abstract class FileSource implements RecordSource {
  private final Path path;
  private final long bytes;

  FileSource(Path path) throws IOException {
    this.path = path;
    this.bytes = Files.size(path);
  }

  /** Where a file is, how long, and when it was written last: whether it is still the same. */
  static String identity(Path path) throws IOException {
    return "%s, %d bytes, of %s"
        .formatted(path.toRealPath(), Files.size(path), Files.getLastModifiedTime(path));
  }

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public String identity() throws IOException {
    return identity(path);
  }

  /** In bytes, unless a subclass counts otherwise. */
  @Override
  public long total() {
    return bytes;
  }

  @Override
  public boolean isRepeatable() {
    return true;
  }
}
