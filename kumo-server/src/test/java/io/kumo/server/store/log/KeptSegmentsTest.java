package io.kumo.server.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.server.store.disk.DiskFile;
import io.kumo.server.store.disk.RealDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptSegmentsTest {
  private static final int LENGTH = 4096;

  private KeptSegments kept;

  @BeforeEach
  void mapThree(@TempDir Path directory) throws IOException {
    RealDisk disk = new RealDisk(directory);
    List<LogSegment> segments = new ArrayList<>();
    for (int number = 1; number <= 3; number++) {
      DiskFile file = disk.open("s" + number);
      file.setSize(LENGTH);
      segments.add(LogSegment.map(file, number, LENGTH));
    }
    kept = new KeptSegments(segments);
  }

  @AfterEach
  void close() throws IOException {
    kept.close();
  }

  @Test
  void thoseBetweenTwoPositionsHoldSomethingOfIt() {
    assertThat(numbers(kept.between(LENGTH, 4 * LENGTH))).containsExactly(1L, 2L, 3L);
    assertThat(numbers(kept.between(2 * LENGTH, 2 * LENGTH + 1))).containsExactly(2L);
    assertThat(numbers(kept.between(2 * LENGTH - 1, 3 * LENGTH))).containsExactly(1L, 2L);
    assertThat(kept.between(4 * LENGTH, Long.MAX_VALUE)).isEmpty();
  }

  @Test
  void thoseBeforeAPositionGoButTheNewest() throws IOException {
    assertThat(numbersOfClosed(kept.removeBefore(2 * LENGTH - 1))).isEmpty();
    assertThat(numbersOfClosed(kept.removeBefore(2 * LENGTH))).containsExactly(1L);
    assertThat(numbersOfClosed(kept.removeBefore(Long.MAX_VALUE))).containsExactly(2L);
    assertThat(kept.oldest()).isSameAs(kept.newest());
    assertThat(kept.newest().number()).isEqualTo(3);
  }

  @Test
  void whatIsPinnedStaysAsOftenAsItIsPinned() throws IOException {
    kept.pin(2 * LENGTH + 5);
    kept.pin(2 * LENGTH + 5);
    assertThat(numbersOfClosed(kept.removeBefore(4 * LENGTH))).containsExactly(1L);
    kept.unpin(2 * LENGTH + 5);
    assertThat(numbersOfClosed(kept.removeBefore(4 * LENGTH))).isEmpty();
    kept.unpin(2 * LENGTH + 5);
    assertThat(numbersOfClosed(kept.removeBefore(4 * LENGTH))).containsExactly(2L);
  }

  private static List<Long> numbers(List<LogSegment> segments) {
    return segments.stream().map(LogSegment::number).toList();
  }

  private static List<Long> numbersOfClosed(List<LogSegment> segments) throws IOException {
    for (LogSegment segment : segments) {
      segment.close();
    }
    return numbers(segments);
  }
}
