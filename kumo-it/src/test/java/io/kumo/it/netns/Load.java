package io.kumo.it.netns;

import io.kumo.it.chaos.Conversation;
import io.kumo.it.chaos.Log;
import io.kumo.it.sim.history.ClientOp;
import io.kumo.it.sim.history.History;
import io.kumo.it.sim.history.OpKind;
import io.kumo.it.sim.history.OpOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients of both gateways, which append to some keys, count in some, and store and compare in the
 * rest, and read all of them. Each key exists from the start and none is deleted. A value or piece
 * is used once.
 *
 * <p>Threads share the log, which is locked, and the queue; a conversation is its thread's alone.
 */
final class Load implements AutoCloseable {
  /** The client that reads when all is healed; lower numbers are those of the load. */
  static final int READER = 1000;

  private static final int CLIENTS_PER_GATEWAY = 4;
  private static final int KEYS_OF_A_KIND = 4;
  private static final int TRIES = 60;
  private static final long TRY_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long THINK_NS = Duration.ofMillis(20).toNanos();
  private static final AtomicLong VALUES = new AtomicLong();

  private final Net net;
  private final Log log = new Log();
  private final Queue<Timed> timed = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private final List<String> keys = new ArrayList<>();
  private volatile boolean stopped;

  private Load(Net net, String prefix) {
    this.net = net;
    for (int i = 0; i < KEYS_OF_A_KIND; i++) {
      keys.add(prefix + "a" + i);
      keys.add(prefix + "n" + i);
      keys.add(prefix + "k" + i);
    }
  }

  /**
   * @param prefix of all keys, which ends in a character that is none of a, n and k
   */
  static Load start(Net net, String prefix) throws IOException {
    Load load = new Load(net, prefix);
    load.fill();
    for (String gateway : Net.GATEWAYS) {
      for (int i = 0; i < CLIENTS_PER_GATEWAY; i++) {
        int number = load.threads.size();
        Thread thread = new Thread(() -> load.run(number, gateway), "client-" + number);
        load.threads.add(thread);
      }
    }
    load.threads.forEach(Thread::start);
    return load;
  }

  /** The kind of a key: a is appended to, n is counted in, k is a register. */
  static char kind(String key) {
    String letters = key.replaceAll("\\d+$", "");
    return letters.charAt(letters.length() - 1);
  }

  private void fill() throws IOException {
    try (Conversation filler = new Conversation(net.gateway("g1"))) {
      for (String key : keys) {
        String first = kind(key) == 'n' ? "0" : fresh();
        untilServed(filler, OpKind.SET, key, first);
      }
    }
  }

  /** An attempt of unknown outcome stays in the log as one. */
  private void untilServed(Conversation conversation, OpKind kind, String key, String argument)
      throws IOException {
    for (int i = 0; i < TRIES; i++) {
      if (perform(conversation, "", log.call(READER, kind, key, argument, 0))
          != OpOutcome.UNKNOWN) {
        return;
      }
      LockSupport.parkNanos(TRY_AGAIN_NS);
    }
    throw new IOException(kind + " of " + key + " failed " + TRIES + " times");
  }

  private static String fresh() {
    return "<" + VALUES.incrementAndGet();
  }

  private void run(int number, String gateway) {
    Token token = new Token();
    try (Conversation conversation = new Conversation(net.gateway(gateway))) {
      while (!stopped) {
        ClientOp op = choose(number, token);
        perform(conversation, gateway, op);
        token.seen(op);
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(2 * THINK_NS));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The last CAS unique that a client has seen. */
  private static final class Token {
    private String key = "";
    private long unique;

    void seen(ClientOp op) {
      if (op.isRead() && op.token() != 0 && kind(op.key()) == 'k') {
        key = op.key();
        unique = op.token();
      }
    }
  }

  private ClientOp choose(int number, Token token) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    String key = keys.get(random.nextInt(keys.size()));
    if (random.nextInt(100) < 40) {
      return log.call(number, OpKind.GET, key, "", 0);
    }
    return switch (kind(key)) {
      case 'a' -> log.call(number, OpKind.APPEND, key, fresh(), 0);
      case 'n' -> log.call(number, OpKind.INCR, key, "1", 0);
      default ->
          token.unique != 0 && random.nextBoolean()
              ? log.call(number, OpKind.CAS, token.key, fresh(), token.unique)
              : log.call(number, OpKind.SET, key, fresh(), 0);
    };
  }

  private OpOutcome perform(Conversation conversation, String gateway, ClientOp op) {
    long calledNs = System.nanoTime();
    Log.Answer answer = conversation.perform(op);
    long answeredNs = System.nanoTime();
    log.answer(op, answer);
    timed.add(new Timed(op, gateway, calledNs, answeredNs));
    return answer.outcome();
  }

  List<String> keys() {
    return keys;
  }

  /** What has been answered until now. */
  List<Timed> timed() {
    return List.copyOf(timed);
  }

  /** Ends the clients and reads every key through both gateways; returns all that was done. */
  History stop() throws IOException, InterruptedException {
    close();
    for (String gateway : Net.GATEWAYS) {
      try (Conversation reader = new Conversation(net.gateway(gateway))) {
        for (String key : keys) {
          untilServed(reader, OpKind.GET, key, "");
        }
      }
    }
    return log.history();
  }

  @Override
  public void close() {
    stopped = true;
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
