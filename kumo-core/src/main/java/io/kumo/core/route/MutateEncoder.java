package io.kumo.core.route;

import io.kumo.core.item.ClientTime;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.write.Mutate;
import io.kumo.core.protocol.write.MutateOperands;
import io.kumo.core.protocol.write.MutateOptions;
import io.kumo.core.protocol.write.Operation;
import io.kumo.core.route.request.KeyCommand;
import io.kumo.core.route.request.KeyList;
import io.kumo.core.route.request.KeyOperation;
import io.kumo.core.route.request.KeyOptions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Supplier;

/**
 * A command as the parameters of a {@link Mutate}: straight into the bytes, or as the record for
 * the rare path. Stateless.
 */
final class MutateEncoder {
  private static final int LENGTH = 13;

  private final Supplier<RouterOptions> options;
  private final ItemReader clock;

  /**
   * @param options those that count now
   * @param clock by which times become absolute for servers that do not count by their own
   */
  MutateEncoder(Supplier<RouterOptions> options, ItemReader clock) {
    this.clock = clock;
    this.options = options;
  }

  /** What comes before the key. */
  void encodeHead(KeyCommand command, ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeUnsigned(out, operation(command.request().operation()).id());
  }

  /**
   * What comes between the key and the request id.
   *
   * @param repeated whether an earlier attempt may have been applied
   * @param relative whether the server counts clients' times by its own clock
   */
  void encodeRest(KeyCommand command, boolean repeated, boolean relative, ByteBuf out) {
    int marks =
        (repeated ? MutateOptions.REPEATED : 0) | (relative ? MutateOptions.CLIENT_TIMES : 0);
    ByteBuf value = command.request().value();
    MsgPack.writeRaw(out, value == null ? Unpooled.EMPTY_BUFFER : value);
    MsgPack.writeU32(out, command.request().flags());
    MsgPack.writeUnsigned(out, time(command.request().expiry(), relative));
    MsgPack.writeUnsigned(out, time(command.request().vivifyExpiry(), relative));
    MsgPack.writeU32(out, options(command) | marks);
    MsgPack.writeUnsigned(out, command.request().compare());
    MsgPack.writeUnsigned(out, delta(command, relative));
    MsgPack.writeUnsigned(out, initial(command));
    MsgPack.writeUnsigned(out, command.request().newCas());
  }

  private long time(long clientTime, boolean relative) {
    if (relative || clientTime == 0) {
      return clientTime;
    }
    return ClientTime.absolute(clientTime, clock.nowSeconds());
  }

  /** The command as a record, by the clock here; its buffers are borrowed from it. */
  Mutate toMutate(KeyCommand command, int index, RequestId id) {
    KeyList keys = command.request().keys();
    int start = keys.start(index);
    ByteBuf key = Unpooled.wrappedBuffer(keys.bytes(), start, keys.end(index) - start);
    ByteBuf value = command.request().value();
    MutateOperands operands =
        new MutateOperands(
            command.request().flags(),
            time(command.request().expiry(), false),
            time(command.request().vivifyExpiry(), false),
            command.request().compare(),
            command.request().newCas(),
            delta(command, false),
            initial(command));
    return new Mutate(
        operation(command.request().operation()),
        options(command),
        key,
        value == null ? Unpooled.EMPTY_BUFFER : value,
        operands,
        id);
  }

  /** The field serves two purposes; see {@link MutateOperands}. */
  private long delta(KeyCommand command, boolean relative) {
    boolean recaches = command.request().operation() == KeyOperation.META_GET;
    return recaches ? time(command.request().recacheExpiry(), relative) : command.request().delta();
  }

  /** The field serves two purposes; see {@link MutateOperands}. */
  private long initial(KeyCommand command) {
    KeyOperation operation = command.request().operation();
    boolean joins = operation == KeyOperation.APPEND || operation == KeyOperation.PREPEND;
    return joins ? options.get().maxValueBytes() : command.request().initial();
  }

  private int options(KeyCommand command) {
    KeyOperation operation = command.request().operation();
    RouterOptions now = options.get();
    int bits = now.layout().toOptions();
    bits |= command.request().has(KeyOptions.COMPARE) ? MutateOptions.COMPARE : 0;
    bits |= command.request().has(KeyOptions.INVALIDATE) ? MutateOptions.INVALIDATE : 0;
    bits |= command.request().has(KeyOptions.REMOVE_VALUE) ? MutateOptions.DROP_VALUE : 0;
    bits |= command.request().has(KeyOptions.VIVIFY) ? MutateOptions.VIVIFY : 0;
    bits |= command.request().has(KeyOptions.RECACHE) ? MutateOptions.RECACHE : 0;
    bits |= command.request().has(KeyOptions.UNLESS_NEWER) ? MutateOptions.UNLESS_NEWER : 0;
    boolean base64 = operation.isStore() && command.request().has(KeyOptions.KEY_BASE64);
    bits |= base64 ? MutateOptions.KEY_BASE64 : 0;
    bits |= command.request().has(KeyOptions.NEW_EXPIRY) ? MutateOptions.UPDATE_EXPIRY : 0;
    boolean returns = operation.isRead() || operation.isArithmetic();
    bits |=
        returns || command.request().has(KeyOptions.RETURN_ITEM) ? MutateOptions.RETURN_VALUE : 0;
    boolean async =
        operation == KeyOperation.DELETE
            ? now.asyncDelete()
            : now.asyncSet() && operation.isStore();
    return bits | (async ? MutateOptions.ASYNC : 0);
  }

  private static Operation operation(KeyOperation operation) {
    return switch (operation) {
      case SET -> Operation.SET;
      case ADD -> Operation.ADD;
      case REPLACE -> Operation.REPLACE;
      case APPEND -> Operation.APPEND;
      case PREPEND -> Operation.PREPEND;
      case DELETE -> Operation.DELETE;
      case INCR -> Operation.INCR;
      case DECR -> Operation.DECR;
      case TOUCH -> Operation.TOUCH;
      case GET_AND_TOUCH -> Operation.GET_AND_TOUCH;
      case META_GET, GET -> Operation.META_GET;
    };
  }
}
