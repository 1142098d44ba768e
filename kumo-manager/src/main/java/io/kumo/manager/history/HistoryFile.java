package io.kumo.manager.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.file.PrivateFiles;
import io.kumo.core.guard.Guard;
import io.kumo.core.protocol.desk.History;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The orders in a file of the manager's state, an object a line; it is replaced as a whole, by a
 * thread of its own. What cannot be written is said in the log and lost with the process.
 *
 * <p>Invariant: at most one list waits to be written, the newest. Thread-safe.
 */
public final class HistoryFile implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HistoryFile.class);
  private static final String NAME = "history";

  private final Path file;
  private final ObjectMapper json = new ObjectMapper();
  private final AtomicReference<List<History.Entry>> waiting = new AtomicReference<>();
  private final ExecutorService thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(2),
          work -> {
            Thread writer = new Thread(work, "kumo-history");
            writer.setDaemon(true);
            return writer;
          });
  private final Executor guarded = Guard.ofProcess().guarding("history", thread);

  /**
   * @param folder of the manager's state
   */
  public HistoryFile(Path folder) {
    this.file = folder.resolve(NAME);
  }

  /** What is there; a line that cannot be read is left out. Blocks. */
  List<History.Entry> read() {
    List<History.Entry> entries = new ArrayList<>();
    try {
      for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
        JsonNode object = json.readTree(line);
        entries.add(
            new History.Entry(
                object.path("atMs").asLong(),
                object.path("who").asText(),
                object.path("from").asText(),
                object.path("order").asText(),
                object.path("outcome").asText()));
      }
    } catch (IOException e) {
      log.warn("cannot read all of the history in {}: {}", file, e.getMessage());
    }
    return entries;
  }

  /** Soon; does not block. */
  void write(List<History.Entry> entries) {
    if (waiting.getAndSet(entries) == null) {
      guarded.execute(this::writeNewest);
    }
  }

  private void writeNewest() {
    List<History.Entry> entries = waiting.getAndSet(null);
    if (entries == null) {
      return;
    }
    Path next = file.resolveSibling(NAME + ".tmp");
    try {
      StringBuilder lines = new StringBuilder();
      for (History.Entry entry : entries) {
        lines.append(line(entry)).append('\n');
      }
      Files.deleteIfExists(next);
      PrivateFiles.writeNew(next, lines.toString().getBytes(StandardCharsets.UTF_8));
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      log.warn("cannot write the history to {}: {}", file, e.getMessage());
    }
  }

  private String line(History.Entry entry) throws JsonProcessingException {
    ObjectNode object = json.createObjectNode();
    object.put("atMs", entry.atMs()).put("who", entry.who()).put("from", entry.from());
    object.put("order", entry.order()).put("outcome", entry.outcome());
    return json.writeValueAsString(object);
  }

  /** What was handed over is written. */
  @Override
  public void close() {
    thread.shutdown();
  }
}
