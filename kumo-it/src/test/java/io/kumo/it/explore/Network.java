package io.kumo.it.explore;

import io.kumo.core.vote.LeaseAnswer;
import io.kumo.core.vote.LeaseRequest;
import io.kumo.core.vote.TermRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * What is on its way. Requests for terms and views that were published or committed stay: they may
 * be late, come twice, or never. Answers to requests for leases come once or never, and within the
 * time in which they mean anything. Immutable; lists are sorted by number.
 *
 * @param terms numbers of {@link TermRequest}
 * @param published numbers of views
 * @param committed numbers of views
 * @param flights numbers of {@link Flight}
 */
record Network(
    List<Integer> terms, List<Integer> published, List<Integer> committed, List<Integer> flights) {
  static final Network QUIET = new Network(List.of(), List.of(), List.of(), List.of());

  /**
   * A late answer to a request for a lease.
   *
   * @param holder index of the server that asked
   * @param ticks since the request was sent
   */
  record Flight(int holder, LeaseRequest request, LeaseAnswer answer, int ticks) {
    Flight afterTick() {
      return new Flight(holder, request, answer, ticks + 1);
    }
  }

  Network withTerm(int request) {
    return new Network(plus(terms, request), published, committed, flights);
  }

  Network withPublished(int view) {
    return new Network(terms, plus(published, view), committed, flights);
  }

  Network withCommitted(int view) {
    return new Network(terms, published, plus(committed, view), flights);
  }

  Network withFlight(int flight) {
    return new Network(terms, published, committed, plus(flights, flight));
  }

  Network withFlights(List<Integer> others) {
    return new Network(terms, published, committed, others.stream().sorted().toList());
  }

  Network withoutFlight(int flight) {
    List<Integer> left = new ArrayList<>(flights);
    left.remove(Integer.valueOf(flight));
    return new Network(terms, published, committed, List.copyOf(left));
  }

  private static List<Integer> plus(List<Integer> numbers, int more) {
    if (numbers.contains(more)) {
      return numbers;
    }
    List<Integer> all = new ArrayList<>(numbers);
    all.add(more);
    all.sort(null);
    return List.copyOf(all);
  }
}
