package io.kumo.gateway.memcached;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kumo.core.route.request.KeyStatus;
import org.jspecify.annotations.Nullable;

/**
 * Every outcome that a client can see, with its form in each protocol. The texts are those of
 * memcached 1.6.18, byte for byte.
 */
@SuppressWarnings("ImmutableEnumChecker") // the arrays are never written to
public enum McStatus {
  /** A read is done; its hits say what was found. */
  FETCHED("END", "EN", BinaryCode.OK),
  STORED("STORED", "HD", BinaryCode.OK),
  NOT_STORED("NOT_STORED", "NS", BinaryCode.NOT_STORED),
  EXISTS("EXISTS", "EX", BinaryCode.KEY_EXISTS),
  NOT_FOUND("NOT_FOUND", "NF", BinaryCode.KEY_NOT_FOUND),
  DELETED("DELETED", "HD", BinaryCode.OK),
  TOUCHED("TOUCHED", "HD", BinaryCode.OK),
  /** A counter was changed; the answer is its new value. */
  COUNTED("", "HD", BinaryCode.OK),
  OK("OK", "HD", BinaryCode.OK),
  RESET("RESET", "HD", BinaryCode.OK),
  /** The answer to {@code mn} and to a binary no-operation. */
  NOOP("MN", "MN", BinaryCode.OK),
  /** The client is who it says. */
  AUTHENTICATED("STORED", "HD", BinaryCode.OK),
  /** The answer is the command's text. */
  TEXT("", "", BinaryCode.OK),

  ERROR("ERROR", BinaryCode.UNKNOWN_COMMAND),
  BAD_FORMAT("CLIENT_ERROR bad command line format", BinaryCode.INVALID_ARGUMENTS),
  BAD_LINE("CLIENT_ERROR bad command line", BinaryCode.INVALID_ARGUMENTS),
  BAD_DATA_CHUNK("CLIENT_ERROR bad data chunk", BinaryCode.INVALID_ARGUMENTS),
  BAD_DELETE(
      "CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]",
      BinaryCode.INVALID_ARGUMENTS),
  INVALID_DELTA("CLIENT_ERROR invalid numeric delta argument", BinaryCode.INVALID_ARGUMENTS),
  INVALID_EXPTIME("CLIENT_ERROR invalid exptime argument", BinaryCode.INVALID_ARGUMENTS),
  NON_NUMERIC(
      "CLIENT_ERROR cannot increment or decrement non-numeric value", BinaryCode.DELTA_BAD_VALUE),
  TOO_MANY_KEYS("CLIENT_ERROR too many keys in one get", BinaryCode.INVALID_ARGUMENTS),
  FLUSH_NOT_ALLOWED("CLIENT_ERROR flush_all not allowed", BinaryCode.AUTH_ERROR),
  /** By this command: what is listed would have to fit into one answer. */
  KEYS_NOT_LISTED("CLIENT_ERROR keys are not listed", BinaryCode.UNKNOWN_COMMAND),
  BAD_CLASS("BADCLASS invalid class id", BinaryCode.INVALID_ARGUMENTS),
  CRAWLER_BUSY("BUSY currently processing crawler request", BinaryCode.UNKNOWN_COMMAND),
  /** Some servers did not answer, or others came meanwhile: keys may be missing. */
  LISTING_FAILED("SERVER_ERROR not all keys could be listed", BinaryCode.OUT_OF_MEMORY),
  STATS_DETAIL_USAGE("CLIENT_ERROR usage: stats detail on|off|dump", BinaryCode.KEY_NOT_FOUND),
  SHUTDOWN_NOT_ENABLED("ERROR: shutdown not enabled", BinaryCode.UNKNOWN_COMMAND),

  /** Before the client has said who it is. */
  UNAUTHENTICATED("CLIENT_ERROR unauthenticated", BinaryCode.AUTH_ERROR),
  /** There is no such user, or this is not the password. */
  AUTHENTICATION_FAILED("CLIENT_ERROR authentication failure", BinaryCode.AUTH_ERROR),
  BAD_TERMINATION("CLIENT_ERROR bad command line termination", BinaryCode.AUTH_ERROR),
  BAD_CREDENTIALS("CLIENT_ERROR bad authentication token format", BinaryCode.AUTH_ERROR),
  /** Only in binary: the client is to send its next message. */
  AUTHENTICATION_CONTINUES("CLIENT_ERROR not authenticated yet", BinaryCode.AUTH_CONTINUE),
  /** The user may not do this, or not to this key. */
  NOT_PERMITTED("CLIENT_ERROR permission denied", BinaryCode.AUTH_ERROR),

