package io.kumo.gateway.memcached.binary;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.kumo.core.item.ClientTime;
import io.kumo.core.protocol.Limits;
import io.kumo.core.route.request.KeyOptions;
import io.kumo.gateway.auth.Login;
import io.kumo.gateway.memcached.CommandPool;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McOperation;
import io.kumo.gateway.memcached.McSettings;
import io.kumo.gateway.memcached.McStatus;
import io.kumo.gateway.memcached.PendingValue;
import io.kumo.gateway.memcached.RequestDecoder;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Takes binary requests out of a connection's bytes. Lengths that contradict the opcode end the
 * connection after a reply, as in memcached. Confined to its event loop.
 */
public final class BinaryDecoder implements RequestDecoder {
  /** The first byte of every request. */
  public static final byte REQUEST_MAGIC = (byte) 0x80;

  private static final int HEADER_BYTES = 24;
  private static final int DO_NOT_CREATE = 0xFFFF_FFFF;

  private final CommandPool pool;
  private final McSettings settings;
  private final byte[] version;
  private final PendingValue value = new PendingValue();
  private final byte[] key = new byte[Limits.MAX_KEY_BYTES];
  private final Login login;
  private final SaslExchange sasl;
  private String mechanism = "";
  private boolean finished;

  /**
   * @param login of the client
   */
  public BinaryDecoder(CommandPool pool, McSettings settings, Login login) {
    this.pool = pool;
    this.settings = settings;
    this.login = login;
    this.sasl = new SaslExchange(login);
    this.version = settings.version().getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public @Nullable McCommand decode(ByteBuf in) {
    if (value.isArriving()) {
      return readValue(in);
    }
    boolean skipped = value.skip(in);
    if (finished) {
      in.skipBytes(in.readableBytes());
      return null;
    }
    return !skipped || in.readableBytes() < HEADER_BYTES ? null : decodeHeader(in);
  }

  private void skip(long bytes, ByteBuf in) {
    value.skipNext(bytes);
    value.skip(in);
  }

  private @Nullable McCommand decodeHeader(ByteBuf in) {
    int start = in.readerIndex();
    if (in.getByte(start) != REQUEST_MAGIC) {
      finished = true;
      return null;
    }
    int code = in.getUnsignedByte(start + 1);
    int keyBytes = in.getUnsignedShort(start + 2);
    int extras = in.getUnsignedByte(start + 4);
    long body = in.getUnsignedInt(start + 8);
    long valueBytes = body - extras - keyBytes;
    if (valueBytes < 0) {
      return refuseAndClose(begin(in, code), McStatus.ERROR);
    }
    BinaryOpcode opcode = opcode(code);
    if (!login.isKnown() && !isForStrangers(opcode)) {
      return refuseAndClose(begin(in, code), McStatus.UNAUTHENTICATED);
    }
    boolean fits = opcode != null && opcode.shape().allows(extras, keyBytes, valueBytes);
    if (opcode == null || (opcode == BinaryOpcode.VERBOSITY && !fits)) {
      McCommand unknown = begin(in, code);
      in.skipBytes(HEADER_BYTES);
      skip(body, in);
      return unknown.answer(McStatus.ERROR);
    }
    if (!fits || keyBytes > Limits.MAX_KEY_BYTES || valueBytes > Integer.MAX_VALUE) {
      return refuseAndClose(begin(in, code), McStatus.INVALID_ARGUMENTS);
    }
    return in.readableBytes() < HEADER_BYTES + extras + keyBytes
        ? null
        : decodeRequest(in, opcode, extras, keyBytes, (int) valueBytes);
  }

  /** Null when it is not understood; without users there is nothing to say of oneself. */
  private @Nullable BinaryOpcode opcode(int code) {
    BinaryOpcode opcode = BinaryOpcode.of(code);
    return opcode != null && opcode.isSasl() && !login.isRequired() ? null : opcode;
  }

  private static boolean isForStrangers(@Nullable BinaryOpcode opcode) {
    return opcode != null && (opcode.isSasl() || opcode == BinaryOpcode.VERSION);
  }

  private McCommand begin(ByteBuf in, int code) {
    McCommand command = pool.take();
    command.begin(McOperation.LOCAL, BinaryReplies.INSTANCE);
    command.form().mark(code);
    command.form().opaque(in.getInt(in.readerIndex() + 12));
    return command;
  }

  private McCommand refuseAndClose(McCommand command, McStatus status) {
    finished = true;
    command.closing();
    return command.answer(status);
  }

  private @Nullable McCommand decodeRequest(
      ByteBuf in, BinaryOpcode opcode, int extras, int keyBytes, int valueBytes) {
    int start = in.readerIndex();
    McCommand command = begin(in, in.getUnsignedByte(start + 1));
    command.operation(opcode.operation());
    command.form().quiet(opcode.isQuiet());
    long cas = in.getLong(start + 16);
    if (cas != 0) {
      command.request().compare(cas);
      // An add or a replace with a CAS is a compare-and-swap like any other.
      boolean store = opcode.shape() == BinaryOpcode.Shape.STORE;
      command.operation(store ? McOperation.SET : opcode.operation());
    }
    readExtras(in, start + HEADER_BYTES, opcode, extras, command);
    in.getBytes(start + HEADER_BYTES + extras, key, 0, keyBytes);
    in.skipBytes(HEADER_BYTES + extras + keyBytes);
    if (opcode.shape() == BinaryOpcode.Shape.STAT) {
      command.form().echo(key, 0, keyBytes);
    } else if (opcode.shape() == BinaryOpcode.Shape.SASL) {
      return beginMessage(in, command, new String(key, 0, keyBytes, ISO_8859_1), valueBytes);
    } else if (keyBytes > 0) {
      command.request().keys().add(key, 0, keyBytes);
    }
    if (opcode.shape().hasValue()) {
      return beginValue(in, command, valueBytes);
    }
    return withoutBackEnd(command, opcode);
  }

  private McCommand withoutBackEnd(McCommand command, BinaryOpcode opcode) {
    switch (opcode) {
      case NOOP -> command.answer(McStatus.NOOP);
      case SASL_LIST -> command.answer(SaslExchange.MECHANISMS);
      case VERSION -> command.answer(version);
      case VERBOSITY -> command.answer(McStatus.OK);
      case QUIT, QUITQ -> finished = true;
      case FLUSH, FLUSHQ -> {
        if (!settings.flushAllowed()) {
          command.answer(McStatus.FLUSH_NOT_ALLOWED);
        }
      }
      default -> {}
    }
    return command;
  }

  private void readExtras(ByteBuf in, int at, BinaryOpcode opcode, int extras, McCommand command) {
    switch (opcode.shape()) {
      case STORE -> {
        command.request().flags(in.getInt(at));
        command.request().expiry(expiry(in.getInt(at + 4)));
      }
      case COUNTER -> {
        command.request().delta(in.getLong(at));
        command.request().initial(in.getLong(at + 8));
        if (in.getInt(at + 16) != DO_NOT_CREATE) {
          command.request().vivify(expiry(in.getInt(at + 16)));
        }
      }
      case TOUCH, FLUSH -> {
        if (extras > 0) {
          command.request().expiry(expiry(in.getInt(at)));
          command.request().addOption(KeyOptions.NEW_EXPIRY | KeyOptions.RETURN_ITEM);
        }
      }
      case BARE, KEY, JOIN, VERBOSITY, STAT, SASL -> {}
    }
  }

  /** The field is unsigned: no time of the binary protocol is negative. */
  private static long expiry(int sent) {
    return ClientTime.of(Integer.toUnsignedLong(sent));
  }

  private @Nullable McCommand beginValue(ByteBuf in, McCommand command, int valueBytes) {
    if (valueBytes <= settings.maxItemBytes()) {
      value.begin(command, valueBytes);
      return readValue(in);
    }
    skip(valueBytes, in);
    if (!settings.dropOnTooLarge()) {
      return command.answer(McStatus.TOO_LARGE);
    }
    command.operation(McOperation.DELETE);
    command.request().clearOptions();
    command.form().force(McStatus.TOO_LARGE);
    return command;
  }

  private @Nullable McCommand beginMessage(
      ByteBuf in, McCommand command, String newMechanism, int messageBytes) {
    mechanism = newMechanism;
    if (newMechanism.length() <= SaslExchange.MAX_MECHANISM_BYTES
        && messageBytes <= Limits.MAX_LOGIN_BYTES) {
      value.begin(command, messageBytes);
      return readValue(in);
    }
    skip(messageBytes, in);
    boolean longName = newMechanism.length() > SaslExchange.MAX_MECHANISM_BYTES;
    return command.answer(longName ? McStatus.INVALID_ARGUMENTS : McStatus.AUTHENTICATION_FAILED);
  }

  /** A message of SASL is no value: it is looked at as soon as it is there. */
  private @Nullable McCommand readValue(ByteBuf in) {
    McCommand command = value.read(in);
    if (command == null || command.operation() != McOperation.AUTHENTICATE) {
      return command;
    }
    boolean step = BinaryOpcode.of(command.form().mark()) == BinaryOpcode.SASL_STEP;
    return sasl.take(command, step, mechanism);
  }

  @Override
  public boolean isFinished() {
    return finished;
  }

  @Override
  public int heldBytes() {
    return value.heldBytes();
  }

  @Override
  public PendingValue pendingValue() {
    return value;
  }

  @Override
  public boolean speaksLines() {
    return false;
  }

  @Override
  public void close() {
    finished = true;
    value.close();
  }
}
