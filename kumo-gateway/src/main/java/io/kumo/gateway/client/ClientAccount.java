package io.kumo.gateway.client;

import io.kumo.gateway.budget.FlightBudget;
import io.kumo.gateway.budget.Holding;
import io.kumo.gateway.budget.Relief;
import io.kumo.gateway.memcached.McCommand;
import io.netty.buffer.ByteBuf;
import java.util.Objects;

/**
 * What one connection is charged with in the budget of its loop, from the first byte of a request
 * to the last one of its reply that the client has read.
 *
 * <p>Invariant: what the budget counts for the connection is the sum of its commands' charges and
 * of its holding. Confined to its event loop.
 */
final class ClientAccount implements FlightBudget.Waiter {
  /** What a request under way takes without its values, measured roughly. */
  private static final int COMMAND_BYTES = 1024;

  /** Values that servers are asked for on behalf of one client before it has read them. */
  private static final int READ_WINDOW_BYTES = 4 << 20;

  private final ClientLoop clientLoop;
  private final ReplyQueue queue;
  private final Relief.Holder holder;
  private final Runnable goOn;
  private final ReadForecast forecast;
  private final Holding holding = new Holding();
  private long wantedBytes;
  private boolean wantsRoom;
  private boolean wantsRead;
  private boolean waiting;
  private boolean requestBegins;
  private boolean listed;

  /**
   * @param queue the connection's commands
   * @param holder the connection
   * @param goOn run when there is room for what it waits for
   */
  ClientAccount(ClientLoop clientLoop, ReplyQueue queue, Relief.Holder holder, Runnable goOn) {
    this.clientLoop = clientLoop;
    this.queue = queue;
    this.holder = holder;
    this.goOn = goOn;
    this.forecast = clientLoop.newForecast();
  }

  Holding holding() {
    return holding;
  }

  /** Whether what comes next has to wait for others to hold less. */
  boolean wantsRoom() {
    return wantsRoom;
  }

  /** Has the connection go on when there is room. */
  void awaitRoom() {
    if (!waiting) {
      waiting = true;
      clientLoop.budget().await(this, queue.isEmpty() && holding.blamedBytes() == 0);
    }
  }

  boolean isWaiting() {
    return waiting;
  }

  void stopWaiting() {
    if (waiting) {
      waiting = false;
      clientLoop.budget().forget(this);
    }
  }

  @Override
  public void resume() {
    waiting = false;
    goOn.run();
  }

  @Override
  public long wantedBytes() {
    return wantedBytes;
  }

  @Override
  public boolean wantsRead() {
    return wantsRead;
  }

  /** Another attempt to go on: it will turn out whether there is room. */
  void clearWant() {
    wantsRoom = false;
  }

  private void want(long bytes) {
    wantsRoom = true;
    wantedBytes = bytes;
  }

  // ---- requests under way

  /** Reads are charged with what their values will probably take, so that replies stay bounded. */
  private long charge(McCommand command) {
    ByteBuf value = command.request().value();
    long sent = value == null ? 0 : value.readableBytes();
    boolean read = command.operation().isRead();
    long expected = read ? (long) command.request().keys().size() * forecast.bytes() : 0;
    ClientLimits limits = clientLoop.limits();
    long most = Math.min(limits.maxBytesInFlight(), limits.maxTotalBytesInFlight() / 2);
    return COMMAND_BYTES + Math.min(sent + expected, most);
  }

  /** Whether a command may be put into the queue now; a value that has arrived is here already. */
  boolean mayBegin(McCommand command) {
    if (command.isDecided()) {
      return true;
    }
    boolean first = queue.isEmpty();
    boolean read = command.operation().isRead();
    long charge = charge(command);
    if (read && !first && queue.chargedBytes() + charge > READ_WINDOW_BYTES) {
      return false;
    }
    long more = first && !read ? COMMAND_BYTES : charge;
    FlightBudget budget = clientLoop.budget();
    wantsRead = read;
    if (read ? !budget.allowsRead(more) : !budget.allows(more)) {
      want(more);
    }
    return !wantsRoom;
  }

  /** Charges a command that is about to be put into the queue. */
  void begin(McCommand command) {
    requestBegins = true;
    command.request().expectedBytes(forecast.bytes());
    command.chargedBytes = charge(command);
    clientLoop.budget().add(command.chargedBytes);
    if (command.operation().isRead()) {
      command.askedBytes = command.chargedBytes;
      clientLoop.budget().asked(command.askedBytes);
    }
  }

  /** Servers have answered, or nobody waits for their answer any more. */
  void noLongerAsked(McCommand command) {
    clientLoop.budget().asked(-command.askedBytes);
    command.askedBytes = 0;
  }

  /** Whether a command in the queue may hold so many bytes of values, more than its charge. */
  boolean mayHold(McCommand command, long bytes) {
    boolean fits =
        bytes <= clientLoop.limits().maxBytesInFlight()
            && clientLoop.makeRoom(bytes - command.chargedBytes);
    if (fits) {
      recharge(command, bytes);
    }
    return fits;
  }

  /** A command in the queue waits, complete, for those before it. */
  void completed(McCommand command) {
    recharge(command, COMMAND_BYTES + command.outcome().found().valueBytes());
  }

  private void recharge(McCommand command, long bytes) {
    clientLoop.budget().add(bytes - command.chargedBytes);
    queue.charge(command, bytes);
  }

  /** The reply to a command that has left the queue is about to be written. */
  void answered(McCommand command) {
    forecast.learn(command);
    clientLoop.budget().add(-command.chargedBytes);
  }

  /** Nothing more is answered; what still runs is recycled when it completes. */
  void dropQueue() {
    while (!queue.isEmpty()) {
      McCommand command = Objects.requireNonNull(queue.head());
      queue.removeHead();
      noLongerAsked(command);
      clientLoop.budget().add(-command.chargedBytes);
      if (command.isCompleted()) {
        command.recycle();
      } else {
        command.disown();
      }
    }
  }

  // ---- before and behind them

  /**
   * Counts what has arrived of requests that are not under way.
   *
   * @param excused whether they wait for the gateway, and not the gateway for its client
   * @param growth bytes that it will take more next: it may when there is room, or as long as the
   *     whole is within its fair share
   */
  void unfinished(long bytes, long nowNs, boolean excused, long growth) {
    if (bytes == 0 && holding.unfinishedBytes() == 0) {
      return;
    }
    hold(holding.unfinished(bytes, nowNs, requestBegins, excused));
    requestBegins = false;
    boolean large = growth > FlightBudget.SMALL_BYTES && bytes > clientLoop.relief().share();
    if (large && !clientLoop.budget().allows(growth)) {
      wantsRead = false;
      want(growth);
    }
  }

  /** Counts replies that the socket has not taken. */
  void unread(long bytes) {
    if (bytes != 0 || holding.unreadBytes() != 0) {
      hold(holding.unread(bytes, clientLoop.time().nanoTime()));
    }
  }

  /** Nothing is held any more but by requests under way. */
  void holdNothing() {
    hold(holding.unfinished(0, 0, true, true));
    hold(holding.unread(0, 0));
  }

  private void hold(long change) {
    clientLoop.budget().add(change);
    if (!listed && holding.bytes() > 0) {
      listed = true;
      clientLoop.relief().add(holder);
    }
  }

  /** The connection is no longer listed among those that hold something. */
  void unlisted() {
    listed = false;
  }
}
