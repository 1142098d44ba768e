package io.kumo.testkit.net;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.guard.Guard;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Cancellable;
import io.kumo.core.transport.ConnectionRefusedException;
import io.kumo.core.transport.LinkListener;
import io.kumo.core.transport.Listening;
import io.kumo.core.transport.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One simulated process: the {@link Transport} that its classes run on, and the handles to stop it.
 * While paused its events wait, as a stopped process's do; once killed they never run.
 */
public final class MemoryHost implements Transport {
  private static final long MAX_UNSENT_BYTES = 256L << 20;

  record Listener(MemoryHost host, Supplier<LinkListener> listeners) {}

  private final MemoryNetwork network;
  private final NodeAddress name;
  private final TimeSource time;
  private final Guard guard;
  private final Set<MemoryLink> links = new LinkedHashSet<>();
  private final Queue<Runnable> held = new ArrayDeque<>();
  private List<Runnable> batchEnd = new ArrayList<>();
  private boolean alive = true;
  private boolean paused;
  private long skewMillis;
  private int pendingTimers;
  private int maxPendingTimers;

  MemoryHost(MemoryNetwork network, NodeAddress name) {
    this.network = network;
    this.name = name;
    this.time = new HostTime();
    this.guard = new Guard(time);
  }

  public NodeAddress name() {
    return name;
  }

  public boolean isAlive() {
    return alive;
  }

  /** How far this host's wall clock is ahead of the network's. */
  public void setSkewMillis(long skewMillis) {
    this.skewMillis = skewMillis;
  }

  public void pause() {
    paused = true;
  }

  public void resume() {
    paused = false;
    for (Runnable task = held.poll(); task != null; task = held.poll()) {
      enter(task);
    }
  }

  void kill() {
    alive = false;
    held.clear();
    List.copyOf(links).forEach(MemoryLink::abandon);
    links.clear();
  }

  void powerOff() {
    alive = false;
    held.clear();
    links.forEach(MemoryLink::vanish);
    links.clear();
  }

  /** Ends the links to one host. */
  void resetLinks(NodeAddress remote) {
    List.copyOf(links).stream().filter(link -> link.leadsTo(remote)).forEach(MemoryLink::reset);
  }

  public boolean isPaused() {
    return paused;
  }

  /**
   * Runs one event of this host now, then what it left for the end of the batch. For whoever drives
   * the simulation, too: what belongs to a loop is to be called within an event of it.
   */
  public void enter(Runnable event) {
    if (!alive) {
      return;
    }
    if (paused) {
      held.add(event);
      return;
    }
    long bugs = guard.bugs();
    MemoryHost before = network.setRunning(this);
    guard.run("event", event, event);
    while (alive && !batchEnd.isEmpty()) {
      List<Runnable> tasks = batchEnd;
      batchEnd = new ArrayList<>();
      tasks.forEach(task -> guard.run("end of a batch", task, task));
    }
    network.setRunning(before);
    if (guard.bugs() > bugs) {
      network.bugFound(this);
    }
  }

  MemoryNetwork network() {
    return network;
  }

  void add(MemoryLink link) {
    links.add(link);
  }

  void remove(MemoryLink link) {
    links.remove(link);
  }

  @Override
  public TimeSource time() {
    return time;
  }

  /** The network's, as far as this host's wall clock is right. */
  private final class HostTime implements TimeSource {
    @Override
    public long unixMillis() {
      return TimeUnit.NANOSECONDS.toMillis(network.events().nowNs()) + skewMillis;
    }

    @Override
    public long nanoTime() {
      return network.events().nowNs();
    }
  }

  @Override
  public Guard guard() {
    return guard;
  }

  /** Between events whoever drives the network may act for any host; within one, for its own. */
  @Override
  public long maxUnsentBytes() {
    return MAX_UNSENT_BYTES;
  }

  /** On the heap, as nobody releases what a killed process had. */
  @Override
  public ByteBuf buffer() {
    return Unpooled.buffer();
  }

  @Override
  public boolean inLoop() {
    MemoryHost running = network.running();
    return running == null || running == this;
  }

  @Override
  public void execute(Runnable task) {
    schedule(0, task);
  }

  @Override
  public Cancellable schedule(long delayNs, Runnable task) {
    HostTimer timer = new HostTimer(task);
    pendingTimers++;
    maxPendingTimers = Math.max(maxPendingTimers, pendingTimers);
    Cancellable event = network.events().schedule(delayNs, timer);
    return () -> {
      timer.end();
      event.cancel();
    };
  }

  /** The most tasks and timers that waited at a time: a chain that grows shows here. */
  public int maxPendingTimers() {
    return maxPendingTimers;
  }

  /** Counts until it runs or is cancelled. */
  private final class HostTimer implements Runnable {
    private final Runnable task;
    private boolean ended;

    HostTimer(Runnable task) {
      this.task = task;
    }

    void end() {
      if (!ended) {
        ended = true;
        pendingTimers--;
      }
    }

    @Override
    public void run() {
      end();
      enter(task);
    }
  }

  /** Each task is an event of its own here, after those that came before. */
  @Override
  public void atNextTurn(Runnable task) {
    execute(task);
  }

  @Override
  public void atBatchEnd(Runnable task) {
    batchEnd.add(task);
  }

  @Override
  public void connect(NodeAddress remote, long timeoutNs, LinkListener listener) {
    NetworkConditions conditions = network.conditions();
    boolean passes =
        !network.isDark(remote)
            && conditions.passes(name, remote)
            && conditions.passes(remote, name);
    if (passes) {
      network.events().schedule(conditions.delayNs(name, remote), () -> arrive(remote, listener));
    } else {
      schedule(
          timeoutNs, () -> listener.connectFailed(new SocketTimeoutException("connect timed out")));
    }
  }

  private void arrive(NodeAddress remote, LinkListener listener) {
    Listener target = network.listener(remote);
    if (!alive) {
      return;
    }
    if (target == null || !target.host().isAlive()) {
      enter(
          () ->
              listener.connectFailed(
                  new ConnectionRefusedException("Connection refused: " + remote)));
      return;
    }
    MemoryLink near = new MemoryLink(this, listener, remote);
    MemoryLink far = new MemoryLink(target.host(), target.listeners().get(), name);
    near.join(far);
    target.host().enter(far::open);
    network.events().schedule(network.conditions().delayNs(remote, name), () -> enter(near::open));
  }

  @Override
  public Listening listen(NodeAddress local, Supplier<LinkListener> listeners) throws IOException {
    if (!network.listen(local, new Listener(this, listeners))) {
      throw new IOException("cannot listen on " + local + ": in use");
    }
    return new Listening() {
      @Override
      public NodeAddress address() {
        return local;
      }

      @Override
      public void close() {
        network.unlisten(local);
      }
    };
  }

  @Override
  public String toString() {
    return name.toString();
  }
}
