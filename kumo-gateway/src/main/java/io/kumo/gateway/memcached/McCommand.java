package io.kumo.gateway.memcached;

import io.kumo.core.auth.Rights;
import io.kumo.core.route.request.KeyCommand;
import io.kumo.core.route.request.KeyOutcome;
import io.kumo.core.route.request.KeyRequest;
import io.kumo.core.route.request.KeyStatus;
import io.kumo.gateway.client.ReplyQueue;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request of any protocol on its way: filled by a decoder, completed by an executor, answered
 * by its encoder, and then reused. What is asked, what came of it and how it is to be answered are
 * parts of it, and reused with it.
 *
 * <p>Confined to its event loop.
 */
public final class McCommand implements KeyCommand {
  /** Hears when a command is complete. */
  public interface CommandOwner {
    void completed(McCommand command);

    /**
     * Takes back a command under way whose value is likely to be large, and has it executed again
     * when it may be asked for; false when it is not taken back.
     */
    default boolean postpone(McCommand command) {
      return false;
    }

    /**
     * Takes a part of the answer of the command, which is the one to be answered next.
     *
     * @param taken run when the client has taken it, or is gone
     */
    default void send(McCommand command, ByteBuf part, Runnable taken) {
      part.release();
      taken.run();
    }

    /** Whether the command may hold so many bytes of values, more than it was charged with. */
    default boolean mayHold(McCommand command, long bytes) {
      return true;
    }
  }

  private static final byte[] NOTHING = {};

  private final CommandPool pool;
  private final KeyRequest request;
  private final KeyOutcome outcome = new KeyOutcome();
  private final ReplyForm form;

  private McOperation operation = McOperation.LOCAL;
  private @Nullable McStatus status;
  private byte[] text = NOTHING;
  private @Nullable List<Stat> stats;
  private boolean completed;
  private boolean closing;

  private @Nullable Rights rights;
  private @Nullable CommandOwner owner;
  public @Nullable McCommand next;

  /** What the connection counts this command as, in bytes; see {@link ReplyQueue}. */
  public long chargedBytes;

  /** What was expected of a read that is at the servers now, in bytes; 0 when it is over. */
  public long askedBytes;

  /** When its last bytes came, on the monotonic clock. */
  public long arrivedNs;

  /** Whether its owner has taken it back, to have it executed again. */
  public boolean postponed;

  /** Whether it shares an answer for the second time. */
  public boolean sharesAgain;

  McCommand(CommandPool pool, byte[] keyPrefix, ReplyEncoder unset) {
    this.pool = pool;
    this.request = new KeyRequest(keyPrefix);
    this.form = new ReplyForm(unset);
  }

  @Override
  public KeyRequest request() {
    return request;
  }

  @Override
  public KeyOutcome outcome() {
    return outcome;
  }

  public ReplyForm form() {
    return form;
  }

  public McOperation operation() {
    return operation;
  }

  /** Sets what is asked and who writes the answer. */
  public void begin(McOperation newOperation, ReplyEncoder newEncoder) {
    operation(newOperation);
    form.encoder(newEncoder);
  }

  public void operation(McOperation newOperation) {
    operation = newOperation;
    if (newOperation.isKeyed()) {
      request.operation(newOperation.onKey());
    }
  }

  /** Whether the back end, or the decoder, has decided the outcome. */
  public boolean isDecided() {
    return status != null;
  }

  /** The outcome to be answered. */
  public McStatus status() {
    if (status == null) {
      throw new IllegalStateException("a command that is not complete has no status");
    }
    return status;
  }

  /** Decides the outcome in the decoder: the command needs no back end. */
  public McCommand answer(McStatus newStatus) {
    operation = operation == McOperation.QUIT ? operation : McOperation.LOCAL;
    status = newStatus;
    return this;
  }

  /** Decides the outcome in the decoder: the reply is this text, not to be changed afterwards. */
  public McCommand answer(byte[] newText) {
    text = newText;
    return answer(McStatus.TEXT);
  }

  /** The reply, when the status is {@link McStatus#TEXT}. */
  public byte[] text() {
    return text;
  }

  /** The lines of a stats command that was completed as FETCHED; null for other commands. */
  public @Nullable List<Stat> stats() {
    return stats;
  }

  public void stats(List<Stat> newStats) {
    stats = newStats;
  }

  /** Those of its user, where it asks for keys that it does not name. */
  void rights(Rights newRights) {
    rights = newRights;
  }

  /** Whether its user may know of a key. Borrows. */
  public boolean mayKnow(byte[] key) {
    return rights == null || rights.owns(key, 0, key.length);
  }

  /** The connection closes after this reply. */
  public boolean isClosing() {
    return closing;
  }

  public void closing() {
    closing = true;
  }

  /** Makes room for the outcome; called once between decoding and execution. */
  public void admit(CommandOwner newOwner) {
    owner = newOwner;
    outcome.found().prepare(request.keys().size());
  }

  @Override
  public void complete(KeyStatus newStatus) {
    complete(McStatus.of(newStatus));
  }

  /** The outcome stands; the reply goes out when it is this command's turn. */
  public void complete(McStatus newStatus) {
    if (completed) {
      throw new IllegalStateException(operation + " completed twice");
    }
    completed = true;
    status = form.answerTo(newStatus);
    if (owner == null) {
      recycle();
    } else {
      owner.completed(this);
    }
  }

  /**
   * Sends a part of the answer, before the command is complete; takes it.
   *
   * @param taken run when the client has taken it, or is gone: see {@link #isAbandoned}
   */
  public void send(ByteBuf part, Runnable taken) {
    CommandOwner to = owner;
    if (to == null) {
      part.release();
      taken.run();
    } else {
      to.send(this, part, taken);
    }
  }

  /** Nobody waits for the reply any more; the command is recycled when it completes. */
  public void disown() {
    owner = null;
  }

  @Override
  public boolean isAbandoned() {
    return owner == null;
  }

  @Override
  public boolean mayHold(int bytes) {
    outcome.addFoundBytes(bytes);
    CommandOwner asked = owner;
    long all = outcome.foundBytes();
    return asked != null && (all <= chargedBytes || asked.mayHold(this, all));
  }

  @Override
  public boolean postpone() {
    CommandOwner asked = owner;
    return asked != null && asked.postpone(this);
  }

  public boolean isCompleted() {
    return completed;
  }

  public boolean isMeta() {
    return form.encoder().isMeta();
  }

  public void encode(ReplyOutput out) {
    form.encoder().encode(this, out);
  }

  /** Gives the command back for reuse; nobody may touch it afterwards. */
  public void recycle() {
    request.clear();
    outcome.clear();
    form.clear();
    status = null;
    text = NOTHING;
    stats = null;
    completed = false;
    closing = false;
    rights = null;
    owner = null;
    next = null;
    chargedBytes = 0;
    askedBytes = 0;
    arrivedNs = 0;
    postponed = false;
    sharesAgain = false;
    pool.giveBack(this);
  }
}
