package io.kumo.core.protocol.wire;

/** Ids on the wire that count constants of an enum from 0 on. */
public final class Ids {
  private Ids() {}

  /**
   * The constant with this id.
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
}
