package io.kumo.server.store.mapdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.testing.ManualTime;
import io.kumo.server.store.disk.RealDisk;
import io.kumo.server.store.disk.ScarceMemory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of which no page is in memory, as it has nothing but a length. */
class PageReaderTest {
  private static final long PAGE_BYTES = 4096;
  private static final int SLICE_BYTES = 1 << 20;
  private static final int PAGES = (int) (2 * SLICE_BYTES / PAGE_BYTES);

  @TempDir Path directory;

  private final ManualTime time = new ManualTime();
  private final AtomicLong pagesRead = new AtomicLong();
  private final ScarceMemory memory = new ScarceMemory(time, pagesRead::get, pagesRead::get);
  private CheckpointVolume volume;
  private PageReader reader;

  @BeforeEach
  void open() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(directory.resolve("r").toFile(), "rw")) {
      file.setLength(2L * SLICE_BYTES);
    }
    volume = new CheckpointVolume(new RealDisk(directory).open("r"), SLICE_BYTES);
    reader = new PageReader(volume, memory);
  }

  @AfterEach
  void close() {
    volume.close();
  }

  private void becomeScarce() {
    pagesRead.addAndGet(1000);
    time.advanceMs(1000);
    memory.look();
  }

  private List<Integer> pagesThere() {
    List<Integer> there = new ArrayList<>();
    for (int page = 0; page < PAGES; page++) {
      long offset = page * PAGE_BYTES;
      ByteBuffer part = volume.memory(offset).slice(volume.indexInSlice(offset), (int) PAGE_BYTES);
      if (((MappedByteBuffer) part).isLoaded()) {
        there.add(page);
      }
    }
    return there;
  }

  @Test
  void nothingIsReadWhileMemoryIsNotScarce() {
    reader.use(17 * PAGE_BYTES, 100);
    assertThat(pagesThere()).isEmpty();
  }

  @Test
  void ofPagesHereAndThereOnlyThoseThatAreUsedAreRead() {
    becomeScarce();
    reader.use(300 * PAGE_BYTES + 5, 8);
    reader.use(17 * PAGE_BYTES, 1);
    reader.use(401 * PAGE_BYTES - 1, 2);
    assertThat(pagesThere()).containsExactly(17, 300, 400, 401);
  }

  @Test
  void whoGoesFromPageToPageHasMoreAndMoreReadAhead() {
    becomeScarce();
    for (int page = 100; page < 104; page++) {
      reader.use(page * PAGE_BYTES, 1000);
    }
    assertThat(pagesThere()).containsExactly(100, 101, 102, 103, 104, 105, 106);
    for (int page = 104; page < 164; page++) {
      reader.use(page * PAGE_BYTES, 1000);
    }
    assertThat(pagesThere()).hasSizeBetween(64, 64 + 32);
  }

  @Test
  void whatIsReadAheadEndsWithItsSlice() {
    becomeScarce();
    int slice = (int) (SLICE_BYTES / PAGE_BYTES);
    for (int page = slice - 8; page < slice; page++) {
      reader.use(page * PAGE_BYTES, 1000);
    }
    assertThat(pagesThere()).hasSize(8).doesNotContain(slice);
    reader.use((slice - 1) * PAGE_BYTES, (int) (2 * PAGE_BYTES));
    reader.use(0, 0);
    assertThat(pagesThere()).contains(0);
  }
}
