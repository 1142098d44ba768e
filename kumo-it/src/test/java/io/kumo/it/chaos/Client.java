package io.kumo.it.chaos;

import io.kumo.it.process.TextClient;
import io.kumo.it.sim.history.ClientOp;
import io.kumo.it.sim.history.OpKind;
import io.kumo.it.sim.history.OpOutcome;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One client on a connection of its own: does one operation after another on a few keys that all
 * clients share, and notes what it was answered. A connection that breaks leaves the outcome
 * unknown.
 */
final class Client implements Runnable {
  private static final long THINK_NS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final AtomicLong VALUES = new AtomicLong();

  private final int number;
  private final int port;
  private final Log log;
  private final String prefix;
  private final int keys;
  private final SplittableRandom random;
  private volatile boolean stopped;
  private @Nullable TextClient connection;
  private String lastKey = "";
  private long lastToken;

  /**
   * @param prefix of the keys of this round
   */
  Client(int number, int port, Log log, String prefix, int keys, SplittableRandom random) {
    this.number = number;
    this.port = port;
    this.log = log;
    this.prefix = prefix;
    this.keys = keys;
    this.random = random;
  }

  void stop() {
    stopped = true;
  }

  @Override
  public void run() {
    while (!stopped) {
      step();
      LockSupport.parkNanos(random.nextLong(2 * THINK_NS));
    }
    disconnect();
  }

  private void step() {
    ClientOp op = choose();
    log.answer(op, perform(op));
  }

  private ClientOp choose() {
    int dice = random.nextInt(100);
    boolean counter = random.nextInt(100) < 20;
    String key = prefix + (counter ? "n" : "k") + random.nextInt(counter ? keys / 4 : keys);
    if (counter) {
      return dice < 50
          ? log.call(number, OpKind.INCR, key, Integer.toString(1 + random.nextInt(9)), 0)
          : dice < 70
              ? log.call(number, OpKind.ADD, key, VALUES.incrementAndGet() + "00000", 0)
              : log.call(number, OpKind.GET, key, "", 0);
    }
    if (dice < 10 && lastToken != 0) {
      return log.call(number, OpKind.CAS, lastKey, fresh(), lastToken);
    }
    if (dice < 45) {
      return log.call(number, OpKind.GET, key, "", 0);
    }
    if (dice < 60) {
      return log.call(number, OpKind.DELETE, key, "", 0);
    }
    OpKind kind = dice < 85 ? OpKind.SET : dice < 93 ? OpKind.ADD : OpKind.APPEND;
    return log.call(number, kind, key, fresh(), 0);
  }

  private static String fresh() {
    return "<" + VALUES.incrementAndGet();
  }

  /** Reads value and CAS token of the key; fails when it is answered with an error. */
  static Log.Answer read(TextClient client, String key) throws IOException {
    List<String> lines = client.lines("gets " + key + "\r\n");
    if (lines.isEmpty()) {
      return Log.Answer.of(OpOutcome.ABSENT);
    }
    long token = Long.parseUnsignedLong(lines.get(0).split(" ", -1)[4]);
    return new Log.Answer(OpOutcome.DONE, lines.get(1), token);
  }

  private Log.Answer perform(ClientOp op) {
    try {
      TextClient client = connected();
      if (op.kind() == OpKind.GET) {
        Log.Answer answer = read(client, op.key());
        lastKey = answer.token() != 0 && op.key().startsWith(prefix + "k") ? op.key() : lastKey;
        lastToken = lastKey.equals(op.key()) ? answer.token() : lastToken;
        return answer;
      }
      return answer(op.kind(), client.line(request(op)));
    } catch (IOException e) {
      disconnect();
      return Log.Answer.of(OpOutcome.UNKNOWN);
    }
  }

  private static String request(ClientOp op) {
    String data = op.argument();
    String storage = " " + op.key() + " 0 0 " + data.length();
    return switch (op.kind()) {
      case SET -> "set" + storage + "\r\n" + data + "\r\n";
      case ADD -> "add" + storage + "\r\n" + data + "\r\n";
      case REPLACE -> "replace" + storage + "\r\n" + data + "\r\n";
      case APPEND -> "append" + storage + "\r\n" + data + "\r\n";
      case CAS ->
          "cas" + storage + " " + Long.toUnsignedString(op.compare()) + "\r\n" + data + "\r\n";
      case INCR -> "incr " + op.key() + " " + data + "\r\n";
      case DELETE -> "delete " + op.key() + "\r\n";
      case GET -> throw new IllegalArgumentException("answered by several lines");
    };
  }

  private static Log.Answer answer(OpKind kind, String line) throws IOException {
    return switch (line) {
      case "STORED", "DELETED" -> Log.Answer.of(OpOutcome.DONE);
      case "NOT_STORED" -> Log.Answer.of(OpOutcome.REFUSED);
      case "EXISTS" -> Log.Answer.of(OpOutcome.MISMATCH);
      case "NOT_FOUND" -> Log.Answer.of(OpOutcome.ABSENT);
      default -> {
        if (kind == OpKind.INCR && line.matches("\\d+")) {
          yield new Log.Answer(OpOutcome.DONE, line, 0);
        }
        if (line.startsWith("SERVER_ERROR")) {
          yield Log.Answer.of(OpOutcome.UNKNOWN);
        }
        throw new IOException("answered " + line);
      }
    };
  }

  private TextClient connected() throws IOException {
    if (connection == null) {
      connection = new TextClient(port);
    }
    return connection;
  }

  private void disconnect() {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    connection = null;
  }
}
