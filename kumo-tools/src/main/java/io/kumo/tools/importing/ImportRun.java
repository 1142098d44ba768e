package io.kumo.tools.importing;

import io.kumo.core.cli.Cli;
import io.kumo.core.cli.CliException;
import io.kumo.core.clock.TimeSource;
import io.kumo.tools.importing.source.ImportRecord;
import io.kumo.tools.importing.source.LineForm;
import io.kumo.tools.importing.source.RecordSource;
import io.kumo.tools.importing.source.Versions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Loads all that sources hold into a cluster, and notes how far it is. */
public final class ImportRun {
  private static final long SAVE_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long SHOW_NS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long MAX_BYTES = 64L << 20;

  private final ClusterSession session;
  private final ImportState state;
  private final ImportCounts counts;
  private final TimeSource time = TimeSource.system();
  private final int inFlight;
  private final boolean progressShown;

  /**
   * @param inFlight records on their way at once
   */
  ImportRun(ClusterSession session, ImportState state, int inFlight, boolean progressShown)
      throws IOException {
    this.session = session;
    this.state = state;
    this.counts = state.counts();
    this.inFlight = inFlight;
    this.progressShown = progressShown;
  }

  /**
   * Loads all that the sources hold, one after the other, and notes nowhere how far it is. Throws
   * {@link CliException} when it cannot go on.
   *
   * @param inFlight records on their way at once
   */
  public static ImportCounts once(
      ClusterSession session,
      List<? extends RecordSource> sources,
      int inFlight,
      boolean progressShown)
      throws IOException {
    ImportCounts counts = new ImportCounts();
    for (RecordSource source : sources) {
      LoadWindow window = new LoadWindow(inFlight, MAX_BYTES, counts);
      ClusterLoader loader = new ClusterLoader(session, window);
      TimeSource time = TimeSource.system();
      try (ImportProgress progress = new ImportProgress(source, time, progressShown)) {
        source.read(new Shown(source, window, loader, progress, time));
        loader.drain();
        progress.show(source, window.mark());
      }
    }
    return counts;
  }

  /**
   * Loads lines, as export writes them, by {@link #once}.
   *
   * @param form of the lines
   * @param overwrite whether those without a ClockTime replace what was there before; else what the
   *     cluster has stays
   */
  public static ImportCounts lines(
      ClusterSession session,
      Path file,
      LineForm form,
      boolean overwrite,
      int inFlight,
      boolean progressShown)
      throws IOException {
    long began = session.nowSeconds();
    Versions versions = overwrite ? Versions.asOf(began) : Versions.older(began);
    try (RecordSource source = form.open(file, versions)) {
      return once(session, List.of(source), inFlight, progressShown);
    }
  }

  /** Has the progress shown now and then. */
  private static final class Shown implements RecordSource.RecordSink {
    private final RecordSource source;
    private final LoadWindow window;
    private final ClusterLoader loader;
    private final ImportProgress progress;
    private final TimeSource time;
    private long shownNs;

    Shown(
        RecordSource source,
        LoadWindow window,
        ClusterLoader loader,
        ImportProgress progress,
        TimeSource time) {
      this.source = source;
      this.window = window;
      this.loader = loader;
      this.progress = progress;
      this.time = time;
      this.shownNs = time.nanoTime();
    }

    @Override
    public void record(ImportRecord record) {
      loader.record(record);
      look();
    }

    @Override
    public void refuse(String why) {
      loader.refuse(why);
      look();
    }

    private void look() {
      long nowNs = time.nanoTime();
      if (nowNs - shownNs >= SHOW_NS) {
        shownNs = nowNs;
        progress.show(source, window.mark());
      }
    }
  }

  /** Returns when all of them are loaded. Throws {@link CliException} when it cannot go on. */
  ImportCounts load(List<RecordSource> sources) throws IOException {
    int first = state.position().source();
    long skipped = state.position().records();
    for (int i = first; i < sources.size(); i++) {
      RecordSource source = sources.get(i);
      load(source, i, i == first && source.isRepeatable() ? skipped : 0);
      state.save(new ImportState.Position(i + 1, 0, counts.json().toString()));
    }
    return counts;
  }

  private void load(RecordSource source, int index, long skip) throws IOException {
    LoadWindow window = new LoadWindow(inFlight, MAX_BYTES, counts);
    ClusterLoader loader = new ClusterLoader(session, window);
    try (ImportProgress progress = new ImportProgress(source, time, progressShown)) {
      Passing passing = new Passing(source, index, skip, window, loader, progress);
      try {
        source.read(passing);
        loader.drain();
        progress.show(source, window.mark());
      } catch (IOException e) {
        passing.save();
        throw CliException.failed(source.name() + ": " + Cli.describe(e));
      } catch (CliException e) {
        passing.save();
        throw e;
      }
    }
  }

  /** Leaves out what was loaded before, and looks at the time now and then. */
  private final class Passing implements RecordSource.RecordSink {
    private final RecordSource source;
    private final int index;
    private final long skip;
    private final LoadWindow window;
    private final ClusterLoader loader;
    private final ImportProgress progress;
    private long seen;
    private long savedNs = time.nanoTime();
    private long shownNs = savedNs;

    Passing(
        RecordSource source,
        int index,
        long skip,
        LoadWindow window,
        ClusterLoader loader,
        ImportProgress progress) {
      this.source = source;
      this.index = index;
      this.skip = skip;
      this.window = window;
      this.loader = loader;
      this.progress = progress;
    }

    @Override
    public void record(ImportRecord record) throws IOException {
      if (seen++ >= skip) {
        loader.record(record);
        look();
      }
    }

    @Override
    public void refuse(String why) throws IOException {
      if (seen++ >= skip) {
        loader.refuse(why);
        look();
      }
    }

    private void look() throws IOException {
      long nowNs = time.nanoTime();
      if (nowNs - shownNs >= SHOW_NS) {
        shownNs = nowNs;
        progress.show(source, window.mark());
      }
      if (nowNs - savedNs >= SAVE_NS) {
        savedNs = nowNs;
        save();
      }
    }

    private void save() throws IOException {
      LoadWindow.Snapshot snapshot = window.snapshot();
      long records = source.isRepeatable() ? skip + snapshot.mark() : 0;
      String counted = source.isRepeatable() ? snapshot.counts() : "{}";
      state.save(new ImportState.Position(index, records, counted));
    }
  }
}
