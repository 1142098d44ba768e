package io.kumo.it.sim;

import io.kumo.core.view.ClusterView;
import io.kumo.core.view.ViewId;
import io.kumo.core.voter.VoterService;
import io.kumo.it.sim.history.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Watches all processes for what no client need ever see: two views of one version, a view that
 * does not follow the one before, two directors of one term, two servers that coordinate a key at
 * one time. It looks, and changes nothing.
 */
final class ViewWatch {
  private static final long LOOK_NS = Duration.ofMillis(3).toNanos();
  private static final int EVERY_KEY = 4;
  private static final int MAX_LOOKS_WITH_TWO = (int) (Duration.ofSeconds(1).toNanos() / LOOK_NS);

  /** A version of a cluster. */
  private record Version(long cluster, long version) {}

  /** By which views a server acts. */
  private record Base(ViewId installed, ViewId noted) {}

  private final World world;
  private final Map<Version, ClusterView> committed = new HashMap<>();
  private final Map<SimProcess, ViewId> seen = new HashMap<>();
  private final List<Long> hashes = new ArrayList<>();
  private final List<Violation> violations = new ArrayList<>();
  private int looksWithTwo;

  ViewWatch(World world) {
    this.world = world;
    List<String> keys = Workload.keys();
    for (int i = 0; i < keys.size(); i += EVERY_KEY) {
      hashes.add(World.hash(keys.get(i)));
    }
  }

  /** From now on, for as long as there are events; nothing without votes. */
  void start() {
    if (world.settings().votes()) {
      world.events().schedule(LOOK_NS, this::look);
    }
  }

  /** What was wrong first; empty while nothing was. */
  List<Violation> violations() {
    return violations;
  }

  private void look() {
    world.managers().forEach(manager -> committed(manager, manager.installed()));
    for (SimServer server : world.servers()) {
      VoterService voter = server.voter();
      if (voter != null) {
        committed(server, voter.installed());
      }
    }
    lookAtDirectors();
    lookAtCoordinators();
    if (violations.isEmpty()) {
      world.events().schedule(LOOK_NS, this::look);
    }
  }

  // ---- views

  private void committed(SimProcess at, ClusterView view) {
    if (view.isNone() || view.id().equals(seen.get(at))) {
      return;
    }
    seen.put(at, view.id());
    long cluster = view.cluster().id();
    ClusterView other = committed.putIfAbsent(new Version(cluster, view.version()), view);
    if (other != null) {
      check(other.sameContent(view), "one view of a version", at + " " + view + ", " + other);
    }
    ClusterView former = committed.get(new Version(cluster, view.version() - 1));
    ClusterView next = committed.get(new Version(cluster, view.version() + 1));
    follows(at, former, view);
    follows(at, view, next);
  }

  private void follows(SimProcess at, @Nullable ClusterView former, @Nullable ClusterView next) {
    if (former != null && next != null) {
      boolean follows = next.formerVoters().equals(former.voters());
      check(follows, "former voters", at + " " + next + " after " + former);
    }
  }

  /** One that has just been told of a later term directs no more from its next tick on. */
  private void lookAtDirectors() {
    List<SimManager> directors = directors();
    boolean two = directors.size() == 2;
    ClusterView one = two ? directors.get(0).installed() : ClusterView.NONE;
    ClusterView other = two ? directors.get(1).installed() : ClusterView.NONE;
    boolean same = two && one.cluster().equals(other.cluster()) && one.term() == other.term();
    looksWithTwo = same ? looksWithTwo + 1 : 0;
    if (looksWithTwo >= MAX_LOOKS_WITH_TWO) {
      check(false, "one director of a term", one.id() + ", " + other.id());
    }
  }

  /** Both, or nobody: it is asked too often to count fewer. */
  private List<SimManager> directors() {
    for (SimManager manager : world.managers()) {
      if (!manager.isWell() || !manager.directs()) {
        return List.of();
      }
    }
    return world.managers();
  }

  // ---- coordinators

  private void lookAtCoordinators() {
    if (!actByDifferentViews()) {
      return;
    }
    List<SimServer> acting =
        world.servers().stream().filter(ViewWatch::votes).filter(SimServer::hasLease).toList();
    if (acting.stream().map(ViewWatch::base).distinct().count() < 2) {
      return;
    }
    for (long hash : hashes) {
      List<SimServer> both =
          acting.stream().filter(server -> server.wouldCoordinate(hash)).toList();
      if (both.size() > 1) {
        check(false, "one coordinator", both + " " + both.stream().map(ViewWatch::base).toList());
      }
    }
  }

  /** Mostly they do not, so nothing is made to find that out. */
  private boolean actByDifferentViews() {
    VoterService first = null;
    for (SimServer server : world.servers()) {
      VoterService voter = server.isWell() ? server.voter() : null;
      if (first == null) {
        first = voter;
      } else if (voter != null && !isSame(first, voter)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSame(VoterService one, VoterService other) {
    return one.installed().id().equals(other.installed().id())
        && one.holder().noted().id().equals(other.holder().noted().id());
  }

  private static boolean votes(SimServer server) {
    return server.isWell() && server.voter() != null;
  }

  private static Base base(SimServer server) {
    VoterService voter = server.requireVoter();
    return new Base(voter.installed().id(), voter.holder().noted().id());
  }

  private void check(boolean holds, String rule, String detail) {
    if (!holds && violations.isEmpty()) {
      world.trace().say("views: not " + rule + ": " + detail);
      violations.add(new Violation(rule, detail));
    }
  }
}
