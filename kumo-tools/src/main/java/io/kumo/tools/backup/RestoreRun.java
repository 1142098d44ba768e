package io.kumo.tools.backup;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.cli.Cli;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Logging;
import io.kumo.core.clock.ClockTime;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.item.Item;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.NamedNode;
import io.kumo.tools.Printer;
import io.kumo.tools.image.ImageChain;
import io.kumo.tools.image.ImageFile;
import io.kumo.tools.image.ImageReader;
import io.kumo.tools.importing.ClusterSession;
import io.kumo.tools.importing.ImportCounts;
import io.kumo.tools.importing.ImportRun;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Brings images back into a cluster. */
public final class RestoreRun {
  /** Enough for three servers to be busy, and few beside what clients have under way. */
  private static final int IN_FLIGHT = 256;

  private final Printer printer;
  private final InetSocketAddress manager;
  private final boolean keepNewer;
  private final long bytesPerSecond;

  /**
   * @param keepNewer whether records keep their ClockTimes, so that what is newer stays
   * @param bytesPerSecond of records, at most
   */
  public RestoreRun(
      Printer printer, InetSocketAddress manager, boolean keepNewer, long bytesPerSecond) {
    this.printer = printer;
    this.manager = manager;
    this.keepNewer = keepNewer;
    this.bytesPerSecond = bytesPerSecond;
  }

  /** What a file has, or a directory's newest image, after all of it was found sound. */
  public ExitStatus from(Path path) throws IOException {
    List<ImageFile> chain = ImageChain.upTo(path);
    check(chain);
    long flush = 0;
    for (ImageFile image : chain) {
      flush = ClockTime.max(flush, image.header().flushClockTime());
    }
    RestoreVersions versions = versions(flush);
    List<ImageSource> sources = new ArrayList<>();
    try {
      for (ImageFile image : chain) {
        String name = image.path().getFileName().toString();
        long bytes = Files.size(image.path());
        sources.add(new ImageSource(name, image.stream(), bytes, versions, throttle()));
      }
      return load(sources);
    } finally {
      for (ImageSource source : sources) {
        source.close();
      }
    }
  }

  /** What comes through a stream, a block at a time, after that was found sound. */
  public ExitStatus from(InputStream in) throws IOException {
    try (ImageSource source = new ImageSource("standard input", in, 0, versions(0), throttle())) {
      ExitStatus status = load(List.of(source));
      if (source.images() == 0) {
        throw CliException.failed("no image came through standard input");
      }
      return status;
    }
  }

  private RestoreVersions versions(long flush) {
    return keepNewer
        ? RestoreVersions.kept(flush)
        : RestoreVersions.anew(ClusterClocks.past(printer.options(), manager), flush);
  }

  private Throttle throttle() {
    return new Throttle(TimeSource.system(), bytesPerSecond);
  }

  private ExitStatus load(List<ImageSource> sources) {
    NamedNode name =
        new NamedNode(manager.getHostString(), manager.getPort(), NodeAddress.of(manager));
    boolean shown = Logging.onTerminal() && !printer.options().json();
    try (ClusterSession session =
        ClusterSession.open(
            List.of(name), printer.options().timeout(), printer.options().nodes().security())) {
      ImportCounts counts = ImportRun.once(session, sources, IN_FLIGHT, shown);
      long images = sources.stream().mapToLong(ImageSource::images).sum();
      printer.print(
          counts.text() + "images         %d".formatted(images),
          () -> counts.json().put("images", images));
      return counts.refusedCount() == 0 ? ExitStatus.DONE : ExitStatus.NOT_AS_IT_SHOULD_BE;
    } catch (IOException e) {
      throw CliException.failed(Cli.describe(e) + "; what came before is in the cluster");
    } catch (CliException e) {
      throw CliException.failed(e.getMessage() + "; the same command begins anew, to no harm");
    }
  }

  // ---- without a cluster

  /** Tells what there is, and whether it is sound. */
  public ExitStatus look(Path path) throws IOException {
    check(ImageChain.upTo(path)).forEach(this::print);
    return ExitStatus.DONE;
  }

  /** The same of what comes through a stream. */
  public ExitStatus look(InputStream in) throws IOException {
    try (ImageReader reader = new ImageReader(in, "standard input")) {
      for (var header = reader.next(); header != null; header = reader.next()) {
        print(count(new ImageFile(Path.of("-"), header), reader));
      }
    }
    return ExitStatus.DONE;
  }

  /** What was found in an image. */
  private record Counted(ImageFile image, long items, long deleted) {}

  private static List<Counted> check(List<ImageFile> chain) throws IOException {
    List<Counted> all = new ArrayList<>();
    for (ImageFile image : chain) {
      try (InputStream in = image.stream();
          ImageReader reader = new ImageReader(in, image.path().toString())) {
        reader.next();
        all.add(count(image, reader));
      }
    }
    return all;
  }

  private static Counted count(ImageFile image, ImageReader reader) throws IOException {
    long[] deleted = {0};
    reader.read((rawKey, rawValue) -> deleted[0] += Item.hasPayload(rawValue) ? 0 : 1);
    return new Counted(image, reader.records() - deleted[0], deleted[0]);
  }

  private void print(Counted counted) {
    ImageFile image = counted.image();
    String since = image.header().isFull() ? "" : ", since %016x".formatted(image.header().since());
    String clockTime = "%016x".formatted(image.header().clockTime());
    printer.print(
        "%s: sound, of %s (%s)%s: %d items, %d deleted"
            .formatted(
                image.path(),
                clockTime,
                ClockTime.format(image.header().clockTime()),
                since,
                counted.items(),
                counted.deleted()),
        () -> json(counted, clockTime));
  }

  private static ObjectNode json(Counted counted, String clockTime) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("image", counted.image().path().toString()).put("clockTime", clockTime);
    json.put("since", "%016x".formatted(counted.image().header().since()));
    return json.put("items", counted.items()).put("deleted", counted.deleted());
  }
}
