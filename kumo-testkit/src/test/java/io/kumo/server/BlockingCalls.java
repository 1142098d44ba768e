package io.kumo.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import reactor.blockhound.BlockHound;

/**
 * Calls that block on an event loop of a daemon, found by BlockHound from {@link #watch} on. What
 * is allowed:
 *
 * <ul>
 *   <li>waiting for a {@code ReentrantLock}: those of shard, log and log segments are held for
 *       microseconds, and whatever else blocks while one is held is found on its own;
 *   <li>loading a class, once each;
 *   <li>a line of the log, which is rare and goes to the operator's file or terminal;
 *   <li>what Netty allows itself, such as the wait of a loop that has nothing to do, and the lock
 *       of its allocator, under which it makes a chunk;
 *   <li>offering the processor to others, which {@code BusyPollingIo} does while there is nothing
 *       to do.
 * </ul>
 */
final class BlockingCalls {
  private static final Queue<String> FOUND = new ConcurrentLinkedQueue<>();
  private static final List<String> LOOPS = List.of("manager-", "server-", "gateway-");

  private BlockingCalls() {}

  /** Once for all tests of the JVM. */
  static void watch() {
    BlockHound.builder()
        .loadIntegrations()
        .nonBlockingThreadPredicate(usual -> usual.or(BlockingCalls::isLoop))
        .allowBlockingCallsInside("java.util.concurrent.locks.ReentrantLock", "lock")
        .allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator", "allocate")
        .allowBlockingCallsInside("io.kumo.core.net.BusyPollingIo", "look")
        .allowBlockingCallsInside("java.lang.ClassLoader", "loadClass")
        .allowBlockingCallsInside("java.lang.invoke.MethodHandleNatives", "linkCallSite")
        .allowBlockingCallsInside("ch.qos.logback.classic.Logger", "callAppenders")
        .blockingMethodCallback(method -> FOUND.add(method + " in " + stack()))
        .install();
  }

  private static boolean isLoop(Thread thread) {
    return LOOPS.stream().anyMatch(thread.getName()::startsWith);
  }

  private static String stack() {
    StringWriter text = new StringWriter();
    new Throwable(Thread.currentThread().getName()).printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  static void assertNone() {
    assertThat(FOUND).isEmpty();
  }

  /** Whether blocking is noticed at all. */
  static int foundAndForgotten() {
    int found = FOUND.size();
    FOUND.clear();
    return found;
  }
}
