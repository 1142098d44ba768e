package io.kumo.tools.importing;

import io.kumo.core.cli.CliException;
import io.kumo.core.protocol.Limits;
import io.kumo.tools.importing.source.ImportRecord;
import io.kumo.tools.importing.source.RecordSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Loads records into a cluster, many at once to all of its servers. One thread gives them; they
 * travel on the session's loop.
 */
final class ClusterLoader implements RecordSource.RecordSink {
  /** Records on their way, by default; enough for three servers to be busy all the time. */
  static final int DEFAULT_IN_FLIGHT = 4096;

  /** Handed to the loop together: a wake-up costs more than a record. */
  private static final int BATCH = 64;

  private static final int MAX_FAILURES = 8;
  private static final long FIRST_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long MAX_PAUSE_NS = TimeUnit.SECONDS.toNanos(5);

  private final ClusterSession session;
  private final LoadWindow window;
  private final Retrying ends = new Retrying();
  private List<RecordLoad> batch = new ArrayList<>(BATCH);

  ClusterLoader(ClusterSession session, LoadWindow window) {
    this.session = session;
    this.window = window;
  }

  /** Returns before it is there; see {@link LoadWindow#drain}. */
  @Override
  public void record(ImportRecord record) {
    if (record.key().length > Limits.MAX_KEY_BYTES || record.key().length == 0) {
      refuse("keys that are empty or longer than " + Limits.MAX_KEY_BYTES + " bytes");
      return;
    }
    if (record.action() == ImportRecord.LoadAction.TOUCH) {
      drain();
    }
    ImportRecord now = record.asOf(session.nowSeconds());
    if (window.isFull(now.bytes())) {
      flush();
    }
    batch.add(new RecordLoad(ends, window.begin(now.bytes()), now));
    if (batch.size() >= BATCH) {
      flush();
    }
  }

  @Override
  public void refuse(String why) {
    if (window.isFull(0)) {
      flush();
    }
    window.end(window.begin(0), 0, LoadResult.REFUSED, why);
  }

  /** Returns when all that was given has ended. */
  void drain() {
    flush();
    window.drain();
  }

  private void flush() {
    if (batch.isEmpty()) {
      return;
    }
    List<RecordLoad> full = batch;
    batch = new ArrayList<>(BATCH);
    session.transport().execute(() -> full.forEach(session.router()::execute));
  }

  /** On the loop. */
  private final class Retrying implements RecordLoad.Ends {
    @Override
    public void ended(RecordLoad command, LoadResult result, String why) {
      window.end(command.number(), command.bytes(), result, why);
    }

    @Override
    public void failed(RecordLoad command, String why) {
      if (command.failures() > MAX_FAILURES) {
        window.fail(CliException.failed("a record could not be loaded: " + why));
        return;
      }
      int doublings = Math.min(command.failures(), Long.SIZE / 4);
      long pauseNs = Math.min(MAX_PAUSE_NS, FIRST_PAUSE_NS << doublings);
      session.transport().schedule(pauseNs, () -> session.router().execute(command));
    }
  }
}
