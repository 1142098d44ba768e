package io.kumo.gateway.route;

import io.kumo.core.item.ClientTime;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.extended.Mutate;
import io.kumo.core.protocol.extended.MutateOptions;
import io.kumo.core.protocol.extended.Operation;
import io.kumo.core.protocol.extended.Terms;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.gateway.memcached.KeyList;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McOperation;
import io.kumo.gateway.memcached.McOptions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * A command as the parameters of a {@link Mutate}: straight into the bytes, or as the record for
 * the rare path. Stateless.
 */
final class MutateTerms {
  private static final int LENGTH = 13;

  private final int layoutOptions;
  private final int maxValueBytes;
  private final boolean asyncSet;
  private final boolean asyncDelete;
  private final ItemReader clock;

  /**
   * @param clock by which times become absolute for servers that do not count by their own
   */
  MutateTerms(RouterOptions options, ItemReader clock) {
    this.clock = clock;
    this.layoutOptions = options.layout().toOptions();
    this.maxValueBytes = options.maxValueBytes();
    this.asyncSet = options.asyncSet();
    this.asyncDelete = options.asyncDelete();
  }

  /** What comes before the key. */
  void encodeHead(McCommand command, ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeUnsigned(out, operation(command.operation()).id());
  }

  /**
   * What comes between the key and the request id.
   *
   * @param repeated whether an earlier attempt may have been applied
   * @param relative whether the server counts clients' times by its own clock
   */
  void encodeRest(McCommand command, boolean repeated, boolean relative, ByteBuf out) {
    int marks =
        (repeated ? MutateOptions.REPEATED : 0) | (relative ? MutateOptions.CLIENT_TIMES : 0);
    ByteBuf value = command.value();
    MsgPack.writeRaw(out, value == null ? Unpooled.EMPTY_BUFFER : value);
    MsgPack.writeU32(out, command.flags());
    MsgPack.writeUnsigned(out, time(command.expiry(), relative));
    MsgPack.writeUnsigned(out, time(command.vivifyExpiry(), relative));
    MsgPack.writeU32(out, options(command) | marks);
    MsgPack.writeUnsigned(out, command.compare());
    MsgPack.writeUnsigned(out, delta(command, relative));
    MsgPack.writeUnsigned(out, initial(command));
    MsgPack.writeUnsigned(out, command.newCas());
  }

  private long time(long clientTime, boolean relative) {
    if (relative || clientTime == 0) {
      return clientTime;
    }
    return ClientTime.absolute(clientTime, clock.nowSeconds());
  }

  /** The command as a record, by this gateway's clock; its buffers are borrowed from it. */
  Mutate toMutate(McCommand command, int index, RequestId id) {
    KeyList keys = command.keys();
    int start = keys.start(index);
    ByteBuf key = Unpooled.wrappedBuffer(keys.bytes(), start, keys.end(index) - start);
    ByteBuf value = command.value();
    Terms terms =
        new Terms(
            command.flags(),
            time(command.expiry(), false),
            time(command.vivifyExpiry(), false),
            command.compare(),
            command.newCas(),
            delta(command, false),
            initial(command));
    return new Mutate(
        operation(command.operation()),
        options(command),
        key,
        value == null ? Unpooled.EMPTY_BUFFER : value,
        terms,
        id);
  }

  /** The field serves two purposes; see {@link Terms}. */
  private long delta(McCommand command, boolean relative) {
    boolean recaches = command.operation() == McOperation.META_GET;
    return recaches ? time(command.recacheExpiry(), relative) : command.delta();
  }

  /** The field serves two purposes; see {@link Terms}. */
  private long initial(McCommand command) {
    McOperation operation = command.operation();
    boolean joins = operation == McOperation.APPEND || operation == McOperation.PREPEND;
    return joins ? maxValueBytes : command.initial();
  }

  private int options(McCommand command) {
    McOperation operation = command.operation();
    int bits = layoutOptions;
    bits |= command.has(McOptions.COMPARE) ? MutateOptions.COMPARE : 0;
    bits |= command.has(McOptions.INVALIDATE) ? MutateOptions.INVALIDATE : 0;
    bits |= command.has(McOptions.REMOVE_VALUE) ? MutateOptions.DROP_VALUE : 0;
    bits |= command.has(McOptions.VIVIFY) ? MutateOptions.VIVIFY : 0;
    bits |= command.has(McOptions.RECACHE) ? MutateOptions.RECACHE : 0;
    boolean base64 = operation.isStore() && command.has(McOptions.KEY_BASE64);
    bits |= base64 ? MutateOptions.KEY_BASE64 : 0;
    bits |= command.has(McOptions.NEW_EXPIRY) ? MutateOptions.UPDATE_EXPIRY : 0;
    boolean returns = operation.isRead() || operation.isArithmetic();
    bits |= returns || command.has(McOptions.RETURN_ITEM) ? MutateOptions.RETURN_VALUE : 0;
    boolean async = operation == McOperation.DELETE ? asyncDelete : asyncSet && operation.isStore();
    return bits | (async ? MutateOptions.ASYNC : 0);
  }

  private static Operation operation(McOperation operation) {
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
      case FLUSH_ALL, STATS, LOCAL, QUIT -> throw new IllegalArgumentException("no key");
    };
  }
}
