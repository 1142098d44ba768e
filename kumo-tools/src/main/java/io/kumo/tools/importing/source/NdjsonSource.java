package io.kumo.tools.importing.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Lines of JSON as {@link Ndjson} prints them; the ClockTime may be left out. */
public final class NdjsonSource extends FileSource {
  /** Six characters for each byte of the greatest value, escaped. */
  private static final int MAX_TEXT = 6 * Limits.MAX_VALUE_BYTES;

  private static final long MAX_U32 = 0xFFFF_FFFFL;
  private static final String NO_BASE64 = "base64 is expected";

  private final Versions versions;
  private final JsonParser json;
  private long done;

  /** One line, as far as it was read. */
  private static final class Line {
    private byte @Nullable [] key;
    private byte @Nullable [] value;
    private long flags;
    private long expiry;
    private long seconds = -1;
    private long counter;
    private boolean deleted;
  }

  private NdjsonSource(Path path, Versions versions, JsonParser json) throws IOException {
    super(path);
    this.versions = versions;
    this.json = json;
  }

  /**
   * Opens a file for reading.
   *
   * @param versions of lines without a ClockTime
   */
  public static NdjsonSource open(Path path, Versions versions) throws IOException {
    StreamReadConstraints limits =
        StreamReadConstraints.builder().maxStringLength(MAX_TEXT).maxNestingDepth(2).build();
    JsonFactory factory = JsonFactory.builder().streamReadConstraints(limits).build();
    return new NdjsonSource(path, versions, factory.createParser(Files.newInputStream(path)));
  }

  @Override
  public void read(RecordSink sink) throws IOException {
    try {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token != JsonToken.START_OBJECT) {
          throw bad("an object is expected");
        }
        sink.record(record(line()));
        done = json.currentLocation().getByteOffset();
      }
    } catch (JsonProcessingException e) {
      throw new IOException(said("no JSON as export writes it"), e);
    }
  }

  private Line line() throws IOException {
    Line line = new Line();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "key" -> line.key = text();
        case "key64" -> line.key = base64();
        case "value" -> line.value = text();
        case "value64" -> line.value = base64();
        case "flags" -> line.flags = number(MAX_U32);
        case "expiry" -> line.expiry = number(MAX_U32);
        case "time" -> line.seconds = number(MAX_U32);
        case "clock" -> line.counter = number(MAX_U32);
        case "deleted" -> line.deleted = truth();
        default -> throw bad("no record has a field \"" + name + "\"");
      }
    }
    return line;
  }

  private byte[] text() throws IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw bad("a text is expected");
    }
    return json.getText().getBytes(StandardCharsets.UTF_8);
  }

  private byte[] base64() throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      try {
        return json.getBinaryValue();
      } catch (JsonProcessingException e) {
        throw new IOException(said(NO_BASE64), e);
      }
    }
    throw bad(NO_BASE64);
  }

  private boolean truth() throws IOException {
    if (!json.currentToken().isBoolean()) {
      throw bad("true or false is expected");
    }
    return json.getBooleanValue();
  }

  private long number(long most) throws IOException {
    boolean whole =
        json.currentToken() == JsonToken.VALUE_NUMBER_INT
            && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
    if (!whole || json.getLongValue() < 0 || json.getLongValue() > most) {
      throw bad("a number from 0 to " + most + " is expected");
    }
    return json.getLongValue();
  }

  private ImportRecord record(Line line) throws IOException {
    if (line.key == null) {
      throw bad("a record without a key");
    }
    long version =
        line.seconds < 0 ? versions.next() : ClockTime.of(line.seconds, (int) line.counter);
    if (line.deleted) {
      return ImportRecord.remove(line.key, version);
    }
    if (line.value == null) {
      throw bad("a record without a value");
    }
    return ImportRecord.store(line.key, line.value, (int) line.flags, line.expiry, version);
  }

  private IOException bad(String why) {
    return new IOException(said(why));
  }

  private String said(String why) {
    return "line " + json.currentLocation().getLineNr() + ": " + why;
  }

  @Override
  public long done() {
    return done;
  }

  @Override
  public void close() throws IOException {
    json.close();
  }
}
