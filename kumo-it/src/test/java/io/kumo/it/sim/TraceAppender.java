package io.kumo.it.sim;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/** Puts what the programs log into the trace, with the virtual time and who says it. */
final class TraceAppender extends AppenderBase<ILoggingEvent> {
  private final World world;

  private TraceAppender(World world) {
    this.world = world;
  }

  /** From now on log lines go to the trace of this world alone. */
  static void attach(World world) {
    Logger root = (Logger) LoggerFactory.getLogger("ROOT");
    root.detachAndStopAllAppenders();
    root.setLevel(Level.OFF);
    TraceAppender appender = new TraceAppender(world);
    appender.setContext(root.getLoggerContext());
    appender.start();
    Logger ours = root.getLoggerContext().getLogger("io.kumo");
    ours.detachAndStopAllAppenders();
    ours.setLevel(Level.DEBUG);
    ours.addAppender(appender);
  }

  /** Nothing is logged any more. */
  static void silence() {
    Logger root = (Logger) LoggerFactory.getLogger("ROOT");
    root.setLevel(Level.OFF);
    root.getLoggerContext().getLogger("io.kumo").setLevel(Level.OFF);
  }

  @Override
  protected void append(ILoggingEvent event) {
    String name = event.getLoggerName();
    StringBuilder line = new StringBuilder("  ");
    line.append(world.running()).append(' ').append(event.getLevel()).append(' ');
    line.append(name.substring(name.lastIndexOf('.') + 1)).append(": ");
    line.append(event.getFormattedMessage());
    if (event.getThrowableProxy() != null) {
      line.append('\n').append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    world.trace().note(line.toString());
  }
}
