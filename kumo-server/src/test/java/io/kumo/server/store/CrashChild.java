package io.kumo.server.store;

import io.kumo.server.store.engine.MapDbStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/**
 * The process that crash tests end. It opens a store and writes without a pause, noting in a file
 * outside the store what it is about to write and what the store has acknowledged; now and then it
 * compacts, backs up, and closes and opens again.
 *
 * <p>Arguments: directory, seed, first ClockTime, fsync policy, number of writes, file for notes.
 */
public final class CrashChild {
  public static final int BEGIN = 1;
  static final int ACKNOWLEDGED = 2;
  public static final int KEYS = 400;
  public static final String NODE = "crash";
  private static final int ROUND = 300;

  private final Path directory;
  private final Random random;
  private final StoreOptions options;
  private final DataOutputStream out;
  private long clockTime;
  private int writes;

  private CrashChild(
      Path directory, long seed, long firstClockTime, StoreOptions options, Path notes)
      throws IOException {
    out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(notes), 64));
    this.directory = directory;
    this.random = new Random(seed);
    this.clockTime = firstClockTime;
    this.options = options;
  }

  public static StoreOptions options(FsyncPolicy policy) {
    return new StoreOptions(policy, 2, 2 << 20, 1 << 20, 0, 1 << 18, 1 << 20);
  }

  public static ByteBuf key(int number) {
    return Unpooled.buffer()
        .writeLong(number * 0x9E3779B97F4A7C15L)
        .writeBytes(("key" + number).getBytes(StandardCharsets.US_ASCII));
  }

  /** The value follows from key and ClockTime, so a torn or foreign one shows. */
  public static ByteBuf value(int key, long clockTime) {
    Random bytes = new Random(key * 31L + clockTime);
    ByteBuf value = Unpooled.buffer().writeLong(clockTime);
    int dice = bytes.nextInt(100);
    if (dice < 10) {
      return value;
    }
    int size =
        dice < 12
            ? bytes.nextInt(1 << 20)
            : dice < 20
                ? bytes.nextInt(70_000)
                : dice < 25 ? 0 : dice < 70 ? 50 + 100 * (key % 4) : bytes.nextInt(600);
    byte[] payload = new byte[size];
    bytes.nextBytes(payload);
    return value.writeShort(0).writeBytes(payload);
  }

  public static void main(String[] arguments) throws Exception {
    StoreOptions options = options(FsyncPolicy.valueOf(arguments[3]));
    CrashChild child =
        new CrashChild(
            Path.of(arguments[0]),
            Long.parseLong(arguments[1]),
            Long.parseLong(arguments[2]),
            options,
            Path.of(arguments[5]));
    child.run(Integer.parseInt(arguments[4]));
  }

  private void run(int limit) throws Exception {
    while (writes < limit) {
      try (Store store = MapDbStore.open(directory, NODE, options)) {
        for (int i = 0; i < ROUND + random.nextInt(ROUND) && writes < limit; i++) {
          write(store);
        }
        if (random.nextInt(2) == 0) {
          Thread compacting = new Thread(store::compact);
          compacting.start();
          for (int i = 0; i < ROUND / 2; i++) {
            write(store);
          }
          compacting.join();
        }
        if (random.nextInt(3) == 0) {
          backup(store);
        }
      }
    }
  }

  private void backup(Store store) throws IOException {
    Path target = directory.resolveSibling(directory.getFileName() + "-backup-" + clockTime);
    store.backup(target);
    try (var files = Files.walk(target)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }

  private void write(Store store) throws Exception {
    int key = random.nextInt(KEYS);
    long now = clockTime++;
    say(BEGIN, key, now);
    ByteBuf value = value(key, now);
    WriteResult result = Patient.update(store, key(key), value);
    if (!result.stored()) {
      throw new IllegalStateException("key " + key + " has " + result.clockTime());
    }
    CountDownLatch durable = new CountDownLatch(1);
    store.whenDurable(result.position(), Runnable::run, failure -> durable.countDown());
    durable.await();
    say(ACKNOWLEDGED, key, now);
    writes++;
  }

  private void say(int what, int key, long clockTimeSaid) throws IOException {
    out.writeByte(what);
    out.writeInt(key);
    out.writeLong(clockTimeSaid);
    out.flush();
  }
}
