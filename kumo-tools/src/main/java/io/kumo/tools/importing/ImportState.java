package io.kumo.tools.importing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.file.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far an import has come, kept in a small file so that the same command goes on from there.
 * Everything in front of the position is in the cluster; behind it some records may be, too, and
 * are found to be there when they are loaded again. Not thread-safe.
 */
final class ImportState {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Of other programs' files with that name, no more is looked at. */
  private static final long MAX_BYTES = 1 << 20;

  private final Path path;
  private final List<String> what;
  private final long began;
  private Position position;

  /**
   * A place in the sources.
   *
   * @param source the index of the one being read
   * @param records of it that have ended, refused ones included
   * @param counts of all so far, as JSON
   */
  record Position(int source, long records, String counts) {
    static final Position START = new Position(0, 0, "{}");
  }

  private ImportState(Path path, List<String> what, long began, Position position) {
    this.path = path;
    this.what = List.copyOf(what);
    this.began = began;
    this.position = position;
  }

  /**
   * Reads the file, if there is one.
   *
   * @param what is imported and where to, each in words; another import's file is refused
   * @return null if there is none
   */
  static @Nullable ImportState find(Path path, List<String> what) throws IOException {
    if (!Files.exists(path)) {
      return null;
    }
    if (Files.size(path) > MAX_BYTES) {
      throw foreign(path);
    }
    JsonNode json;
    try {
      json = MAPPER.readTree(Files.readAllBytes(path));
    } catch (JsonProcessingException e) {
      throw new CliException(ExitStatus.FAILED, foreign(path).getMessage(), e);
    }
    List<String> found = new ArrayList<>();
    json.path("import").forEach(words -> found.add(words.asText()));
    if (!found.equals(what)) {
      throw foreign(path);
    }
    Position position =
        new Position(
            json.path("source").asInt(),
            json.path("records").asLong(),
            json.path("counts").toString());
    return new ImportState(path, what, json.path("began").asLong(), position);
  }

  private static CliException foreign(Path path) {
    return CliException.failed(
        path + " is the state of another import; remove it, or name another with --state");
  }

  /**
   * Of an import that begins.
   *
   * @param began unix seconds
   */
  static ImportState begin(Path path, List<String> what, long began) throws IOException {
    ImportState state = new ImportState(path, what, began, Position.START);
    state.save(Position.START);
    return state;
  }

  /** Unix seconds. */
  long began() {
    return began;
  }

  Position position() {
    return position;
  }

  ImportCounts counts() throws IOException {
    return ImportCounts.of(MAPPER.readTree(position.counts()));
  }

  /** Replaces the file as a whole. */
  void save(Position newPosition) throws IOException {
    position = newPosition;
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    what.forEach(json.putArray("import")::add);
    json.put("began", began).put("source", position.source()).put("records", position.records());
    json.set("counts", MAPPER.readTree(position.counts()));
    Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
    try (FileChannel channel = PrivateFiles.open(temporary)) {
      channel.truncate(0);
      ByteBuffer bytes = ByteBuffer.wrap((json + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The import has ended. */
  void remove() throws IOException {
    Files.deleteIfExists(path);
  }
}
