package io.kumo.core.guard;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.kumo.core.testing.ManualTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class GuardTest {
  private final ManualTime time = new ManualTime();
  private final Guard guard = new Guard(time);
  private final Logger logger = (Logger) LoggerFactory.getLogger(Guard.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  @BeforeEach
  void listen() {
    logged.start();
    logger.addAppender(logged);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(logged);
  }

  @Test
  void whatIsThrownIsLoggedWithItsContextAndCounted() {
    boolean well = guard.run("timer", "the test", () -> fail("planted"));

    assertThat(well).isFalse();
    assertThat(guard.bugs()).isEqualTo(1);
    assertThat(guard.lastBug()).isEqualTo("timer of the test: java.lang.AssertionError: planted");
    assertThat(logged.list).hasSize(1);
    ILoggingEvent event = logged.list.get(0);
    assertThat(event.getLevel()).isEqualTo(Level.ERROR);
    assertThat(event.getFormattedMessage()).isEqualTo("a bug in timer of the test");
    assertThat(event.getThrowableProxy().getMessage()).isEqualTo("planted");
  }

  @Test
  void errorsOfTheMachineAreBugsToo() {
    assertThat(guard.run("task", "memory", () -> fail(new OutOfMemoryError("planted")))).isFalse();
    assertThat(guard.run("task", "stack", GuardTest::recurse)).isFalse();
    assertThat(guard.bugs()).isEqualTo(2);
    assertThat(logged.list).hasSize(2);
  }

  @Test
  void whatEndsWellIsNoBug() {
    List<String> seen = new ArrayList<>();

    assertThat(guard.run("task", this, () -> seen.add("task"))).isTrue();
    assertThat(guard.run("action", this, List<String>::add, seen, "action")).isTrue();
    guard.guarding("work", Runnable::run).execute(() -> seen.add("work"));

    assertThat(seen).containsExactly("task", "action", "work");
    assertThat(guard.bugs()).isZero();
    assertThat(guard.lastBug()).isNull();
  }

  @Test
  void anOwnerThatCannotEvenSayItsNameIsCounted() {
    Object nameless =
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException("no name");
          }
        };

    assertThat(guard.run("task", nameless, () -> fail("planted"))).isFalse();

    assertThat(guard.bugs()).isEqualTo(1);
    assertThat(guard.lastBug()).isEqualTo("a bug that cannot be told");
  }

  @Test
  void aBugInEachRequestDoesNotFillTheLog() {
    for (int i = 0; i < 1000; i++) {
      guard.run("request", "the test", () -> fail("planted"));
    }
    assertThat(guard.bugs()).isEqualTo(1000);
    assertThat(logged.list).hasSize(Guard.LOGGED_A_SECOND);

    time.advanceMs(1000);
    guard.run("request", "the test", () -> fail("planted"));

    assertThat(logged.list.get(Guard.LOGGED_A_SECOND).getFormattedMessage())
        .isEqualTo("a bug in request of the test, 980 before");
  }

  private static void fail(String message) {
    throw new AssertionError(message);
  }

  private static void fail(Error error) {
    throw error;
  }

  @SuppressWarnings("InfiniteRecursion") // it is to overflow the stack
  private static int recurse() {
    return 1 + recurse();
  }
}
