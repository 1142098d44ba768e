package io.kumo.core.protocol.wire;

/** Ids on the wire that count constants of an enum from 0 or 1 on. */
public final class Ids {
  private Ids() {}

  /**
   * The constant with this id, the first of which is 0.
   *
   * @param constants in the order of their ids
   * @param what the id is of, for the message of the exception
   */
  public static <E extends Enum<E>> E find(E[] constants, long id, String what)
      throws MalformedMessageException {
    if (id < 0 || id >= constants.length) {
      throw new MalformedMessageException(what + " " + Long.toUnsignedString(id));
    }
    return constants[(int) id];
  }

  /** The same where the first is 1. */
  public static <E extends Enum<E>> E findFromOne(E[] constants, long id, String what)
      throws MalformedMessageException {
    if (id < 1 || id > constants.length) {
      throw new MalformedMessageException(what + " " + Long.toUnsignedString(id));
    }
    return constants[(int) id - 1];
  }
}
