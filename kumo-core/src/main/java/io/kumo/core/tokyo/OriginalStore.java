package io.kumo.core.tokyo;

import io.kumo.core.cli.CliException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The database of an original server: a Tokyo Cabinet file whose records are those of a server. */
public final class OriginalStore implements Closeable {

  /** Takes records; owns the arrays. */
  @FunctionalInterface
  public interface RecordConsumer {
    void record(RecordKind kind, byte[] key, byte[] value) throws IOException;
  }

  private final TchFile file;
  private final boolean salvage;
  private long foreign;

  private OriginalStore(TchFile file, boolean salvage) {
    this.file = file;
    this.salvage = salvage;
  }

  /**
   * Opens a Tokyo Cabinet hash file.
   *
   * @param salvage read what is sound of a damaged file, instead of refusing it
   * @throws TchException if the file cannot be read, as far as its header tells
   */
  public static OriginalStore open(Path path, boolean salvage) throws IOException {
    if (Files.isDirectory(path)) {
      throw new TchException(
          "it is a folder, not a Tokyo Cabinet hash file; kumomergedb reads stores of kumo");
    }
    TchFile file = TchFile.open(path);
    String problem = file.problem();
    if (problem != null && !salvage) {
      file.close();
      throw new TchException(problem);
    }
    return new OriginalStore(file, salvage);
  }

  public TchFile file() {
    return file;
  }

  /** As the header says; only a guess, but never more than there can be. */
  public long expectedRecords() {
    long most = file.fileBytes() / TchBlock.LEAST_RECORD_BYTES;
    return Math.min(Math.max(0, file.header().records()), most);
  }

  /** Records that were left out, not being a server's; only when salvaging. */
  public long foreign() {
    return foreign;
  }

  /**
   * Gives all records but those of {@link RecordKind#FOREIGN}.
   *
   * @throws TchException if the file is damaged, which may show only at the end
   */
  public TchContents read(RecordConsumer consumer) throws IOException {
    TchFile.EntryConsumer checked = (key, value) -> check(consumer, key, value);
    return salvage ? file.salvage(checked) : file.read(checked);
  }

  private void check(RecordConsumer consumer, byte[] key, byte[] value) throws IOException {
    RecordKind kind = RecordKind.of(key, value);
    if (kind != RecordKind.FOREIGN) {
      consumer.record(kind, key, value);
    } else if (salvage) {
      foreign++;
    } else {
      throw new TchException("it is damaged, or not a server's: a key's hash or marks are wrong");
    }
  }

  /** What to tell the user of a file that cannot be read. */
  public static CliException failure(Path path, IOException e) {
    String why = e instanceof NoSuchFileException ? "no such file" : String.valueOf(e.getMessage());
    return CliException.failed(path + ": " + why);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
