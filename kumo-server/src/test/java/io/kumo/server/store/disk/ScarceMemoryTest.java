package io.kumo.server.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.testing.ManualTime;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScarceMemoryTest {
  private static final int PAGE_BYTES = 4096;

  @TempDir Path directory;

  private final ManualTime time = new ManualTime();
  private final AtomicLong waits = new AtomicLong(1000);
  private final AtomicLong readAnew = new AtomicLong(1_000_000);
  private final ScarceMemory memory = new ScarceMemory(time, waits::get, readAnew::get);

  private boolean isScarceAfter(int seconds, int waited, int read) {
    for (int second = 0; second < seconds; second++) {
      waits.addAndGet(waited);
      readAnew.addAndGet(read);
      time.advanceMs(1000);
      memory.look();
    }
    return memory.isScarce();
  }

  @Test
  void itIsScarceWhileTheProcessWaitsForPagesAndTheSystemReadsSomeAnew() {
    assertThat(isScarceAfter(3, 0, 0)).isFalse();
    assertThat(isScarceAfter(3, 0, 5000)).as("another process's pages").isFalse();
    assertThat(isScarceAfter(3, 5000, 0)).as("a cold start").isFalse();
    assertThat(isScarceAfter(1, 20, 3000)).isTrue();
    assertThat(isScarceAfter(9, 0, 0)).isTrue();
    assertThat(isScarceAfter(1, 0, 0)).isFalse();
  }

  @Test
  void itIsLookedAtOnceASecond() {
    waits.addAndGet(1000);
    readAnew.addAndGet(1000);
    time.advanceMs(999);
    memory.look();
    assertThat(memory.isScarce()).isFalse();
    time.advanceMs(1);
    memory.look();
    assertThat(memory.isScarce()).isTrue();
  }

  @Test
  void whatIsLoadedBeforeAnybodyWaitsForItCountsLikeAWait() throws IOException {
    ByteBuffer mapping = mapped(64);
    assertThat(isScarceAfter(1, 20, 3000)).isTrue();
    for (int second = 0; second < 20; second++) {
      assertThat(memory.load(mapping, second * PAGE_BYTES, PAGE_BYTES)).isTrue();
      assertThat(isScarceAfter(1, 0, 3000)).isTrue();
    }
    assertThat(isScarceAfter(10, 0, 3000)).isFalse();
  }

  /** Of a file with nothing but a length no page is in memory. */
  private ByteBuffer mapped(int pages) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(directory.resolve("f").toFile(), "rw")) {
      file.setLength((long) pages * PAGE_BYTES);
      return file.getChannel().map(MapMode.PRIVATE, 0, (long) pages * PAGE_BYTES);
    }
  }

  @Test
  void aPageIsLoadedWithNothingAroundIt() throws IOException {
    ByteBuffer mapping = mapped(64);
    assertThat(memory.load(mapping, 20 * PAGE_BYTES, PAGE_BYTES)).isTrue();
    assertThat(memory.load(mapping, 20 * PAGE_BYTES, PAGE_BYTES)).isFalse();
    assertThat(memory.load(mapping, 19 * PAGE_BYTES, PAGE_BYTES)).isTrue();
    assertThat(memory.load(mapping, 21 * PAGE_BYTES, PAGE_BYTES)).isTrue();
  }

  private long sum(String text, Pattern number) throws IOException {
    return ScarceMemory.sum(Files.writeString(directory.resolve("numbers"), text), number);
  }

  @Test
  void theKernelsNumbersAreFound() throws IOException {
    String process = "17 (a (b) S 1 2 -3 4 -5 6 7 8 9876 10 11 12\n";
    assertThat(sum(process, ScarceMemory.MAJOR_FAULTS)).isEqualTo(9876);
    String machine = "workingset_refault_anon 5\nworkingset_refault_file 12\nworkingset_other 9\n";
    assertThat(sum(machine, ScarceMemory.REFAULTS)).isEqualTo(12);
    assertThat(sum("workingset_refault 13\n", ScarceMemory.REFAULTS)).isEqualTo(13);
    assertThat(sum("nothing\n", ScarceMemory.REFAULTS)).isZero();
    assertThat(ScarceMemory.sum(directory.resolve("none"), ScarceMemory.REFAULTS)).isZero();
  }

  @Test
  void memoryThatIsNoFileIsThere() {
    assertThat(memory.load(ByteBuffer.allocate(PAGE_BYTES), 0, PAGE_BYTES)).isFalse();
    assertThat(memory.load(ByteBuffer.allocateDirect(PAGE_BYTES), 0, PAGE_BYTES)).isFalse();
  }
}