  META_INVALID_FLAG("CLIENT_ERROR invalid flag", BinaryCode.INVALID_ARGUMENTS),
  META_DUPLICATE_FLAG("CLIENT_ERROR duplicate flag", BinaryCode.INVALID_ARGUMENTS),
  META_INVALID_OR_DUPLICATE_FLAG(
      "CLIENT_ERROR invalid or duplicate flag", BinaryCode.INVALID_ARGUMENTS),
  META_BAD_TOKEN("CLIENT_ERROR bad token in command line format", BinaryCode.INVALID_ARGUMENTS),
  META_BAD_KEY("CLIENT_ERROR error decoding key", BinaryCode.INVALID_ARGUMENTS),
  META_BAD_MODE_LENGTH("CLIENT_ERROR incorrect length for M token", BinaryCode.INVALID_ARGUMENTS),
  META_BAD_SET_MODE("CLIENT_ERROR invalid mode for ms M token", BinaryCode.INVALID_ARGUMENTS),
  META_BAD_ARITHMETIC_MODE(
      "CLIENT_ERROR invalid mode for ma M token", BinaryCode.INVALID_ARGUMENTS),
  META_BAD_INITIAL("CLIENT_ERROR invalid numeric initial value", BinaryCode.INVALID_ARGUMENTS),
  META_BAD_DELTA("CLIENT_ERROR invalid numeric delta value", BinaryCode.INVALID_ARGUMENTS),
  META_OPAQUE_TOO_LONG("CLIENT_ERROR opaque token too long", BinaryCode.INVALID_ARGUMENTS),
  META_TOO_MANY_FLAGS("CLIENT_ERROR options flags are too long", BinaryCode.INVALID_ARGUMENTS),
  META_TOO_MANY_SET_FLAGS("CLIENT_ERROR options flags too long", BinaryCode.INVALID_ARGUMENTS),

  /** Only with the original's layout of records. */
  NOT_IN_LAYOUT(
      "CLIENT_ERROR flags need -F and expiry times -E of this gateway",
      BinaryCode.INVALID_ARGUMENTS),

  TOO_LARGE("SERVER_ERROR object too large for cache", BinaryCode.TOO_LARGE),
  OUT_OF_MEMORY("SERVER_ERROR out of memory storing object", BinaryCode.OUT_OF_MEMORY),
  /** The values asked for are more than the gateway can hold for this client, or at all. */
  GET_OUT_OF_MEMORY("SERVER_ERROR out of memory writing get response", BinaryCode.OUT_OF_MEMORY),
  /** The back end did not answer a read in time; nothing can be said about the keys. */
  GET_FAILED("SERVER_ERROR get failed", BinaryCode.OUT_OF_MEMORY),
  /** The fate of a write is unknown: maybe stored, never half, never twice. */
  STORE_FAILED("SERVER_ERROR store failed", BinaryCode.OUT_OF_MEMORY),
  DELETE_FAILED("SERVER_ERROR delete failed", BinaryCode.OUT_OF_MEMORY),
  FLUSH_FAILED("SERVER_ERROR flush failed", BinaryCode.OUT_OF_MEMORY),

  /** Only in binary: the lengths of a request contradict its opcode. */
  INVALID_ARGUMENTS("CLIENT_ERROR invalid arguments", BinaryCode.INVALID_ARGUMENTS),
  /** Only in binary: a stat that does not exist. */
  NO_SUCH_STAT("ERROR", BinaryCode.KEY_NOT_FOUND);

  private final byte[] line;
  private final byte[] metaCode;
  private final BinaryCode binary;
  private final boolean error;

  McStatus(String text, String metaCode, BinaryCode binary) {
    this.line = (text + "\r\n").getBytes(US_ASCII);
    this.metaCode = metaCode.getBytes(US_ASCII);
    this.binary = binary;
    this.error = false;
  }

  McStatus(String text, BinaryCode binary) {
    this.line = (text + "\r\n").getBytes(US_ASCII);
    this.metaCode = new byte[0];
    this.binary = binary;
    this.error = true;
  }

  /** What a client hears of how a request ended. */
  public static McStatus of(KeyStatus status) {
    return switch (status) {
      case FETCHED -> FETCHED;
      case STORED -> STORED;
      case NOT_STORED -> NOT_STORED;
      case EXISTS -> EXISTS;
      case NOT_FOUND -> NOT_FOUND;
      case DELETED -> DELETED;
      case TOUCHED -> TOUCHED;
      case COUNTED -> COUNTED;
      case NON_NUMERIC -> NON_NUMERIC;
      case TOO_LARGE -> TOO_LARGE;
      case GET_OUT_OF_MEMORY -> GET_OUT_OF_MEMORY;
      case GET_FAILED -> GET_FAILED;
      case STORE_FAILED -> STORE_FAILED;
      case DELETE_FAILED -> DELETE_FAILED;
    };
  }

  /** The text line with its line end; not to be changed. */
  public byte[] line() {
    return line;
  }

  /** The two letters that begin a meta reply; empty for errors, which are text lines. */
  public byte[] metaCode() {
    return metaCode;
  }

  /** Whether it is an error line in text and meta, rather than an outcome. */
  public boolean isError() {
    return error;
  }

  /** The status of a binary reply, 16 bits. */
  public int binaryCode() {
    return binary.code;
  }

  /** The body of a binary reply with this status; null when there is none. */
  public byte @Nullable [] binaryText() {
    return binary.text;
  }

  /** The status numbers of the binary protocol and the texts that memcached sends with them. */
  private enum BinaryCode {
    OK(0x00, null),
    KEY_NOT_FOUND(0x01, "Not found"),
    KEY_EXISTS(0x02, "Data exists for key."),
    TOO_LARGE(0x03, "Too large."),
    INVALID_ARGUMENTS(0x04, "Invalid arguments"),
    NOT_STORED(0x05, "Not stored."),
    DELTA_BAD_VALUE(0x06, "Non-numeric server-side value for incr or decr"),
    AUTH_ERROR(0x20, "Auth failure."),
    AUTH_CONTINUE(0x21, null),
    UNKNOWN_COMMAND(0x81, "Unknown command"),
    OUT_OF_MEMORY(0x82, "Out of memory");

    private final int code;
    private final byte @Nullable [] text;

    BinaryCode(int code, @Nullable String text) {
      this.code = code;
      this.text = text == null ? null : text.getBytes(US_ASCII);
    }
  }
}
