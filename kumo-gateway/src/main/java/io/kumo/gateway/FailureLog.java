package io.kumo.gateway;

import io.kumo.core.cli.BinaryLog;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.route.request.KeyCommand;
import io.kumo.core.route.request.KeyList;
import io.kumo.core.route.request.KeyOperation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import java.util.List;

/** Writes what a gateway could not do to the binary log, in the events of kumofs 0.4.13. */
final class FailureLog implements FailureListener {
  private static final int START_VERSION = 2;
  private static final int FAILURE_VERSION = 3;

  /** Enough to recognise a value by. */
  private static final int MAX_VALUE_BYTES = 1024;

  private final BinaryLog log;
  private final TimeSource time;

  FailureLog(BinaryLog log, TimeSource time) {
    this.log = log;
    this.time = time;
  }

  /** The gateway begins; no second manager is an address of zeros, as in the original. */
  void started(List<NodeAddress> managers) {
    log.write(
        event("SW", START_VERSION)
            .with("mgr1", bytes(managers, 0))
            .with("mgr2", bytes(managers, 1)));
  }

  /** Zeros where there is none. */
  private static byte[] bytes(List<NodeAddress> managers, int index) {
    return managers.size() > index ? managers.get(index).toBytes() : new byte[NodeAddress.BYTES];
  }

  @Override
  public void failed(KeyCommand command, int index, int errorId) {
    KeyList keys = command.request().keys();
    int start = keys.clientKeyStart(index);
    byte[] key = Arrays.copyOfRange(keys.bytes(), start, keys.end(index));
    BinaryLog.Event event =
        event(name(command.request().operation()), FAILURE_VERSION).with("key", key);
    ByteBuf value = command.request().value();
    if (command.request().operation().isStore() && value != null) {
      int length = Math.min(value.readableBytes(), MAX_VALUE_BYTES);
      event.with("val", ByteBufUtil.getBytes(value, value.readerIndex(), length));
    }
    log.write(event.with("err", errorId));
  }

  private static String name(KeyOperation operation) {
    return switch (operation) {
      case GET -> "eg";
      case DELETE -> "ed";
      case GET_AND_TOUCH, META_GET, TOUCH, SET, ADD, REPLACE, APPEND, PREPEND, INCR, DECR -> "es";
    };
  }

  private BinaryLog.Event event(String name, int version) {
    return new BinaryLog.Event(name, version, time.unixMillis() / 1000);
  }
}
