package io.kumo.it.sim.history;

import org.jspecify.annotations.Nullable;

/**
 * One operation of one client on one key, from its call to its answer. The answer is filled in
 * once; an operation without one stays {@link OpOutcome#UNKNOWN}.
 */
public final class ClientOp {
  private final int id;
  private final int client;
  private final String key;
  private final OpKind kind;
  private final String argument;
  private final long compare;
  private final long calledAt;
  private long answeredAt = Long.MAX_VALUE;
  private OpOutcome outcome = OpOutcome.UNKNOWN;
  private @Nullable String value;
  private long token;

  /**
   * @param argument value or piece to store, or the decimal number to add; empty for get and delete
   * @param compare token that cas asks for, 0 for the others
   * @param calledAt place in the one order of calls and answers of a run
   */
  ClientOp(
      int id, int client, String key, OpKind kind, String argument, long compare, long calledAt) {
    this.id = id;
    this.client = client;
    this.key = key;
    this.kind = kind;
    this.argument = argument;
    this.compare = compare;
    this.calledAt = calledAt;
  }

  void answer(OpOutcome answer, @Nullable String seen, long seenToken, long at) {
    if (answeredAt != Long.MAX_VALUE) {
      throw new IllegalStateException("answered twice: " + this);
    }
    outcome = answer;
    value = seen;
    token = seenToken;
    answeredAt = at;
  }

  public int id() {
    return id;
  }

  public int client() {
    return client;
  }

  public String key() {
    return key;
  }

  public OpKind kind() {
    return kind;
  }

  public String argument() {
    return argument;
  }

  public long compare() {
    return compare;
  }

  public long calledAt() {
    return calledAt;
  }

  /** {@link Long#MAX_VALUE} while there is no answer. */
  public long answeredAt() {
    return answeredAt;
  }

  public OpOutcome outcome() {
    return outcome;
  }

  /** What a get found or an incr made; null otherwise. */
  public @Nullable String value() {
    return value;
  }

  /** The token that a get saw or a write was given; 0 where the answer carried none. */
  public long token() {
    return token;
  }

  public boolean isRead() {
    return kind == OpKind.GET;
  }

  public boolean isUnknown() {
    return outcome == OpOutcome.UNKNOWN;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append('#').append(id).append(" [").append(calledAt).append("..");
    text.append(answeredAt == Long.MAX_VALUE ? "" : String.valueOf(answeredAt));
    text.append("] client ").append(client).append(' ').append(kind).append(' ').append(key);
    if (!argument.isEmpty()) {
      text.append(' ').append(argument);
    }
    if (compare != 0) {
      text.append(" if ").append(Long.toHexString(compare));
    }
    text.append(" -> ").append(outcome);
    if (value != null) {
      text.append(' ').append(value);
    }
    if (token != 0) {
      text.append(" @").append(Long.toHexString(token));
    }
    return text.toString();
  }
}
