package io.kumo.it.chaos;

import io.kumo.it.sim.history.ClientOp;
import io.kumo.it.sim.history.OpKind;
import io.kumo.it.sim.history.OpOutcome;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * One client on a connection of its own: does one operation after another on a few keys that all
 * clients share, and notes what it was answered.
 */
final class Client implements Runnable {
  private static final long THINK_NS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final AtomicLong VALUES = new AtomicLong();

  private final int number;
  private final Conversation conversation;
  private final Log log;
  private final String prefix;
  private final int keys;
  private final SplittableRandom random;
  private volatile boolean stopped;
  private String lastKey = "";
  private long lastToken;

  /**
   * @param prefix of the keys of this round
   */
  Client(int number, int port, Log log, String prefix, int keys, SplittableRandom random) {
    this.number = number;
    conversation = new Conversation(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
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
    conversation.close();
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

  private Log.Answer perform(ClientOp op) {
    Log.Answer answer = conversation.perform(op);
    if (op.isRead() && answer.outcome() != OpOutcome.UNKNOWN) {
      lastKey = answer.token() != 0 && op.key().startsWith(prefix + "k") ? op.key() : lastKey;
      lastToken = lastKey.equals(op.key()) ? answer.token() : lastToken;
    }
    return answer;
  }
}
