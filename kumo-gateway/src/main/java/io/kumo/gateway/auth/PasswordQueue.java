package io.kumo.gateway.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The passwords that wait to be compared with a slow hash. Thread-safe.
 *
 * <p>Invariants: {@link #MAX_WAITING} are there at most, {@link #MAX_WAITING_OF_ONE} of them from
 * one address; the same question asked again while it waits waits with it, so that the many
 * connections of a pool are one question. Those go first from whose network, and of these from
 * whose address, fewer were wrong of late; of equal ones the newest, whose client has most patience
 * left. When there is one too many it is the oldest of where most were wrong or wait, and is wrong,
 * too. So who guesses from many addresses waits behind those who know their password, and not they
 * behind him.
 */
final class PasswordQueue {
  static final int MAX_WAITING = 64;
  static final int MAX_WAITING_OF_ONE = 4;

  /** In the order in which they came. */
  private final List<PasswordQuestion> waiting = new ArrayList<>();

  private final WrongGuesses ofNetworks = new WrongGuesses();
  private final WrongGuesses ofAddresses = new WrongGuesses();
  private @Nullable PasswordQuestion compared;
  private long refused;

  /**
   * What became of a question that came.
   *
   * @param isMore whether there is one more now
   * @param out which one has no place, perhaps the one that came; null for none
   */
  record Entry(boolean isMore, @Nullable PasswordQuestion out) {}

  /** Takes a question; those who ask it if the same waits already. */
  synchronized Entry enter(PasswordQuestion question) {
    for (PasswordQuestion one : waiting) {
      if (one.isSame(question)) {
        one.join(question);
        return new Entry(false, null);
      }
    }
    String address = question.from().address();
    if (waitingOf(one -> one.from().address().equals(address)) >= MAX_WAITING_OF_ONE) {
      return out(question);
    }
    waiting.add(question);
    if (waiting.size() <= MAX_WAITING) {
      return new Entry(true, null);
    }
    PasswordQuestion worst = worst();
    waiting.remove(worst);
    return out(worst);
  }

  private Entry out(PasswordQuestion question) {
    refused++;
    wasWrong(question);
    return new Entry(false, question);
  }

  /** How many had no place. */
  synchronized long refused() {
    return refused;
  }

  private int waitingOf(Predicate<PasswordQuestion> which) {
    return (int) waiting.stream().filter(which).count();
  }

  /** The oldest of the address with most, in the network with most. */
  private PasswordQuestion worst() {
    PasswordQuestion worst = null;
    for (PasswordQuestion one : waiting) {
      if (one != compared && (worst == null || isWorse(one, worst))) {
        worst = one;
      }
    }
    return Objects.requireNonNull(worst);
  }

  private boolean isWorse(PasswordQuestion one, PasswordQuestion other) {
    int network = Integer.compare(weightOfNetwork(one), weightOfNetwork(other));
    return network > 0 || (network == 0 && weightOfAddress(one) > weightOfAddress(other));
  }

  private int weightOfNetwork(PasswordQuestion question) {
    String network = question.from().network();
    return ofNetworks.of(network) + waitingOf(one -> one.from().network().equals(network));
  }

  private int weightOfAddress(PasswordQuestion question) {
    String address = question.from().address();
    return ofAddresses.of(address) + waitingOf(one -> one.from().address().equals(address));
  }

  /** Which is to be compared now; it keeps its place until it {@link #leave}s. */
  synchronized PasswordQuestion next() {
    PasswordQuestion best = waiting.get(0);
    for (PasswordQuestion one : waiting) {
      best = isEarlier(one, best) ? one : best;
    }
    compared = best;
    return best;
  }

  private boolean isEarlier(PasswordQuestion one, PasswordQuestion other) {
    int network =
        Integer.compare(ofNetworks.of(one.from().network()), ofNetworks.of(other.from().network()));
    int address =
        Integer.compare(
            ofAddresses.of(one.from().address()), ofAddresses.of(other.from().address()));
    return network < 0 || (network == 0 && address <= 0);
  }

  /** It has been compared. */
  synchronized void leave(PasswordQuestion question, boolean isRight) {
    waiting.remove(question);
    compared = null;
    if (!isRight) {
      wasWrong(question);
    }
  }

  private void wasWrong(PasswordQuestion question) {
    ofNetworks.add(question.from().network());
    ofAddresses.add(question.from().address());
  }
}
