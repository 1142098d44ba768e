package io.kumo.tools.ctl.keep;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.tools.Printer;
import io.kumo.tools.backup.BackupRun;
import io.kumo.tools.backup.BackupRun.Since;
import io.kumo.tools.image.ImageFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where an image of the cluster goes, and what of it. */
final class ImageOptions {
  /** Standard input or output in place of a file. */
  static final String STANDARD = "-";

  private static final Pattern CLOCK_TIME = Pattern.compile("(0x)?[0-9a-f]{16}");
  private static final int BUFFER_BYTES = 1 << 18;

  @Option(
      names = "--to",
      paramLabel = "DIR|-",
      description = {
        "In place of that, take an image of the whole cluster as of one ClockTime, each key once, into"
            + " a new file of this directory, or standard output."
      })
  private @Nullable String to;

  @Option(
      names = "--since",
      paramLabel = "IMAGE|CLOCKTIME",
      description = {
        "Of --to: only what is newer than an image, or the newest of a directory, or than a ClockTime"
            + " of 16 hexadecimal digits; deleted records, too."
      })
  private @Nullable String since;

  @Mixin private RateOption rate = new RateOption();

  boolean isWanted() {
    if (to == null && since != null) {
      throw CliException.usage("--since goes with --to");
    }
    return to != null;
  }

  ExitStatus take(Printer printer, InetSocketAddress manager) throws IOException {
    BackupRun run = new BackupRun(printer, manager, rate.bytesPerSecond());
    String target = String.valueOf(to);
    if (!target.equals(STANDARD)) {
      return run.into(Path.of(target), since());
    }
    OutputStream out = new BufferedOutputStream(System.out, BUFFER_BYTES);
    ExitStatus status = run.into(out, since());
    out.flush();
    return status;
  }

  private Since since() throws IOException {
    String text = since;
    if (text == null) {
      return Since.BEGINNING;
    }
    if (CLOCK_TIME.matcher(text).matches() && !Files.exists(Path.of(text))) {
      return new Since(Long.parseUnsignedLong(text.replace("0x", ""), 16), 0);
    }
    Path path = Path.of(text);
    if (!Files.exists(path)) {
      throw CliException.failed(text + " is neither an image nor a ClockTime");
    }
    return Since.image(ImageFile.newest(path).header());
  }
}
