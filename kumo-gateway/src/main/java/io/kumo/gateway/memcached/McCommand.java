package io.kumo.gateway.memcached;

import io.kumo.gateway.client.ReplyQueue;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request of any protocol on its way: filled by a decoder, completed by an executor, answered
 * by its encoder, and then reused.
 *
 * <p>Confined to its event loop. Owns the value that came with the request and the values found.
 */
public final class McCommand {
  /** Hears when a command is complete. */
  public interface Owner {
    void completed(McCommand command);

    /** Requests of the same client that have not been answered, this one included. */
    default int commandsInFlight() {
      return 1;
    }

    /** Whether the command may hold so many bytes of values, more than it was charged with. */
    default boolean mayHold(McCommand command, long bytes) {
      return true;
    }
  }

  private static final byte[] NOTHING = {};

  private final CommandPool pool;
  private final KeyList keys;
  private final Hits hits = new Hits();

  private McOperation operation = McOperation.LOCAL;
  private ReplyEncoder encoder;
  private boolean quiet;
  private int options;
  private @Nullable ByteBuf value;
  private int flags;
  private long expiry;
  private long vivifyExpiry;
  private long recacheExpiry;
  private long compare;
  private long newCas;
  private long delta;
  private long initial;

  private int replyForm;
  private int opaque;
  private byte[] echo = NOTHING;
  private int echoLength;

  private @Nullable McStatus status;
  private @Nullable McStatus forcedStatus;
  private long number;
  private long casUnique;
  private byte[] text = NOTHING;
  private @Nullable List<Stat> stats;
  private @Nullable String reason;
  private boolean completed;
  private boolean closing;

  private @Nullable Owner owner;
  public @Nullable McCommand next;

  /** What the connection counts this command as, in bytes; see {@link ReplyQueue}. */
  public long chargedBytes;

  /** What was expected of a read that is at the servers now, in bytes; 0 when it is over. */
  public long askedBytes;

  private long foundBytes;
  private int expectedBytes;

  McCommand(CommandPool pool, byte[] keyPrefix, ReplyEncoder unset) {
    this.pool = pool;
    this.keys = new KeyList(keyPrefix);
    this.encoder = unset;
  }

  // ---- the request

  public McOperation operation() {
    return operation;
  }

  /** Sets what is asked and who writes the answer. */
  public void begin(McOperation newOperation, ReplyEncoder newEncoder) {
    operation = newOperation;
    encoder = newEncoder;
  }

  public void operation(McOperation newOperation) {
    operation = newOperation;
  }

  public KeyList keys() {
    return keys;
  }

  /**
   * Whether success (or a miss) is answered by silence; see the encoders for each protocol's rule.
   */
  public boolean isQuiet() {
    return quiet;
  }

  public void quiet(boolean newQuiet) {
    quiet = newQuiet;
  }

  /** Bits of {@link McOptions}. */
  public int options() {
    return options;
  }

  public boolean has(int optionBit) {
    return (options & optionBit) != 0;
  }

  public void clearOptions() {
    options = 0;
  }

  public void addOption(int optionBit) {
    options |= optionBit;
  }

  /** Lends the value sent with a store; null before it has arrived and for other operations. */
  public @Nullable ByteBuf value() {
    return value;
  }

  /** Takes the value of a store. */
  public void value(ByteBuf newValue) {
    value = newValue;
  }

  /** Releases the value of a store that is refused. */
  public void dropValue() {
    if (value != null) {
      value.release();
      value = null;
    }
  }

  /** The client's flags, 32 bits. */
  public int flags() {
    return flags;
  }

  public void flags(int newFlags) {
    flags = newFlags;
  }

  /** A {@link io.kumo.core.item.ClientTime}; for a flush when it is due, 0 for now. */
  public long expiry() {
    return expiry;
  }

  public void expiry(long newExpiry) {
    expiry = newExpiry;
  }

  /** With {@link McOptions#VIVIFY}: a {@link io.kumo.core.item.ClientTime}. */
  public long vivifyExpiry() {
    return vivifyExpiry;
  }

  public void vivify(long newExpiry) {
    addOption(McOptions.VIVIFY);
    vivifyExpiry = newExpiry;
  }

  /** With {@link McOptions#RECACHE}: a {@link io.kumo.core.item.ClientTime}. */
  public long recacheExpiry() {
    return recacheExpiry;
  }

  public void recache(long newExpiry) {
    addOption(McOptions.RECACHE);
    recacheExpiry = newExpiry;
  }

  /** With {@link McOptions#COMPARE}: unsigned; 0 equals no record's. */
  public long compare() {
    return compare;
  }

  public void compare(long newCompare) {
    addOption(McOptions.COMPARE);
    compare = newCompare;
  }

  /** With {@link McOptions#NEW_CAS}: unsigned. */
  public long newCas() {
    return newCas;
  }

