package io.kumo.core.protocol;

/** Why a call failed. The numbers from 1 on are those of kumofs 0.4.13. */
public enum ErrorCode {
  /** The connection broke, or could not be made. Only ever produced on the caller's side. */
  TRANSPORT_LOST(1),
  /** The peer was given up. Only ever produced on the caller's side. */
  NODE_LOST(2),
  /** No answer in time. Only ever produced on the caller's side. */
  TIMEOUT(3),
  /** Something else; also any error number or object that is not known. */
  UNKNOWN(4),
  /** Unknown method, or parameters of a wrong type. */
  PROTOCOL(5),
  /** The peer cannot: not ready, not responsible, storage trouble. */
  SERVER(6),
  /**
   * The request never left, so the peer has not acted on it. Only ever produced on the caller's
   * side.
   */
  NOT_SENT(0);

  private static final ErrorCode[] BY_ID = {
    TRANSPORT_LOST, NODE_LOST, TIMEOUT, UNKNOWN, PROTOCOL, SERVER
  };

  private final int id;

  ErrorCode(int id) {
    this.id = id;
  }

  public int id() {
    return id;
  }

  static ErrorCode byId(long id) {
    return id >= 1 && id <= BY_ID.length ? BY_ID[(int) id - 1] : UNKNOWN;
  }
}
