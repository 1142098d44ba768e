package io.kumo.it.explore;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.kumo.core.vote.Acceptance;
import io.kumo.core.vote.Acceptor;
import io.kumo.core.vote.LeaseAnswer;
import io.kumo.core.vote.LeaseRequest;
import io.kumo.core.vote.Promise;
import io.kumo.core.vote.Proposer;
import io.kumo.core.vote.ProposerAction;
import io.kumo.core.vote.ServerVote;
import io.kumo.core.vote.TermRequest;
import io.kumo.it.explore.Network.Flight;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What each node makes of each message, by the classes that run in production. Equal nodes and
 * equal messages have equal numbers, so what comes of them is computed once.
 *
 * <p>Confined to the thread of its {@link Model}.
 */
final class Reactions {
  final Interner<VoterProcess> processes = new Interner<>();
  final Interner<ClusterView> views = new Interner<>();
  final Interner<TermRequest> requests = new Interner<>();
  final Interner<LeaseRequest> requestsForLeases = new Interner<>();
  final Interner<Flight> flights = new Interner<>();
  final Interner<Object> answers = new Interner<>();
  private final Bounds bounds;
  private final List<NodeAddress> managers;
  private final Map<Long, Heard> memory = new HashMap<>();

  /** What a node became by a message, and what it answered. */
  record Heard(int process, Object answer) {}

  Reactions(Bounds bounds, List<NodeAddress> managers) {
    this.bounds = bounds;
    this.managers = managers;
  }

  /** What comes of asking first, for each set of nodes that may answer. */
  List<Heard> campaigns(int[] state, int m, int nodes) {
    Manager manager = (Manager) processes.value(state[m]);
    Proposer asks = manager.proposer().stepDown("", 0).next();
    ClusterView known = manager.acceptor().vote().accepted();
    Set<Heard> ends = new LinkedHashSet<>();
    for (int reachable = 0; reachable < 1 << nodes; reachable++) {
      Proposer.Transition step = asks.campaign(known, false, 0);
      TermRequest request = ((ProposerAction.AskFirst) step.actions().get(0)).request();
      for (int node = 0; node < nodes; node++) {
        boolean asking = step.next().phase() == Proposer.Phase.ASKING;
        if (asking && (reachable >> node & 1) != 0) {
          step = step.next().answered(processes.value(state[node]).acceptor().preVote(request), 0);
        }
      }
      if (step.next().phase() == Proposer.Phase.REQUESTING) {
        ends.add(heard(manager, step));
      }
    }
    return List.copyOf(ends);
  }

  Heard heard(Manager manager, Proposer.Transition step) {
    return new Heard(processes.number(manager.with(step.next())), step.actions());
  }

  /** A manager hears a promise or an acceptance. */
  Heard told(int process, Object answer) {
    return memory.computeIfAbsent(
        key(process, 5, answers.number(answer)),
        k -> {
          Manager manager = (Manager) processes.value(process);
          Proposer proposer = manager.proposer();
          Proposer.Transition step =
              answer instanceof Promise promise
                  ? promised(proposer, promise)
                  : accepted(proposer, (Acceptance) answer);
          return new Heard(processes.number(manager.with(step.next())), step.actions());
        });
  }

  /** What is heard of another term, or of another view, is left out: it is of no interest. */
  private static Proposer.Transition promised(Proposer proposer, Promise promise) {
    boolean waits = proposer.phase() != Proposer.Phase.IDLE;
    boolean told = promise.granted() ? promise.term() == proposer.term() : waits;
    return waits && told
        ? proposer.promised(promise, 0)
        : new Proposer.Transition(proposer, List.of());
  }

  private static Proposer.Transition accepted(Proposer proposer, Acceptance answer) {
    boolean told =
        proposer.phase() == Proposer.Phase.DIRECTING
            && answer.status() != Acceptance.Status.WAITING
            && proposer.term() == answer.id().term();
    return told ? proposer.accepted(answer, 0) : new Proposer.Transition(proposer, List.of());
  }

  Heard promise(int process, int request) {
    return memory.computeIfAbsent(
        key(process, 0, request),
        k -> {
          VoterProcess node = processes.value(process);
          Acceptor.Reply<Promise> step = node.acceptor().promise(requests.value(request));
          return new Heard(processes.number(node.with(step)), step.answer());
        });
  }

  Heard accept(int process, int view, boolean committed) {
    return memory.computeIfAbsent(
        key(process, committed ? 2 : 1, view),
        k -> {
          ClusterView shown = views.value(view);
          boolean leases = bounds.ticks() >= 0;
          if (leases && processes.value(process) instanceof Server server) {
            ServerVote.Outcome step =
                committed
                    ? server.vote().committed(shown, managers.get(0), 0)
                    : server.vote().published(shown, managers.get(0), 0);
            return new Heard(processes.number(server.with(step)), step.answer());
          }
          VoterProcess node = processes.value(process);
          Acceptor.Reply<Acceptance> step = node.acceptor().publish(shown, managers.get(0), 0);
          return new Heard(processes.number(node.with(step)), step.answer());
        });
  }

  Heard lease(int process, int request) {
    return memory.computeIfAbsent(
        key(process, 3, request),
        k -> {
          VoterProcess node = processes.value(process);
          Acceptor.Reply<LeaseAnswer> step =
              node.acceptor().lease(requestsForLeases.value(request), 0);
          return new Heard(processes.number(node.with(step)), step.answer());
        });
  }

  /** A server hears what a voter says of its request for a lease. */
  Heard answered(int process, int flight) {
    return memory.computeIfAbsent(
        key(process, 6, flight),
        k -> {
          Server server = (Server) processes.value(process);
          return new Heard(processes.number(server.hearing(flights.value(flight))), "");
        });
  }

  int older(int process) {
    Heard heard =
        memory.computeIfAbsent(
            key(process, 4, 0),
            k -> new Heard(processes.number(processes.value(process).afterTick()), ""));
    return heard.process();
  }

  private static long key(int process, int kind, int argument) {
    return (long) process << 32 | (long) kind << 24 | argument;
  }
}
