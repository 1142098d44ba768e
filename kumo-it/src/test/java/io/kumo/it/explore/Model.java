package io.kumo.it.explore;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.ViewLayout;
import io.kumo.core.view.Voter;
import io.kumo.core.view.VoterChoice;
import io.kumo.core.view.Voters;
import io.kumo.core.vote.LeaseAnswer;
import io.kumo.core.vote.LeaseHolder;
import io.kumo.core.vote.LeaseRequest;
import io.kumo.core.vote.Promise;
import io.kumo.core.vote.Proposer;
import io.kumo.core.vote.ProposerAction;
import io.kumo.core.vote.TermRequest;
import io.kumo.core.vote.VoteRules;
import io.kumo.core.vote.VoteState;
import io.kumo.it.explore.Bounds.Extras;
import io.kumo.it.explore.Network.Flight;
import io.kumo.it.explore.Reactions.Heard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Every step that a cluster of three servers and one or two managers can take from a state. What
 * nodes do is done by the classes that run in production; this class only delivers, loses, restarts
 * and lets time pass.
 *
 * <p>A state is a row of ints: a number for what each node is, one for what is on its way, and the
 * counters of {@link Bounds}. Equal values have equal numbers, so what a node does with a message
 * is computed once.
 *
 * <p>Reductions. What they leave out could only make a violation rarer:
 *
 * <ul>
 *   <li>A request for a term, and a published view, reaches a node at any time later, any number of
 *       times, or never; its answer comes at once. That an answer is lost or late is no case of its
 *       own: for the other nodes it is as if the request had not come, except that the voter
 *       refuses more, and a director that has not heard enough does nothing. What it does when it
 *       has heard enough may be late in any case.
 *   <li>A server asks a voter for a lease, and is answered, at once or not at all: a request that
 *       is late makes the voter wait longer and the lease shorter. Late answers are a case of their
 *       own ({@link Extras#LATE_ANSWERS}).
 *   <li>Asking first is one step, in which any nodes that know the manager say yes. It promises
 *       nothing, and this allows more than the rule does.
 *   <li>A restart is one step: while a process is down its messages are lost.
 *   <li>A view that is committed is told to servers alone; managers install nothing here.
 * </ul>
 *
 * <p>Bounds beside those of {@link Bounds}: there is one key, and a server asks for leases only
 * while its installed or its noted view makes it that key's coordinator.
 */
final class Model {
  /** Takes the states that follow. */
  interface Sink {
    /**
     * Takes one.
     *
     * @param violation what is wrong with this step; null if nothing is
     */
    void next(int[] state, int label, @Nullable String violation);
  }

  final Bounds bounds;
  final int nodes;
  final Interner<VoterProcess> processes;
  final Interner<Network> networks = new Interner<>();
  final Interner<ClusterView> views;
  final Interner<TermRequest> requests;
  final Interner<Flight> flights;
  private final Interner<LeaseRequest> requestsForLeases;
  private final VoteRules rules;
  private final Reactions reactions;
  private final int director;

  /** The nodes that may take part in anything. */
  private final List<Integer> participants = new ArrayList<>();

  private final List<NodeAddress> managers;
  private final List<Boolean> coordinates = new ArrayList<>();
  private final Interner<Object> answers;
  private final Map<List<Integer>, List<Heard>> campaigns = new HashMap<>();

  Model(Bounds bounds, VoteRules rules) {
    this.bounds = bounds;
    this.rules = rules;
    this.nodes = Views.SERVERS + bounds.managers();
    this.managers = Views.managers(bounds.managers());
    this.reactions = new Reactions(bounds, managers);
    this.processes = reactions.processes;
    this.views = reactions.views;
    this.requests = reactions.requests;
    this.requestsForLeases = reactions.requestsForLeases;
    this.answers = reactions.answers;
    this.flights = reactions.flights;
    this.director = bounds.extras() == Extras.MANAGERS_MOVE ? nodes - 1 : Views.SERVERS;
    for (int node = 0; node < nodes; node++) {
      boolean active = node < bounds.servers() || (bounds.changing() >> node & 1) != 0;
      if (node >= Views.SERVERS || active) {
        participants.add(node);
      }
    }
  }

  int[] initial() {
    ClusterView first = Views.first(bounds);
    int[] state = new int[nodes + 2];
    for (int node = 0; node < nodes; node++) {
      VoteState kept = firstVote(first, node);
      boolean server = node < Views.SERVERS;
      state[node] =
          processes.number(
              server ? Server.of(rules, kept, kept.accepted()) : Manager.of(rules, kept));
    }
    state[director] = processes.number(director((Manager) process(state, director), first));
    int view = views.number(first);
    Network network = Network.QUIET.withPublished(view).withCommitted(view);
    TermRequest asked = new TermRequest(1, Views.address(director), Views.CLUSTER, false);
    boolean newcomers =
        participants.stream().anyMatch(node -> node >= bounds.servers() && node < Views.SERVERS);
    state[nodes] = networks.number(newcomers ? network.withTerm(requests.number(asked)) : network);
    return state;
  }

  /** The director and the voters have accepted the first view, others have heard of nothing. */
  private VoteState firstVote(ClusterView first, int node) {
    Voter self = Views.voter(node);
    boolean knows = first.voters().contains(self) || node == director;
    return knows ? new VoteState(self, 1, 1, first) : VoteState.fresh(self);
  }

  /** A manager that has won term 1, with the promises of all voters, and committed its view. */
  private Manager director(Manager manager, ClusterView first) {
    TreeSet<Voter> promised = new TreeSet<>(first.voters().members());
    promised.add(Views.voter(director));
    Proposer proposer =
        new Proposer(
            rules,
            Views.address(director),
            Proposer.Phase.DIRECTING,
            false,
            1,
            1,
            first,
            first,
            promised,
            null,
            0);
    return manager.with(proposer);
  }

  VoterProcess process(int[] state, int node) {
    return processes.value(state[node]);
  }

  Network network(int[] state) {
    return networks.value(state[nodes]);
  }

  void successors(int[] state, Sink sink) {
    Network network = network(state);
    for (int m = Views.SERVERS; m < nodes; m++) {
      campaign(state, m, sink);
      for (int server = 0; server < Views.SERVERS; server++) {
        if ((bounds.changing() >> server & 1) != 0) {
          change(state, m, server, managers, sink);
        }
      }
      if (bounds.extras() == Extras.MANAGERS_MOVE && m == nodes - 1) {
        change(state, m, Views.SERVERS, managers.subList(1, 2), sink);
      }
    }
    for (int node : participants) {
      for (int request : network.terms()) {
        askTerm(state, node, request, sink);
      }
      for (int view : network.published()) {
        show(state, node, view, sink);
      }
      start(state, node, sink);
    }
    for (int server : participants.subList(0, participants.size() - bounds.managers())) {
      for (int view : bounds.ticks() < 0 ? List.<Integer>of() : network.committed()) {
        tell(state, server, view, sink);
      }
      LeaseHolder holder = ((Server) process(state, server)).vote().holder();
      boolean matters =
          holder.installed().isCoordinator(holder.self(), Views.KEY)
              || holder.noted().isCoordinator(holder.self(), Views.KEY);
      for (int voter = 0; voter < nodes && matters && bounds.ticks() >= 0; voter++) {
        askLease(state, server, voter, sink);
      }
      read(state, server, sink);
    }
    for (int flight : network.flights()) {
      arrive(state, flight, sink);
    }
    tick(state, sink);
  }

  // managers

  private void campaign(int[] state, int m, Sink sink) {
    if (((Manager) process(state, m)).proposer().highest() >= bounds.terms()) {
      return;
    }
    List<Integer> key = new ArrayList<>(nodes + 1);
    key.add(state[m]);
    for (int node = 0; node < nodes; node++) {
      VoteState vote = process(state, node).acceptor().vote();
      key.add(answers.number(new Promise(vote.self(), true, vote.term(), vote.accepted())));
    }
    for (Heard heard : campaigns.computeIfAbsent(key, k -> reactions.campaigns(state, m, nodes))) {
      act(state.clone(), m, heard, Label.of(Label.CAMPAIGN, m, 0, 0), sink);
    }
  }

  private void change(int[] state, int m, int server, List<NodeAddress> named, Sink sink) {
    Proposer proposer = ((Manager) process(state, m)).proposer();
    if (Counter.CHANGES.of(state[nodes + 1]) >= bounds.changes() || !proposer.mayPropose()) {
      return;
    }
    ClusterView base = proposer.base();
    int active = Views.activeBits(base) ^ (server < Views.SERVERS ? 1 << server : 0);
    if (active == 0) {
      return;
    }
    ViewLayout layout = Views.layout(active);
    Voters voters = voters(state, proposer, named, layout);
    if (!rules.mayName(voters, base.voters().members(), proposer.votes())) {
      return;
    }
    ClusterView next = base.next(voters, named).withLayout(layout);
    int[] after = state.clone();
    after[nodes + 1] = Counter.CHANGES.more(state[nodes + 1]);
    Proposer.Transition step = proposer.propose(next, List.of(), 0);
    Manager manager = (Manager) process(state, m);
    act(after, m, reactions.heard(manager, step), Label.of(Label.CHANGE, m, server, 0), sink);
  }

  /** All that there are, when the rule lets a view name them, else those that have promised. */
  private Voters voters(
      int[] state, Proposer proposer, List<NodeAddress> named, ViewLayout layout) {
    Map<NodeAddress, Voter> known = new HashMap<>();
    Map<NodeAddress, Voter> promised = new HashMap<>();
    for (int node = 0; node < nodes; node++) {
      Voter voter = process(state, node).acceptor().vote().self();
      known.put(voter.address(), voter);
      if (proposer.votes().contains(voter)) {
        promised.put(voter.address(), voter);
      }
    }
    Voters before = proposer.base().voters();
    Voters all = VoterChoice.choose(layout, named, before, known, List.of());
    boolean may = rules.mayName(all, before.members(), proposer.votes());
    return may ? all : VoterChoice.choose(layout, named, before, promised, List.of());
  }

  /** Carries out what a director wants; no step leads beyond the bound on terms. */
  private void act(int[] after, int m, Heard told, int label, Sink sink) {
    Network network = network(after);
    String wrong = null;
    after[m] = told.process();
    for (Object action : (List<?>) told.answer()) {
      if (action instanceof ProposerAction.AskTerm ask) {
        if (ask.request().term() > bounds.terms()) {
          return;
        }
        network = network.withTerm(requests.number(ask.request()));
      } else if (action instanceof ProposerAction.Publish publish) {
        wrong = publishes(after, m, publish.view(), network);
        network = network.withPublished(views.number(publish.view()));
      } else if (action instanceof ProposerAction.Commit commit) {
        wrong = Laws.committed(commit.view(), all(network.published()), all(network.committed()));
        network = network.withCommitted(views.number(commit.view()));
      }
    }
    if (!((List<?>) told.answer()).isEmpty()) {
      after[nodes] = networks.number(network);
    }
    sink.next(after, label, wrong == null ? coordinators(after) : wrong);
  }

  private @Nullable String publishes(int[] after, int m, ClusterView view, Network network) {
    for (int other = Views.SERVERS; other < nodes; other++) {
      Proposer proposer = ((Manager) process(after, other)).proposer();
      boolean directs = proposer.phase() == Proposer.Phase.DIRECTING;
      if (other != m && directs && proposer.term() == view.term()) {
        return "two directors of term " + view.term();
      }
    }
    List<Voter> follow = new ArrayList<>();
    for (int node = 0; node < nodes; node++) {
      VoteState vote = process(after, node).acceptor().vote();
      if (vote.term() >= view.term()) {
        follow.add(vote.self());
      }
    }
    if (bounds.restores() == 0 && !view.voters().isQuorum(follow)) {
      return "published " + view.id() + " to voters of whom no quorum follows";
    }
    return Laws.published(view, all(network.published()), all(network.committed()));
  }

  private List<ClusterView> all(List<Integer> numbers) {
    return numbers.stream().map(views::value).toList();
  }

  // votes

  private void askTerm(int[] state, int node, int request, Sink sink) {
    TermRequest asked = requests.value(request);
    Heard heard = reactions.promise(state[node], request);
    int m = Views.index(asked.candidate());
    int[] after = state.clone();
    after[node] = heard.process();
    Heard told = reactions.told(after[m], heard.answer());
    if (heard.process() != state[node] || told.process() != after[m]) {
      act(after, m, told, Label.of(Label.TERM, node, request, 1), sink);
    }
  }

  void show(int[] state, int node, int view, Sink sink) {
    Heard heard = reactions.accept(state[node], view, false);
    int[] after = state.clone();
    after[node] = heard.process();
    boolean heardIt = false;
    for (int m = Views.SERVERS; m < nodes; m++) {
      Heard told = reactions.told(after[m], heard.answer());
      if (told.process() != after[m]) {
        act(after.clone(), m, told, Label.of(Label.SHOW, node, view, 1), sink);
        heardIt = true;
      }
    }
    if (!heardIt && heard.process() != state[node]) {
      sink.next(after, Label.of(Label.SHOW, node, view, 0), coordinators(after));
    }
  }

  private void tell(int[] state, int server, int view, Sink sink) {
    Heard heard = reactions.accept(state[server], view, true);
    if (heard.process() != state[server]) {
      int[] after = state.clone();
      after[server] = heard.process();
      sink.next(after, Label.of(Label.TELL, server, view, 0), coordinators(after));
    }
  }

  private void start(int[] state, int node, Sink sink) {
    int counters = state[nodes + 1];
    if (Counter.RESTARTS.of(counters) < bounds.restarts()) {
      VoteState kept = process(state, node).durable().restarted();
      started(state, node, kept, Counter.RESTARTS, Label.RESTART, sink);
    }
    if (Counter.RESTORES.of(counters) < bounds.restores()) {
      VoteState old = firstVote(Views.first(bounds), node);
      long drawn = 2000 + node + 100L * Counter.RESTORES.of(counters);
      VoteState fresh = VoteState.fresh(new Voter(Views.address(node), drawn));
      VoteState kept = rules.mayTakeUp(false) ? old.restarted() : fresh;
      started(state, node, kept, Counter.RESTORES, Label.RESTORE, sink);
    }
  }

  private void started(
      int[] state, int node, VoteState kept, Counter counter, int label, Sink sink) {
    int[] after = state.clone();
    after[node] = processes.number(process(state, node).startedAgain(rules, kept));
    after[nodes + 1] = counter.more(state[nodes + 1]);
    sink.next(after, Label.of(label, node, 0, 0), coordinators(after));
  }

  // leases

  void askLease(int[] state, int index, int to, Sink sink) {
    Server server = (Server) process(state, index);
    LeaseHolder holder = server.vote().holder();
    Voter voter = process(state, to).acceptor().vote().self();
    if (!holder.voters().contains(voter)) {
      return;
    }
    LeaseRequest request = holder.request(server.acceptor().vote());
    int number = requestsForLeases.number(request);
    Heard heard = reactions.lease(state[to], number);
    int[] after = state.clone();
    after[to] = heard.process();
    LeaseAnswer answer = (LeaseAnswer) heard.answer();
    Flight back = new Flight(index, request, answer, 0);
    int label = Label.of(Label.LEASE, index, to, 1);
    if (bounds.extras() == Extras.LATE_ANSWERS && index == 0) {
      int[] late = after.clone();
      late[nodes] = networks.number(network(state).withFlight(flights.number(back)));
      sink.next(late, Label.of(Label.LEASE, index, to, 2), null);
    }
    answered(after, back, label, sink);
  }

  private void arrive(int[] state, int number, Sink sink) {
    Flight flight = flights.value(number);
    int[] after = state.clone();
    after[nodes] = networks.number(network(state).withoutFlight(number));
    answered(after, flight, Label.of(Label.ANSWER, flight.holder(), number, 0), sink);
  }

  private void answered(int[] after, Flight flight, int label, Sink sink) {
    Heard heard = reactions.answered(after[flight.holder()], flights.number(flight));
    after[flight.holder()] = heard.process();
    sink.next(after, label, coordinators(after));
  }

  private void tick(int[] state, Sink sink) {
    if (Counter.TICKS.of(state[nodes + 1]) >= bounds.ticks()) {
      return;
    }
    int[] after = state.clone();
    boolean changed = false;
    for (int node = 0; node < nodes; node++) {
      after[node] = reactions.older(state[node]);
      changed |= after[node] != state[node];
    }
    Network network = network(state);
    List<Integer> left = new ArrayList<>();
    for (int number : network.flights()) {
      Flight older = flights.value(number).afterTick();
      if (older.ticks() < 2) {
        left.add(flights.number(older));
      }
    }
    after[nodes] = networks.number(network.withFlights(left));
    after[nodes + 1] = Counter.TICKS.more(state[nodes + 1]);
    if (changed || after[nodes] != state[nodes]) {
      sink.next(after, Label.of(Label.TICK, 0, 0, 0), coordinators(after));
    }
  }

  private void read(int[] state, int index, Sink sink) {
    if (bounds.extras() != Extras.READS) {
      return;
    }
    Server server = (Server) process(state, index);
    boolean coordinates = server.coordinates(Views.KEY);
    int[] after = state.clone();
    if (!server.reading() && coordinates) {
      after[index] = processes.number(server.reading(true));
      sink.next(after, Label.of(Label.READ, index, 0, 0), null);
    } else if (server.reading()) {
      after[index] = processes.number(server.reading(false));
      boolean tells = rules.mayTell(true, coordinates);
      boolean beside = tells && coordinators(state, index) > 0;
      String wrong = beside ? "a record told beside a newer coordinator" : null;
      sink.next(after, Label.of(Label.TELLS, index, 0, 0), wrong);
    }
  }

  private int coordinators(int[] state, int except) {
    int count = 0;
    for (int server = 0; server < Views.SERVERS; server++) {
      if (server != except && coordinates(state[server])) {
        count++;
      }
    }
    return count;
  }

  private @Nullable String coordinators(int[] state) {
    return coordinators(state, -1) > 1 ? "two servers coordinate one key" : null;
  }

  private boolean coordinates(int process) {
    while (coordinates.size() <= process) {
      VoterProcess node = processes.value(coordinates.size());
      coordinates.add(node instanceof Server server && server.coordinates(Views.KEY));
    }
    return coordinates.get(process);
  }
}
