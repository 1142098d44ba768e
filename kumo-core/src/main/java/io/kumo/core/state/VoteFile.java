package io.kumo.core.state;

import io.kumo.core.file.PrivateFiles;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.Voter;
import io.kumo.core.vote.VoteRules;
import io.kumo.core.vote.VoteState;
import io.kumo.core.vote.VoteStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A vote in a file of its own: {@code vote} in a folder, written as {@code vote.new}, synced and
 * renamed, so that a crash leaves the one before or the new one whole. {@code vote.lock} keeps
 * other processes away while this one lives.
 *
 * <p>A vote counts once. It is bound to the address of its node, and to a number that the caller
 * gives (of the store that it belongs to): a folder that was copied to another node, or a store
 * that was restored beside it, makes another voter, with a new id. So does a file that is damaged.
 * Where the folder cannot be written, the vote lasts as long as the process, under a new id: the
 * kept one, if there is any, must not vote without being able to remember.
 *
 * <p>Confined to one thread, which may block.
 */
public final class VoteFile implements VoteStore, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(VoteFile.class);
  private static final String NAME = "vote";

  private final Path folder;
  private final long binding;
  private final @Nullable FileChannel lock;
  private VoteState state;

  private VoteFile(Path folder, long binding, @Nullable FileChannel lock, VoteState state) {
    this.folder = folder;
    this.binding = binding;
    this.lock = lock;
    this.state = state;
  }

  /**
   * Takes the vote of a node up, or draws a new one.
   *
   * @param folder made when it is missing
   * @param binding what else the vote belongs to; 0 for nothing
   * @param random draws ids
   * @throws IOException if another process has this vote now
   */
  public static VoteFile open(
      VoteRules rules, Path folder, NodeAddress address, long binding, LongSupplier random)
      throws IOException {
    Voter drawn = new Voter(address, random.getAsLong());
    FileChannel lock;
    try {
      PrivateFiles.createDirectories(folder);
      lock = PrivateFiles.open(folder.resolve(NAME + ".lock"));
    } catch (IOException e) {
      return ofThisProcess(folder, binding, drawn, e);
    }
    if (!isFree(lock)) {
      lock.close();
      throw new IOException("the vote in " + folder + " belongs to a process that runs");
    }
    VoteState kept = kept(rules, folder, address, binding);
    VoteState started = kept == null ? VoteState.fresh(drawn) : kept.restarted();
    VoteFile file = new VoteFile(folder, binding, lock, started);
    try {
      file.save(started);
      return file;
    } catch (IOException e) {
      lock.close();
      return ofThisProcess(folder, binding, drawn, e);
    }
  }

  private static VoteFile ofThisProcess(
      Path folder, long binding, Voter drawn, IOException reason) {
    log.warn(
        "cannot keep a vote in {} ({}): this node is another voter at each start", folder, reason);
    return new VoteFile(folder, binding, null, VoteState.fresh(drawn));
  }

  private static boolean isFree(FileChannel lock) throws IOException {
    try {
      FileLock held = lock.tryLock();
      return held != null;
    } catch (OverlappingFileLockException e) {
      log.debug("this very process has the vote", e);
      return false;
    }
  }

  private static @Nullable VoteState kept(
      VoteRules rules, Path folder, NodeAddress address, long binding) {
    Path file = folder.resolve(NAME);
    if (!PrivateFiles.exists(file)) {
      return null;
    }
    VoteBytes.Kept kept = read(file);
    if (kept == null) {
      log.warn("the vote in {} is damaged: this node is a new voter", file);
      return null;
    }
    boolean bound = kept.state().self().address().equals(address) && kept.binding() == binding;
    if (!rules.mayTakeUp(bound)) {
      log.warn(
          "the vote in {} was kept for {} and another store or address: this node is a new voter",
          file,
          kept.state().self().address());
      return null;
    }
    return kept.state();
  }

  private static VoteBytes.@Nullable Kept read(Path file) {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return null;
    }
    try {
      return VoteBytes.decode(Files.readAllBytes(file));
    } catch (IOException e) {
      log.warn("cannot read the vote in {}", file, e);
      return null;
    }
  }

  @Override
  public VoteState state() {
    return state;
  }

  /** Whether the vote ends with this process. */
  public boolean isOfThisProcess() {
    return lock == null;
  }

  @Override
  public void save(VoteState next) throws IOException {
    if (lock != null) {
      write(VoteBytes.encode(binding, next));
    }
    state = next;
  }

  private void write(byte[] bytes) throws IOException {
    Path unfinished = folder.resolve(NAME + ".new");
    Files.deleteIfExists(unfinished);
    try (FileChannel channel = PrivateFiles.open(unfinished)) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
    Files.move(
        unfinished,
        folder.resolve(NAME),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  /** Lets another process take the vote up. */
  @Override
  public void close() throws IOException {
    if (lock != null) {
      lock.close();
    }
  }
}
