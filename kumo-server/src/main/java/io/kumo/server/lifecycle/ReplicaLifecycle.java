package io.kumo.server.lifecycle;

import static io.kumo.server.lifecycle.ReplicaAction.ASK_OWNERS;
import static io.kumo.server.lifecycle.ReplicaAction.ASK_OWNERS_AGAIN;
import static io.kumo.server.lifecycle.ReplicaAction.NOTE_NEWEST_RECORD;
import static io.kumo.server.lifecycle.ReplicaAction.RELEASE_WAITING;
import static io.kumo.server.lifecycle.ReplicaAction.WIPE;
import static io.kumo.server.lifecycle.ReplicaState.CATCHING_UP;
import static io.kumo.server.lifecycle.ReplicaState.DETACHED;
import static io.kumo.server.lifecycle.ReplicaState.SERVING;
import static io.kumo.server.lifecycle.ReplicaState.STOPPING;
import static io.kumo.server.lifecycle.ReplicaState.UNVERIFIED;
import static io.kumo.server.lifecycle.ReplicaState.WIPING;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of this process as a replica, and the one place to ask what it may do at the moment.
 * Confined to the main loop.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>{@link #state} changes by {@link #on} alone, and that by the pure {@link #next};
 *   <li>beside it stand four attributes of the installed view, set when that is installed: whether
 *       the write hash space lists this server, whether that and the read hash space call it
 *       active, and whether the view was made for this very process ({@link #isNamed}) or for one
 *       before it at the same address;
 *   <li>what it may do follows from these five ({@link #rights}), and is computed when one of them
 *       changes: the question is asked for every request.
 * </ul>
 */
public final class ReplicaLifecycle {
  private static final Logger log = LoggerFactory.getLogger(ReplicaLifecycle.class);

  /** Where an event leads. */
  public record Transition(ReplicaState next, List<ReplicaAction> actions) {
    private static Transition to(ReplicaState next, ReplicaAction... actions) {
      return new Transition(next, List.of(actions));
    }
  }

  /**
   * What the installed view says of this server.
   *
   * @param listed in the write hash space, active or fault
   * @param written active there
   * @param read active in the read hash space
   * @param named made for this process, or all others have confirmed that it still counts
   */
  public record Standing(boolean listed, boolean written, boolean read, boolean named) {
    /** The event that the installation of such a view is. */
    public ReplicaEvent event() {
      if (!written) {
        return ReplicaEvent.VIEW_WITHOUT_IT;
      }
      return read ? ReplicaEvent.VIEW_FOR_ALL : ReplicaEvent.VIEW_FOR_WRITES;
    }
  }

  // Volatile for isServing alone: all else is of the loop.
  private volatile ReplicaState state = DETACHED;
  private volatile Standing standing = new Standing(false, false, false, true);
  private Set<Right> rights = rights(state, standing);

  public ReplicaState state() {
    return state;
  }

  /**
   * Whether it is active in both hash spaces of a view that counts for this process; any thread.
   */
  public boolean isServing() {
    return state == SERVING && standing.named();
  }

  /** Whether this process may do that now. */
  public boolean may(Right right) {
    return rights.contains(right);
  }

  /** Whether the installed view was made for this process, and not for one before it. */
  public boolean isNamed() {
    return standing.named();
  }

  /** Another view is installed; what follows from that is told by {@link #on} in its turn. */
  public void setActive(boolean listed, boolean written, boolean read) {
    set(state, new Standing(listed, written, read, standing.named()));
  }

  /**
   * The installed view was made for this process, or others confirmed that it still counts; or not.
   */
  public void setNamed(boolean named) {
    set(state, new Standing(standing.listed(), standing.written(), standing.read(), named));
  }

  /** The event that the view installed last is. */
  public ReplicaEvent viewEvent() {
    return standing.event();
  }

  /**
   * Goes on to the next state.
   *
   * @return what the caller has to do, in this order
   */
  public List<ReplicaAction> on(ReplicaEvent event) {
    Transition transition = next(state, event);
    if (transition.next() != state) {
      log.info("this replica is {} ({}), was {}", transition.next(), event, state);
    }
    set(transition.next(), standing);
    return transition.actions();
  }

  private void set(ReplicaState newState, Standing newStanding) {
    state = newState;
    standing = newStanding;
    rights = rights(newState, newStanding);
  }

  /** The table of transitions; pure. An event that a state does not wait for changes nothing. */
  static Transition next(ReplicaState state, ReplicaEvent event) {
    if (state == STOPPING) {
      return Transition.to(STOPPING);
    }
    return switch (event) {
      case VIEW_WITHOUT_IT -> Transition.to(DETACHED, NOTE_NEWEST_RECORD);
      case VIEW_FOR_ALL -> Transition.to(SERVING, RELEASE_WAITING);
      case VIEW_FOR_WRITES ->
          switch (state) {
            case DETACHED -> Transition.to(UNVERIFIED, ASK_OWNERS);
            case UNVERIFIED -> Transition.to(UNVERIFIED, ASK_OWNERS_AGAIN);
            case WIPING, CATCHING_UP, STOPPING -> Transition.to(state);
            case SERVING -> Transition.to(UNVERIFIED, NOTE_NEWEST_RECORD, ASK_OWNERS);
          };
      case COPY_STARTED ->
          switch (state) {
            case DETACHED -> Transition.to(UNVERIFIED, ASK_OWNERS);
            case UNVERIFIED -> Transition.to(UNVERIFIED, ASK_OWNERS_AGAIN);
            case WIPING, CATCHING_UP, SERVING, STOPPING -> Transition.to(state);
          };
      case RECORDS_MAY_STAY -> from(UNVERIFIED, state, CATCHING_UP, RELEASE_WAITING);
      case RECORDS_TOO_OLD -> from(UNVERIFIED, state, WIPING, WIPE);
      case WIPED -> from(WIPING, state, CATCHING_UP, RELEASE_WAITING);
      case STOP_ORDERED -> Transition.to(STOPPING);
    };
  }

  private static Transition from(
      ReplicaState expected, ReplicaState state, ReplicaState next, ReplicaAction action) {
    return state == expected ? Transition.to(next, action) : Transition.to(state);
  }

  /** What each state allows by itself and by what the view says; pure. */
  static boolean may(Right right, ReplicaState state, Standing standing) {
    return switch (right) {
      case READ, COORDINATE -> standing.named() && state != STOPPING && takesPart(state, standing);
      case REPLICATE -> takesPart(state, standing);
      case SHOW -> isKnown(standing) && takesPart(state, standing);
      case OFFER -> isKnown(standing) && counts(state, standing);
      case CONFIRM, RECEIVE -> counts(state, standing);
      case RAISE_WATERMARK -> standing.named() && standing.written() && standing.read();
    };
  }

  /**
   * Whether what is here can be given to others: what a process lost when its power failed may have
   * been tombstones that others have dropped since, or the newest of what it alone was to hold. The
   * next view that names it was made by who knows that.
   */
  private static boolean isKnown(Standing standing) {
    return standing.named() || !standing.listed();
  }

  /** Whether what is here may be shown to coordinators and added to by them. */
  private static boolean takesPart(ReplicaState state, Standing standing) {
    return switch (state) {
      case DETACHED -> standing.read() || !standing.written();
      case STOPPING -> standing.read();
      case UNVERIFIED, WIPING -> false;
      case CATCHING_UP, SERVING -> true;
    };
  }

  /** Whether what is here stays here, and so counts as being here. */
  private static boolean counts(ReplicaState state, Standing standing) {
    return switch (state) {
      case DETACHED -> standing.read();
      case UNVERIFIED, WIPING, STOPPING -> false;
      case CATCHING_UP, SERVING -> true;
    };
  }

  private static Set<Right> rights(ReplicaState state, Standing standing) {
    Set<Right> all = EnumSet.noneOf(Right.class);
    for (Right right : Right.values()) {
      if (may(right, state, standing)) {
        all.add(right);
      }
    }
    return all;
  }
}
