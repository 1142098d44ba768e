package io.kumo.tools.importing.source;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.Limits;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lines as {@link Tsv} writes them; key and value have to be there, the other columns may be left
 * out, and all may stand in any order.
 */
public final class TsvSource extends FileSource {
  /** Four bytes for each of the greatest value, escaped, and what stands beside it. */
  private static final int MAX_LINE_BYTES = 4 * Limits.MAX_VALUE_BYTES + (1 << 16);

  private static final long MAX_U32 = 0xFFFF_FFFFL;
  private static final int MAX_DIGITS = 10;

  private final Versions versions;
  private final InputStream in;
  private final List<TsvColumn> columns = new ArrayList<>();
  private long done;
  private long lines;

  private TsvSource(Path path, Versions versions, InputStream in) throws IOException {
    super(path);
    this.versions = versions;
    this.in = in;
  }

  /**
   * Opens a file for reading.
   *
   * @param versions of lines without a ClockTime
   */
  public static TsvSource open(Path path, Versions versions) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
    return new TsvSource(path, versions, in);
  }

  @Override
  public void read(RecordSink sink) throws IOException {
    byte[] first = line();
    if (first == null) {
      throw new IOException("an empty file; the first line is to name the columns");
    }
    try {
      head(new String(first, UTF_8));
      for (byte[] line = line(); line != null; line = line()) {
        sink.record(record(fields(line)));
      }
    } catch (MalformedLineException e) {
      throw new IOException("line " + lines + ": " + e.getMessage(), e);
    }
  }

  /** Without its newline; null at the end. */
  private byte @Nullable [] line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int c = in.read();
    if (c < 0) {
      return null;
    }
    lines++;
    for (; c >= 0 && c != '\n'; c = in.read()) {
      if (line.size() == MAX_LINE_BYTES) {
        throw new IOException("line " + lines + " is longer than any record");
      }
      line.write(c);
    }
    done += line.size() + 1;
    return line.toByteArray();
  }

  private void head(String line) throws MalformedLineException {
    for (String word : line.split("\t", -1)) {
      TsvColumn column =
          Arrays.stream(TsvColumn.values())
              .filter(known -> known.word().equals(word))
              .findFirst()
              .orElseThrow(() -> new MalformedLineException("no column is called '" + word + "'"));
      if (columns.contains(column)) {
        throw new MalformedLineException("the column " + word + " twice");
      }
      columns.add(column);
    }
    if (!columns.contains(TsvColumn.KEY) || !columns.contains(TsvColumn.VALUE)) {
      throw new MalformedLineException("the columns key and value are needed");
    }
  }

  private Map<TsvColumn, byte[]> fields(byte[] line) throws MalformedLineException {
    Map<TsvColumn, byte[]> fields = new EnumMap<>(TsvColumn.class);
    int from = 0;
    for (int i = 0; i <= line.length; i++) {
      if (i == line.length || line[i] == '\t') {
        if (fields.size() == columns.size()) {
          throw new MalformedLineException("more than " + columns.size() + " fields");
        }
        fields.put(columns.get(fields.size()), TsvField.read(line, from, i));
        from = i + 1;
      }
    }
    if (fields.size() < columns.size()) {
      throw new MalformedLineException(fields.size() + " fields for " + columns.size());
    }
    return fields;
  }

  private ImportRecord record(Map<TsvColumn, byte[]> fields) throws MalformedLineException {
    byte[] key = fields.getOrDefault(TsvColumn.KEY, new byte[0]);
    byte[] value = fields.getOrDefault(TsvColumn.VALUE, new byte[0]);
    long version =
        fields.containsKey(TsvColumn.TIME)
            ? ClockTime.of(number(fields, TsvColumn.TIME), (int) number(fields, TsvColumn.CLOCK))
            : versions.next();
    return ImportRecord.store(
        key,
        value,
        (int) number(fields, TsvColumn.FLAGS),
        number(fields, TsvColumn.EXPIRY),
        version);
  }

  /** 0 of a column that is not there. */
  private static long number(Map<TsvColumn, byte[]> fields, TsvColumn column)
      throws MalformedLineException {
    byte[] field = fields.get(column);
    if (field == null) {
      return 0;
    }
    String text = new String(field, US_ASCII);
    boolean digits = text.matches("[0-9]{1," + MAX_DIGITS + "}");
    if (!digits || Long.parseLong(text) > MAX_U32) {
      throw new MalformedLineException(column.word() + " is to be a number from 0 to " + MAX_U32);
    }
    return Long.parseLong(text);
  }

  @Override
  public long done() {
    return done;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
