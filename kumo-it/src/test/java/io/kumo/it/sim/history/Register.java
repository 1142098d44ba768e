package io.kumo.it.sim.history;

import org.jspecify.annotations.Nullable;

/**
 * The model of one key: a value, the CAS token that came with it, and the greatest token so far.
 *
 * @param value null when nothing is there
 * @param token of the value; 0 while nobody has seen it. A token that somebody has seen belongs to
 *     an earlier value, so an unseen one matches no comparison
 * @param floor the greatest token seen so far; a write's own is above it
 */
record Register(@Nullable String value, long token, long floor) {
  static final Register EMPTY = new Register(null, 0, 0);

  /**
   * The register after the operation as it was answered; null when it cannot have been answered so.
   */
  @Nullable Register after(ClientOp op, long knownToken, boolean trusting) {
    return switch (op.kind()) {
      case GET -> read(op);
      case SET -> write(op.argument(), knownToken);
      case ADD ->
          op.outcome() == OpOutcome.DONE
              ? (value == null ? write(op.argument(), knownToken) : null)
              : unchangedIf(value != null);
      case REPLACE ->
          op.outcome() == OpOutcome.DONE
              ? (value != null ? write(op.argument(), knownToken) : null)
              : unchangedIf(value == null);
      case CAS -> compareAndSet(op, knownToken, trusting);
      case APPEND ->
          op.outcome() == OpOutcome.DONE
              ? (value != null ? write(value + op.argument(), knownToken) : null)
              : unchangedIf(value == null);
      case INCR -> increment(op, knownToken);
      case DELETE ->
          op.outcome() == OpOutcome.DONE
              ? (value != null ? write(null, knownToken) : null)
              : unchangedIf(value == null);
    };
  }

  /**
   * The register after an operation of unknown outcome took effect; null when it would have none
   * here.
   */
  @Nullable Register afterUnknown(ClientOp op, long knownToken, boolean trusting) {
    return switch (op.kind()) {
      case GET -> null;
      case SET -> write(op.argument(), knownToken);
      case ADD -> value == null ? write(op.argument(), knownToken) : null;
      case REPLACE -> value != null ? write(op.argument(), knownToken) : null;
      case CAS -> value != null && matches(op, trusting) ? write(op.argument(), knownToken) : null;
      case APPEND -> value != null ? write(value + op.argument(), knownToken) : null;
      case INCR -> {
        String sum = sum(op);
        yield sum == null ? null : write(sum, knownToken);
      }
      case DELETE -> value != null ? write(null, knownToken) : null;
    };
  }

  private @Nullable Register read(ClientOp op) {
    if (op.outcome() == OpOutcome.ABSENT) {
      return unchangedIf(value == null);
    }
    if (value == null || !value.equals(op.value())) {
      return null;
    }
    if (op.token() == 0 || op.token() == token) {
      return this;
    }
    boolean fits = token == 0 && Long.compareUnsigned(op.token(), floor) > 0;
    return fits ? new Register(value, op.token(), op.token()) : null;
  }

  private @Nullable Register compareAndSet(ClientOp op, long knownToken, boolean trusting) {
    boolean matches = matches(op, trusting);
    return switch (op.outcome()) {
      case DONE -> value != null && matches ? write(op.argument(), knownToken) : null;
      case MISMATCH -> unchangedIf(value != null && !matches);
      default -> unchangedIf(value == null);
    };
  }

  /**
   * Whether a comparison succeeds here.
   *
   * @param trusting whether somebody may have read the token of a value that is unseen here
   */
  private boolean matches(ClientOp op, boolean trusting) {
    boolean unseen = token == 0 && Long.compareUnsigned(op.compare(), floor) > 0;
    return (token != 0 && token == op.compare()) || (trusting && unseen);
  }

  private @Nullable Register increment(ClientOp op, long knownToken) {
    if (op.outcome() != OpOutcome.DONE) {
      return unchangedIf(value == null);
    }
    String sum = sum(op);
    return sum != null && sum.equals(op.value()) ? write(sum, knownToken) : null;
  }

  private @Nullable String sum(ClientOp op) {
    return value == null
        ? null
        : Long.toString(Long.parseLong(value) + Long.parseLong(op.argument()));
  }

  private @Nullable Register write(@Nullable String newValue, long knownToken) {
    if (knownToken == 0) {
      return new Register(newValue, 0, floor);
    }
    boolean rises = Long.compareUnsigned(knownToken, floor) > 0;
    return rises ? new Register(newValue, knownToken, knownToken) : null;
  }

  private @Nullable Register unchangedIf(boolean holds) {
    return holds ? this : null;
  }

  @Override
  public String toString() {
    return value + "@" + Long.toHexString(token);
  }

  /** 64 bits that differ when registers do, for all that a search can tell. */
  long fingerprint() {
    long hash = value == null ? 0x9E3779B97F4A7C15L : 0xCBF29CE484222325L;
    for (int i = 0; value != null && i < value.length(); i++) {
      hash = (hash ^ value.charAt(i)) * 0x100000001B3L;
    }
    hash = (hash ^ token) * 0xFF51AFD7ED558CCDL;
    return (hash ^ (hash >>> 29) ^ floor) * 0xC4CEB9FE1A85EC53L;
  }
}
