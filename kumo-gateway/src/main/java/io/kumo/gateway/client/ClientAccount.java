package io.kumo.gateway.client;

import io.kumo.core.protocol.Limits;
import io.kumo.gateway.budget.FlightBudget;
import io.kumo.gateway.budget.Holding;
import io.kumo.gateway.budget.Relief;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.metrics.GatewayMetric;
import io.netty.buffer.ByteBuf;
import java.util.Objects;

/**
 * What one connection is charged with in the budget of its loop, from the first byte of a request
 * to the last one of its reply that the client has read.
 *
 * <p>Invariant: what the budget counts for the connection is the sum of its commands' charges and
 * of its holding. Confined to its event loop.
 */
final class ClientAccount implements FlightBudget.RoomWaiter {
  /** What a request under way takes without its values, measured roughly. */
  private static final int COMMAND_BYTES = 1024;

  /** What the latest attempt to go on found too little room for. */
  private enum RoomWanted {
    NONE,
    /** A write, or more of a request that is arriving. */
    FOR_INPUT,
    /** A read, of whose values not too many may be asked for at once, either. */
    FOR_READ
  }

  private final ClientLoop clientLoop;
  private final ReplyQueue queue;
  private final Relief.Holder holder;
  private final Runnable goOn;
  private final ReadForecast forecast;
  private final Holding holding = new Holding();
  private long wantedBytes;
  private RoomWanted roomWanted = RoomWanted.NONE;
  private boolean wantsTaken;
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
    return roomWanted != RoomWanted.NONE;
  }

  /** Has the connection go on when there is room. */
  void awaitRoom() {
    if (!waiting) {
      waiting = true;
      clientLoop.budget().await(this, holdsNothing());
    }
  }

  /** But one request at most, which is what waits. */
  private boolean holdsNothing() {
    return queue.chargedBytes() <= COMMAND_BYTES && holding.blamedBytes() == 0;
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
    return roomWanted == RoomWanted.FOR_READ;
  }

  /** Another attempt to go on: it will turn out whether there is room. */
  void clearWant() {
    roomWanted = RoomWanted.NONE;
    wantsTaken = false;
  }

  private void want(RoomWanted room, long bytes) {
    roomWanted = room;
    wantedBytes = bytes;
  }

  // ---- requests under way

  /** Reads are charged with what their values will probably take, so that replies stay bounded. */
  private long charge(McCommand command) {
    ByteBuf value = command.request().value();
    long sent = value == null ? 0 : value.readableBytes();
    boolean read = command.operation().isRead();
    long expected = read ? (long) command.request().keys().size() * forecast.bytes() : 0;
    return COMMAND_BYTES + bounded(sent + expected);
  }

  private long bounded(long bytes) {
    ClientLimits limits = clientLoop.limits();
    long most = Math.min(limits.maxBytesInFlight(), limits.maxTotalBytesInFlight() / 2);
    return Math.min(bytes, most);
  }

  /** Whether a command may be put into the queue now; a value that has arrived is here already. */
  boolean mayBegin(McCommand command) {
    if (command.isDecided()) {
      return true;
    }
    boolean first = queue.isEmpty();
    boolean read = command.operation().isRead();
    long charge = charge(command);
    if (read && mustBeTaken(queue.chargedBytes(), charge)) {
      return false;
    }
    long more = first && !read ? COMMAND_BYTES : charge;
    FlightBudget budget = clientLoop.budget();
    if (read ? !budget.allowsRead(more) : !budget.allows(more)) {
      want(read ? RoomWanted.FOR_READ : RoomWanted.FOR_INPUT, more);
    }
    return !wantsRoom();
  }

  /** Whether a read of large values waits until its client has taken more of what was before it. */
  private boolean mustBeTaken(long asked, long more) {
    long held = asked + holding.unreadBytes();
    long most = forecast.isKnown() ? Limits.CLIENT_ASKED_BYTES : Limits.ASKED_BYTES;
    boolean waits = more > Limits.SMALL_VALUE_BYTES && held > 0 && held + more > most;
    if (waits) {
      wantsTaken = true;
      clientLoop.metrics().add(GatewayMetric.CLIENT_READ_WAITS, 1);
    }
    return waits;
  }

  /** Whether what comes next has to wait for the client to take replies. */
  boolean wantsTaken() {
    return wantsTaken && holding.unreadBytes() > 0;
  }

  /** Charges a command that is about to be put into the queue. */
  void begin(McCommand command) {
    requestBegins = true;
    command.request().expectedBytes(forecast.bytes());
    command.request().asksAlone(forecast.isKnown() && !forecast.isSmall());
    command.chargedBytes = charge(command);
    clientLoop.budget().add(command.chargedBytes);
    if (command.operation().isRead()) {
      command.askedBytes = command.chargedBytes;
      clientLoop.budget().asked(command.askedBytes);
    }
  }

  /**
   * A read under way is not, until it is executed again: its value is as large as most may be. Not
   * at the first time when this client's values are known to be small: then it was others' that
   * left no room for it.
   *
   * @return whether it is postponed
   */
  boolean postpone(McCommand command) {
    if (forecast.isSmall() && !command.sharesAgain) {
      command.sharesAgain = true;
      return false;
    }
    noLongerAsked(command);
    command.postponed = true;
    command.request().expectedBytes(Math.max(forecast.bytes(), ReadForecast.UNKNOWN_BYTES));
    recharge(command, COMMAND_BYTES);
    clientLoop.metrics().add(GatewayMetric.POSTPONED_READS, 1);
    return true;
  }

  /** Whether a postponed command, the oldest of the connection, may be executed again now. */
  boolean mayExecuteAgain(McCommand command) {
    long more = bounded(command.request().expectedBytes());
    if (mustBeTaken(0, more)) {
      return false;
    }
    if (!clientLoop.budget().allowsRead(more)) {
      want(RoomWanted.FOR_READ, more);
    }
    return !wantsRoom();
  }

  /** Charges it as a read of a large value. */
  void executeAgain(McCommand command) {
    command.postponed = false;
    command.request().asksAlone(true);
    recharge(command, COMMAND_BYTES + bounded(command.request().expectedBytes()));
    command.askedBytes = command.chargedBytes;
    clientLoop.budget().asked(command.askedBytes);
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
      if (command.isCompleted() || command.postponed) {
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
    boolean large = growth > Limits.SMALL_VALUE_BYTES && bytes > clientLoop.relief().share();
    if (large && !clientLoop.budget().allows(growth)) {
      want(RoomWanted.FOR_INPUT, growth);
    }
  }

  /** Counts replies that the socket has not taken. */
  void unread(long bytes) {
    if (bytes != 0 || holding.unreadBytes() != 0) {
      holdUnread(bytes, clientLoop.time().nanoTime());
    }
  }

  /** Nothing is held any more but by requests under way. */
  void holdNothing() {
    hold(holding.unfinished(0, 0, true, true));
    holdUnread(0, 0);
  }

  private void holdUnread(long bytes, long nowNs) {
    long change = holding.unread(bytes, nowNs);
    clientLoop.metrics().add(GatewayMetric.UNREAD_BYTES, change);
    hold(change);
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
