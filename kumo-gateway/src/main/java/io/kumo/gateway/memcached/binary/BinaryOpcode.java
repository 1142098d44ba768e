package io.kumo.gateway.memcached.binary;

import io.kumo.gateway.memcached.McOperation;
import org.jspecify.annotations.Nullable;

/** The opcodes of the binary protocol that are understood, and the shape that each must have. */
enum BinaryOpcode {
  GET(0x00, McOperation.GET, Shape.KEY, false),
  SET(0x01, McOperation.SET, Shape.STORE, false),
  ADD(0x02, McOperation.ADD, Shape.STORE, false),
  REPLACE(0x03, McOperation.REPLACE, Shape.STORE, false),
  DELETE(0x04, McOperation.DELETE, Shape.KEY, false),
  INCREMENT(0x05, McOperation.INCR, Shape.COUNTER, false),
  DECREMENT(0x06, McOperation.DECR, Shape.COUNTER, false),
  QUIT(0x07, McOperation.QUIT, Shape.BARE, false),
  FLUSH(0x08, McOperation.FLUSH_ALL, Shape.FLUSH, false),
  GETQ(0x09, McOperation.GET, Shape.KEY, true),
  NOOP(0x0a, McOperation.LOCAL, Shape.BARE, false),
  VERSION(0x0b, McOperation.LOCAL, Shape.BARE, false),
  GETK(0x0c, McOperation.GET, Shape.KEY, false),
  GETKQ(0x0d, McOperation.GET, Shape.KEY, true),
  APPEND(0x0e, McOperation.APPEND, Shape.JOIN, false),
  PREPEND(0x0f, McOperation.PREPEND, Shape.JOIN, false),
  STAT(0x10, McOperation.STATS, Shape.STAT, false),
  SETQ(0x11, McOperation.SET, Shape.STORE, true),
  ADDQ(0x12, McOperation.ADD, Shape.STORE, true),
  REPLACEQ(0x13, McOperation.REPLACE, Shape.STORE, true),
  DELETEQ(0x14, McOperation.DELETE, Shape.KEY, true),
  INCREMENTQ(0x15, McOperation.INCR, Shape.COUNTER, true),
  DECREMENTQ(0x16, McOperation.DECR, Shape.COUNTER, true),
  QUITQ(0x17, McOperation.QUIT, Shape.BARE, true),
  FLUSHQ(0x18, McOperation.FLUSH_ALL, Shape.FLUSH, true),
  APPENDQ(0x19, McOperation.APPEND, Shape.JOIN, true),
  PREPENDQ(0x1a, McOperation.PREPEND, Shape.JOIN, true),
  VERBOSITY(0x1b, McOperation.LOCAL, Shape.VERBOSITY, false),
  TOUCH(0x1c, McOperation.TOUCH, Shape.TOUCH, false),
  GAT(0x1d, McOperation.GET_AND_TOUCH, Shape.TOUCH, false),
  GATQ(0x1e, McOperation.GET_AND_TOUCH, Shape.TOUCH, true),
  SASL_LIST(0x20, McOperation.LOCAL, Shape.BARE, false),
  SASL_AUTH(0x21, McOperation.AUTHENTICATE, Shape.SASL, false),
  SASL_STEP(0x22, McOperation.AUTHENTICATE, Shape.SASL, false),
  GATK(0x23, McOperation.GET_AND_TOUCH, Shape.TOUCH, false),
  GATKQ(0x24, McOperation.GET_AND_TOUCH, Shape.TOUCH, true);

  /** Lengths of extras, key and value that an opcode allows. */
  enum Shape {
    BARE,
    KEY,
    /** Extras: flags u32, expiry u32. */
    STORE,
    /** A key and a value. */
    JOIN,
    /** Extras: delta u64, initial u64, expiry u32. */
    COUNTER,
    /** Extras: expiry u32. */
    TOUCH,
    /** Extras: none, or expiry u32. */
    FLUSH,
    /** Extras: level u32. */
    VERBOSITY,
    /** An optional key. */
    STAT,
    /** The key is a mechanism, the value a message of it. */
    SASL;

    boolean allows(int extras, int key, long value) {
      return switch (this) {
        case BARE -> extras == 0 && key == 0 && value == 0;
        case KEY -> extras == 0 && key > 0 && value == 0;
        case STORE -> extras == 8 && key > 0;
        case JOIN -> extras == 0 && key > 0;
        case COUNTER -> extras == 20 && key > 0 && value == 0;
        case TOUCH -> extras == 4 && key > 0 && value == 0;
        case FLUSH -> (extras == 0 || extras == 4) && key == 0 && value == 0;
        case VERBOSITY -> extras == 4 && key == 0 && value == 0;
        case STAT -> extras == 0 && value == 0;
        case SASL -> extras == 0 && key > 0;
      };
    }

    boolean hasValue() {
      return this == STORE || this == JOIN;
    }
  }

  private static final @Nullable BinaryOpcode[] BY_CODE = new BinaryOpcode[256];

  static {
    for (BinaryOpcode opcode : values()) {
      BY_CODE[opcode.code] = opcode;
    }
  }

  private final int code;
  private final McOperation operation;
  private final Shape shape;
  private final boolean quiet;

  BinaryOpcode(int code, McOperation operation, Shape shape, boolean quiet) {
    this.code = code;
    this.operation = operation;
    this.shape = shape;
    this.quiet = quiet;
  }

  /** Null when the opcode is not understood. */
  static @Nullable BinaryOpcode of(int code) {
    return BY_CODE[code & 0xFF];
  }

  McOperation operation() {
    return operation;
  }

  Shape shape() {
    return shape;
  }

  /** Whether it is there for clients that have to say who they are. */
  boolean isSasl() {
    return code == SASL_LIST.code || code == SASL_AUTH.code || code == SASL_STEP.code;
  }

  /** Whether success, or the miss of a read, is answered by silence. */
  boolean isQuiet() {
    return quiet;
  }

  /** Whether the reply to a read repeats the key. */
  static boolean repeatsKey(int code) {
    return code == GETK.code || code == GETKQ.code || code == GATK.code || code == GATKQ.code;
  }
}
