package io.kumo.core.transport;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.guard.Guard;
import io.netty.buffer.ByteBuf;

/** A loop as another one is, for who only means to change its links. */
public abstract class ForwardingTransport implements Transport {
  private final Transport real;

  protected ForwardingTransport(Transport real) {
    this.real = real;
  }

  @Override
  public TimeSource time() {
    return real.time();
  }

  @Override
  public Guard guard() {
    return real.guard();
  }

  @Override
  public long maxUnsentBytes() {
    return real.maxUnsentBytes();
  }

  @Override
  public ByteBuf buffer() {
    return real.buffer();
  }

  @Override
  public boolean inLoop() {
    return real.inLoop();
  }

  @Override
  public void execute(Runnable task) {
    real.execute(task);
  }

  @Override
  public void atNextTurn(Runnable task) {
    real.atNextTurn(task);
  }

  @Override
  public Cancellable schedule(long delayNs, Runnable task) {
    return real.schedule(delayNs, task);
  }

  @Override
  public void atBatchEnd(Runnable task) {
    real.atBatchEnd(task);
  }
}
