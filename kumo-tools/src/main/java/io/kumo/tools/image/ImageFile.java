package io.kumo.tools.image;

import io.kumo.core.cli.CliException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * An image in a file.
 *
 * @param path of the file
 * @param header as it stands there
 */
public record ImageFile(Path path, ImageHeader header) {
  /** What images are called. */
  public static final String SUFFIX = ".kumo";

  private static final int BUFFER_BYTES = 1 << 18;

  /** Throws {@link DamagedImageException} when it is none. */
  public static ImageFile open(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      ImageHeader header = ImageHeader.read(in, path.toString());
      if (header == null) {
        throw new DamagedImageException(path + " is empty");
      }
      return new ImageFile(path, header);
    }
  }

  /** All that a directory has. */
  public static List<ImageFile> in(Path directory) throws IOException {
    List<Path> paths;
    try (Stream<Path> all = Files.list(directory)) {
      paths = all.filter(path -> path.toString().endsWith(SUFFIX)).sorted().toList();
    }
    List<ImageFile> images = new ArrayList<>();
    for (Path path : paths) {
      images.add(open(path));
    }
    return images;
  }

  /** The newest of a directory, or the one that a file is. */
  public static ImageFile newest(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return open(path);
    }
    return in(path).stream()
        .max((a, b) -> Long.compareUnsigned(a.header.clockTime(), b.header.clockTime()))
        .orElseThrow(() -> CliException.failed(path + " has no image (*" + SUFFIX + ")"));
  }

  /** The caller closes it. */
  public InputStream stream() throws IOException {
    return new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES);
  }
}