  public void newCas(long newNewCas) {
    addOption(McOptions.NEW_CAS);
    newCas = newNewCas;
  }

  /** Unsigned. */
  public long delta() {
    return delta;
  }

  public void delta(long newDelta) {
    delta = newDelta;
  }

  /** With {@link McOptions#VIVIFY}: what a counter begins with, unsigned. */
  public long initial() {
    return initial;
  }

  public void initial(long newInitial) {
    initial = newInitial;
  }

  // ---- what the encoder needs back

  /** The encoder's own mark of the form of the reply: an opcode, or one of its constants. */
  public int replyForm() {
    return replyForm;
  }

  public void replyForm(int newForm) {
    replyForm = newForm;
  }

  /** The opaque of a binary request. */
  public int opaque() {
    return opaque;
  }

  public void opaque(int newOpaque) {
    opaque = newOpaque;
  }

  /** Keeps a copy of request bytes that the reply repeats: the flags of a meta command. */
  public void echo(byte[] source, int offset, int length) {
    if (length > echo.length) {
      echo = new byte[Math.max(length, 64)];
    }
    System.arraycopy(source, offset, echo, 0, length);
    echoLength = length;
  }

  public byte[] echo() {
    return echo;
  }

  public int echoLength() {
    return echoLength;
  }

  // ---- the outcome

  public Hits hits() {
    return hits;
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

  /** Why a server could not do it, in its words; null when it has not said. */
  public @Nullable String reason() {
    return reason;
  }

  public void reason(@Nullable String newReason) {
    reason = newReason;
  }

  /** Whatever the back end says, this is answered. */
  public void forceStatus(McStatus forced) {
    forcedStatus = forced;
  }

  /** The connection closes after this reply. */
  public boolean isClosing() {
    return closing;
  }

  public void closing() {
    closing = true;
  }

  /** The value of a counter after {@link McStatus#COUNTED}, unsigned. */
  public long number() {
    return number;
  }

  public void number(long newNumber) {
    number = newNumber;
  }

  /** The CAS of the record as this command left it; 0 when not known. */
  public long casUnique() {
    return casUnique;
  }

  public void casUnique(long newCas) {
    casUnique = newCas;
  }

  /** Makes room for the outcome; called once between decoding and execution. */
  public void admit(Owner newOwner) {
    owner = newOwner;
    hits.prepare(keys.size());
  }

  /** The outcome stands; the reply goes out when it is this command's turn. */
  public void complete(McStatus newStatus) {
    if (completed) {
      throw new IllegalStateException(operation + " completed twice");
    }
    completed = true;
    status = forcedStatus == null || newStatus.isError() ? newStatus : forcedStatus;
    if (owner == null) {
      recycle();
    } else {
      owner.completed(this);
    }
  }

  /** Nobody waits for the reply any more; the command is recycled when it completes. */
  public void disown() {
    owner = null;
  }

  /** Whether its client is gone: what is found is thrown away. */
  public boolean isAbandoned() {
    return owner == null;
  }

  /** Whether its client asks for one thing at a time. */
  public boolean isOnlyOne() {
    return keys.size() == 1 && (owner == null || owner.commandsInFlight() == 1);
  }

  /** How large a value that it reads will probably be, in bytes; 0 when nobody has said. */
  public int expectedBytes() {
    return expectedBytes;
  }

  /** Bytes of the values that were found so far. */
  public long foundBytes() {
    return foundBytes;
  }

  public void expectedBytes(int newBytes) {
    expectedBytes = newBytes;
  }

  /**
   * Asks before a value of so many bytes is put among the hits. When the answer is no, there is no
   * room for it, or nobody waits for it.
   */
  public boolean mayHold(int bytes) {
    foundBytes += bytes;
    Owner asked = owner;
    return asked != null && (foundBytes <= chargedBytes || asked.mayHold(this, foundBytes));
  }

  public boolean isCompleted() {
    return completed;
  }

  public boolean isMeta() {
    return encoder.isMeta();
  }

  public void encode(ReplyOutput out) {
    encoder.encode(this, out);
  }

  /** Gives the command back for reuse; nobody may touch it afterwards. */
  public void recycle() {
    dropValue();
    hits.clear();
    keys.clear();
    options = 0;
    flags = 0;
    expiry = 0;
    vivifyExpiry = 0;
    recacheExpiry = 0;
    compare = 0;
    newCas = 0;
    delta = 0;
    initial = 0;
    replyForm = 0;
    opaque = 0;
    number = 0;
    quiet = false;
    status = null;
    forcedStatus = null;
    text = NOTHING;
    stats = null;
    reason = null;
    casUnique = 0;
    echoLength = 0;
    completed = false;
    closing = false;
    owner = null;
    next = null;
    chargedBytes = 0;
    askedBytes = 0;
    foundBytes = 0;
    expectedBytes = 0;
    pool.giveBack(this);
  }
}
