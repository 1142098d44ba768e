package io.kumo.tools.backup;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Logging;
import io.kumo.core.clock.ClockTime;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.snapshot.SnapshotPage;
import io.kumo.core.protocol.snapshot.SnapshotState;
import io.kumo.tools.Printer;
import io.kumo.tools.image.ImageHeader;
import io.kumo.tools.image.ImageWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Takes an image of a cluster. */
public final class BackupRun {
  private final Printer printer;
  private final InetSocketAddress manager;
  private final long bytesPerSecond;
  private final TimeSource time = TimeSource.system();

  /**
   * @param bytesPerSecond of records, at most
   */
  public BackupRun(Printer printer, InetSocketAddress manager, long bytesPerSecond) {
    this.printer = printer;
    this.manager = manager;
    this.bytesPerSecond = bytesPerSecond;
  }

  /**
   * What an image is to have.
   *
   * @param clockTime only what is newer, deleted records included; 0 for everything
   * @param image id of the image that has what is older; 0 if it is not known
   */
  public record Since(long clockTime, long image) {
    public static final Since BEGINNING = new Since(0, 0);

    /** By which a record may have come to its coordinator later than its ClockTime says. */
    private static final long MARGIN_SECONDS = Duration.ofMinutes(1).toSeconds();

    /** What is newer than an image, and a little of what is not: an older record harms nothing. */
    public static Since image(ImageHeader header) {
      long seconds = Math.max(1, ClockTime.seconds(header.clockTime()) - MARGIN_SECONDS);
      return new Since(ClockTime.of(seconds, 0), header.id());
    }
  }

  /** Into a new file of the directory. */
  public ExitStatus into(Path directory, Since since) throws IOException {
    try (ClusterSnapshot snapshot = open(since)) {
      ImageHeader header = header(snapshot, since);
      try (ImageTarget target = ImageTarget.in(directory, header);
          ImageWriter image = new ImageWriter(target.out(), header)) {
        stream(snapshot, since, image);
        return report(snapshot, header, image, target.finish());
      }
    }
  }

  /** Into a stream, which stays open. What there is to say goes to standard error. */
  public ExitStatus into(OutputStream out, Since since) throws IOException {
    try (ClusterSnapshot snapshot = open(since)) {
      ImageHeader header = header(snapshot, since);
      try (ImageWriter image = new ImageWriter(out, header)) {
        stream(snapshot, since, image);
        return report(snapshot, header, image, null);
      }
    }
  }

  private ClusterSnapshot open(Since since) {
    ClusterSnapshot snapshot = ClusterSnapshot.open(printer.options(), manager);
    boolean forgotten =
        since.clockTime() != 0
            && snapshot.states().stream()
                .anyMatch(
                    state -> ClockTime.isNewer(state.tombstoneWatermark(), since.clockTime()));
    if (forgotten) {
      snapshot.close();
      throw CliException.failed(
          "what was deleted since then is not known any more: make a full backup, without --since");
    }
    if (ClockTime.isNewer(since.clockTime(), snapshot.clockTime())) {
      snapshot.close();
      throw CliException.failed("--since is later than the cluster's clock: is it of this one?");
    }
    return snapshot;
  }

  private ImageHeader header(ClusterSnapshot snapshot, Since since) {
    long flush = 0;
    for (SnapshotState state : snapshot.states()) {
      flush = ClockTime.max(flush, state.flushClockTime());
    }
    long cluster = ClusterSnapshot.cluster(printer.options(), manager);
    return new ImageHeader(
        snapshot.id(),
        snapshot.clockTime(),
        since.clockTime(),
        since.image(),
        flush,
        cluster,
        time.unixMillis());
  }

  private void stream(ClusterSnapshot snapshot, Since since, ImageWriter image) throws IOException {
    SnapshotStream stream = new SnapshotStream(snapshot, since.clockTime(), printer::note);
    Throttle throttle = new Throttle(time, bytesPerSecond);
    boolean shown = Logging.onTerminal() && !printer.options().json();
    try (BackupProgress progress = new BackupProgress("backup", time, shown)) {
      long bytes = 0;
      while (stream.next(page -> write(page, image), time.nanoTime())) {
        throttle.pause(image.recordBytes() - bytes);
        bytes = image.recordBytes();
        progress.show(stream.progress(), image.records(), bytes);
      }
    }
    image.finish();
  }

  private static void write(SnapshotPage page, ImageWriter image) throws IOException {
    for (SnapshotPage.Entry entry : page.records()) {
      image.record(entry.rawKey(), entry.rawValue());
    }
  }

  private ExitStatus report(
      ClusterSnapshot snapshot, ImageHeader header, ImageWriter image, @Nullable Path path) {
    long damaged = snapshot.states().stream().mapToLong(SnapshotState::damaged).sum();
    double heldMs = snapshot.heldNs() / (double) TimeUnit.MILLISECONDS.toNanos(1);
    String text =
        """
        image      %s
        ClockTime  %016x, %s
        records    %d, %d bytes, %d compressed
        writes     were held for %.1f ms
        """
            .formatted(
                path == null ? "on standard output" : path,
                header.clockTime(),
                ClockTime.format(header.clockTime()),
                image.records(),
                image.recordBytes(),
                image.writtenBytes(),
                heldMs);
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("image", path == null ? null : path.toString());
    json.put("clockTime", "%016x".formatted(header.clockTime()));
    json.put("since", "%016x".formatted(header.since()));
    json.put("records", image.records()).put("bytes", image.recordBytes());
    json.put("compressedBytes", image.writtenBytes());
    json.put("heldMs", Math.round(heldMs)).put("damaged", damaged);
    String result = printer.options().choose(text, () -> json);
    if (path == null) {
      result.lines().forEach(printer::note);
    } else {
      printer.text(String.format(Locale.ROOT, "%s", result));
    }
    if (damaged == 0) {
      return ExitStatus.DONE;
    }
    printer.note(
        damaged + " copies of records are damaged and may be missing in it: verify --repair");
    return ExitStatus.NOT_AS_IT_SHOULD_BE;
  }
}
