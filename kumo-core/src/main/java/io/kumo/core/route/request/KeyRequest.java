package io.kumo.core.route.request;

import io.kumo.core.item.ClientTime;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One operation on some keys, and its operands. Owns the value that came with it. Reused; confined
 * to its event loop.
 */
public final class KeyRequest {
  private final KeyList keys;
  private KeyOperation operation = KeyOperation.GET;
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
  private int expectedBytes;
  private boolean asksAlone;

  /**
   * @param keyPrefix goes in front of each key; empty for none
   */
  public KeyRequest(byte[] keyPrefix) {
    this.keys = new KeyList(keyPrefix);
  }

  public KeyOperation operation() {
    return operation;
  }

  public void operation(KeyOperation newOperation) {
    operation = newOperation;
  }

  public KeyList keys() {
    return keys;
  }

  /** Bits of {@link KeyOptions}. */
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

  /** A {@link ClientTime}; for a flush when it is due, 0 for now. */
  public long expiry() {
    return expiry;
  }

  public void expiry(long newExpiry) {
    expiry = newExpiry;
  }

  /** With {@link KeyOptions#VIVIFY}: a {@link ClientTime}. */
  public long vivifyExpiry() {
    return vivifyExpiry;
  }

  public void vivify(long newExpiry) {
    addOption(KeyOptions.VIVIFY);
    vivifyExpiry = newExpiry;
  }

  /** With {@link KeyOptions#RECACHE}: a {@link ClientTime}. */
  public long recacheExpiry() {
    return recacheExpiry;
  }

  public void recache(long newExpiry) {
    addOption(KeyOptions.RECACHE);
    recacheExpiry = newExpiry;
  }

  /** With {@link KeyOptions#COMPARE}: unsigned; 0 equals no record's. */
  public long compare() {
    return compare;
  }

  public void compare(long newCompare) {
    addOption(KeyOptions.COMPARE);
    compare = newCompare;
  }

  /** With {@link KeyOptions#NEW_CAS}: unsigned. */
  public long newCas() {
    return newCas;
  }

  public void newCas(long newNewCas) {
    addOption(KeyOptions.NEW_CAS);
    newCas = newNewCas;
  }

  /** Unsigned. */
  public long delta() {
    return delta;
  }

  public void delta(long newDelta) {
    delta = newDelta;
  }

  /** With {@link KeyOptions#VIVIFY}: what a counter begins with, unsigned. */
  public long initial() {
    return initial;
  }

  public void initial(long newInitial) {
    initial = newInitial;
  }

  /** How large a value that it reads will probably be, in bytes; 0 when nobody has said. */
  public int expectedBytes() {
    return expectedBytes;
  }

  public void expectedBytes(int newBytes) {
    expectedBytes = newBytes;
  }

  /** Whether its values are large, as far as is known: none is to fill an answer that is shared. */
  public boolean asksAlone() {
    return asksAlone;
  }

  public void asksAlone(boolean newAsksAlone) {
    asksAlone = newAsksAlone;
  }

  /** Releases the value and forgets everything. */
  public void clear() {
    dropValue();
    keys.clear();
    operation = KeyOperation.GET;
    options = 0;
    flags = 0;
    expiry = 0;
    vivifyExpiry = 0;
    recacheExpiry = 0;
    compare = 0;
    newCas = 0;
    delta = 0;
    initial = 0;
    expectedBytes = 0;
    asksAlone = false;
  }
}
