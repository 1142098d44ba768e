package io.kumo.server.store.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.server.store.disk.DiskFile;
import io.kumo.server.store.disk.SimulatedDisk;
import io.kumo.server.store.mapdb.JournalChunk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FilePatcherTest {
  private static final int RUNS = 300;
  private static final int FILE_BYTES = 300_000;

  @Test
  void entriesNearAndFarAndOverOthersReachTheFileInTheirOrder() throws Exception {
    for (int seed = 0; seed < RUNS; seed++) {
      Random random = new Random(seed);
      byte[] expected = new byte[FILE_BYTES];
      random.nextBytes(expected);
      SimulatedDisk disk = new SimulatedDisk(random);
      DiskFile file = disk.open("f");
      file.write(0, ByteBuffer.wrap(expected.clone()));
      FilePatcher patcher = new FilePatcher();
      for (int i = 0; i < 3; i++) {
        patcher.apply(chunk(random, expected), file);
      }
      assertThat(Arrays.mismatch(disk.bytes("f"), expected)).as("seed %d", seed).isEqualTo(-1);
    }
  }

  /** An applied journal may be of a file that lost its last bytes. */
  @Test
  void aFileThatIsShorterIsWrittenAsFarAsTheEntriesGo() throws IOException {
    SimulatedDisk disk = new SimulatedDisk(new Random(1));
    DiskFile file = disk.open("f");
    file.write(0, ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
    JournalChunk chunk = new JournalChunk();
    chunk.addBytes(2, ByteBuffer.wrap(new byte[] {7}), 0, 1);
    chunk.addBytes(6, ByteBuffer.wrap(new byte[] {8, 9}), 0, 2);
    new FilePatcher().apply(chunk.buffer().flip(), file);
    assertThat(disk.bytes("f")).containsExactly(1, 2, 7, 4, 0, 0, 8, 9);
  }

  private static ByteBuffer chunk(Random random, byte[] expected) {
    JournalChunk chunk = new JournalChunk();
    int at = random.nextInt(FILE_BYTES / 2);
    for (int i = 0; i < 40; i++) {
      byte[] bytes = new byte[1 + random.nextInt(i % 13 == 0 ? 90_000 : 300)];
      random.nextBytes(bytes);
      at = next(random, at, bytes.length);
      if (chunk.addBytes(at, ByteBuffer.wrap(bytes), 0, bytes.length)) {
        System.arraycopy(bytes, 0, expected, at, bytes.length);
      }
    }
    return chunk.buffer().flip();
  }

  private static int next(Random random, int at, int length) {
    int dice = random.nextInt(10);
    int next =
        dice == 0
            ? random.nextInt(FILE_BYTES)
            : dice == 1 ? at - random.nextInt(500) : at + random.nextInt(dice < 7 ? 700 : 6000);
    return Math.max(0, Math.min(FILE_BYTES - length, next));
  }
}
