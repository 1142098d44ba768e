package io.kumo.tools.backup;

import io.kumo.core.cli.CliException;
import io.kumo.core.clock.ClockTime;
import io.kumo.core.file.PrivateFiles;
import io.kumo.tools.image.ImageFile;
import io.kumo.tools.image.ImageHeader;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The file that an image becomes, which only its user may read. It has its name when it is whole
 * and on the disk; until then, and when it never gets so far, its name ends with {@code .part}.
 */
final class ImageTarget implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 18;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Path path;
  private final Path part;
  private final FileChannel channel;
  private final OutputStream out;

  private ImageTarget(Path path, Path part, FileChannel channel) {
    this.path = path;
    this.part = part;
    this.channel = channel;
    this.out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
  }

  /**
   * Begins a file in a directory, which is made when it is missing.
   *
   * @param header gives the file its name
   */
  static ImageTarget in(Path directory, ImageHeader header) throws IOException {
    PrivateFiles.createDirectories(directory);
    Path path = directory.resolve(name(header));
    if (PrivateFiles.exists(path)) {
      throw CliException.failed(path + " exists");
    }
    Path part = directory.resolve(path.getFileName() + ".part");
    FileChannel channel = PrivateFiles.open(part);
    channel.truncate(0);
    return new ImageTarget(path, part, channel);
  }

  private static String name(ImageHeader header) {
    Instant time = Instant.ofEpochSecond(ClockTime.seconds(header.clockTime()));
    return "%s-%s-%08x%s"
        .formatted(
            header.isFull() ? "full" : "since",
            TIME.format(time),
            (int) header.id(),
            ImageFile.SUFFIX);
  }

  OutputStream out() {
    return out;
  }

  /** Gives the file its name. */
  Path finish() throws IOException {
    out.flush();
    channel.force(true);
    Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
    return path;
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(part);
  }
}
