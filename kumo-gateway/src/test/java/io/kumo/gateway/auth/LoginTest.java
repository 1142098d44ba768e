package io.kumo.gateway.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.auth.UserFile;
import io.kumo.core.protocol.Limits;
import io.kumo.core.testing.ManualTime;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoginTest {
  /** Bob's password is "password". */
  private static final String USERS =
      """
      alice:secret
      bob:$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44
      """;

  private static final long FAILURE_MS = Limits.LOGIN_FAILURE_NS / 1_000_000;

  private final ManualTime time = new ManualTime();
  private final ArrayDeque<Runnable> hashing = new ArrayDeque<>();
  private final ArrayDeque<Runnable> onLoop = new ArrayDeque<>();
  private final List<Long> delays = new ArrayList<>();
  private UserFile users = parse(USERS);
  private final Authenticator authenticator = new Authenticator(() -> users, hashing::add);

  private final LoopCalls loop =
      new LoopCalls() {
        @Override
        public void execute(Runnable task) {
          onLoop.add(task);
        }

        @Override
        public void after(long delayNs, Runnable task) {
          delays.add(delayNs / 1_000_000);
          onLoop.add(task);
        }
      };

  private static UserFile parse(String text) {
    try {
      return UserFile.parse(text.getBytes(US_ASCII));
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private Login login(String from) {
    Login login = Login.required(new Login.Desk(authenticator, loop, time));
    login.from(from);
    return login;
  }

  private List<Boolean> offer(Login login, String name, String password) {
    List<Boolean> told = new ArrayList<>();
    login.offer(name, password.getBytes(US_ASCII));
    login.verify(told::add);
    return told;
  }

  private void hash() {
    Runnable work = hashing.remove();
    work.run();
  }

  private void runLoop() {
    while (!onLoop.isEmpty()) {
      onLoop.remove().run();
    }
  }

  @Test
  void aPlainPasswordIsKnownAtOnce() {
    Login login = login("a");
    assertThat(login.isKnown()).isFalse();
    assertThat(offer(login, "alice", "secret")).containsExactly(true);
    assertThat(login.isKnown()).isTrue();
    assertThat(login.isBusy()).isFalse();
    assertThat(hashing).isEmpty();
  }

  @Test
  void aHashIsComputedOffTheLoopAndOnlyOnce() {
    Login first = login("a");
    List<Boolean> told = offer(first, "bob", "password");
    assertThat(told).isEmpty();
    assertThat(first.isBusy()).isTrue();
    hash();
    assertThat(told).isEmpty();
    runLoop();
    assertThat(told).containsExactly(true);
    assertThat(first.isBusy()).isFalse();
    assertThat(offer(login("b"), "bob", "password")).containsExactly(true);
    assertThat(hashing).isEmpty();
  }

  @Test
  void thoseWhoAskTheSameWaitTogether() {
    List<List<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      all.add(offer(login("a"), "bob", "password"));
    }
    assertThat(hashing).hasSize(1);
    hash();
    runLoop();
    assertThat(all).allSatisfy(told -> assertThat(told).containsExactly(true));
  }

  @Test
  void aFailureIsToldLaterWhoeverItIs() {
    List<Boolean> wrong = offer(login("a"), "bob", "passwort");
    time.advanceMs(120);
    hash();
    runLoop();
    List<Boolean> nobody = offer(login("b"), "nobody", "password");
    time.advanceMs(120);
    hash();
    runLoop();
    List<Boolean> plain = offer(login("b"), "alice", "password");
    time.advanceMs(FAILURE_MS + 1);
    hash();
    runLoop();
    assertThat(List.of(wrong, nobody, plain)).containsOnly(List.of(false));
    assertThat(delays).containsExactly(FAILURE_MS - 120, FAILURE_MS - 120, 0L);
  }

  @Test
  void whoGuessesKeepsNobodyElseWaiting() {
    List<List<Boolean>> guesses = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      guesses.add(offer(login("stranger"), "bob", "guess" + i));
    }
    assertThat(hashing).hasSize(PasswordQueue.MAX_WAITING_OF_ONE);
    List<Boolean> honest = offer(login("a"), "bob", "password");
    hashAll();
    runLoop();
    assertThat(guesses).containsOnly(List.of(false));
    assertThat(honest).containsExactly(true);
  }

  /** Four guesses from each of so many addresses, as {@code prefix} and a number. */
  private List<List<Boolean>> guess(String prefix, int from, int to) {
    List<List<Boolean>> guesses = new ArrayList<>();
    for (int i = from; i < to; i++) {
      for (int n = 0; n < PasswordQueue.MAX_WAITING_OF_ONE; n++) {
        guesses.add(offer(login(prefix + i), "bob", "guess" + prefix + i + n));
      }
    }
    return guesses;
  }

  @Test
  void whoGuessesFromManyAddressesKeepsNobodyOut() {
    List<List<Boolean>> guesses = guess("127.0.0.", 2, 202);
    List<Boolean> near = offer(login("127.0.0.1"), "bob", "password");
    hashAll();
    runLoop();
    assertThat(guesses).containsOnly(List.of(false));
    assertThat(near).containsExactly(true);
  }

  @Test
  void whoseAddressesHaveAllBeenWrongWaitsBehindOthersOfTheirNetwork() {
    for (int round = 0; round < 4; round++) {
      guess("127.0.0.", 2 + 16 * round, 18 + 16 * round);
      hashAll();
    }
    for (int i = 2; i < 66; i++) {
      offer(login("127.0.0." + i), "bob", "once more " + i);
    }
    List<Boolean> near = offer(login("127.0.0.1"), "bob", "password");
    hash();
    runLoop();
    assertThat(near).as("it had a place, and was the first").containsExactly(true);
  }

  @Test
  void freshAddressesOfANetworkThatGuessesWaitBehindOtherNetworks() {
    guess("2001:db8:1:", 0, 16);
    hashAll();
    for (int i = 100; i < 200; i++) {
      offer(login("2001:db8:1:" + i + ":0:0:0:1"), "bob", "fresh " + i);
    }
    List<Boolean> far = offer(login("2001:db8:2:0:0:0:0:1"), "bob", "password");
    hash();
    runLoop();
    assertThat(far).containsExactly(true);
    assertThat(authenticator.refused()).isEqualTo(100 - PasswordQueue.MAX_WAITING + 1);
  }

  private void hashAll() {
    while (!hashing.isEmpty()) {
      hash();
    }
  }

  @Test
  void whatWaitsIsBounded() {
    for (int i = 0; i < 10 * PasswordQueue.MAX_WAITING; i++) {
      offer(login("stranger" + i), "bob", "guess" + i);
    }
    assertThat(hashing).hasSize(PasswordQueue.MAX_WAITING);
    hash();
    runLoop();
    offer(login("stranger"), "bob", "guess");
    assertThat(hashing).as("one is done, another waits").hasSize(PasswordQueue.MAX_WAITING);
  }

  @Test
  void whoseUserHasGoneIsNobodyFromThenOn() {
    Login gone = login("a");
    offer(gone, "alice", "secret");
    users = parse("bob:x\n");
    assertThat(gone.isKnown()).isFalse();
    users = parse(USERS);
    assertThat(gone.isKnown()).isFalse();
  }

  @Test
  void anotherPasswordInTheFileEndsWhatTheOldOneOpened() {
    Login old = login("a");
    offer(old, "bob", "password");
    hash();
    runLoop();
    assertThat(old.isKnown()).isTrue();
    users =
        parse(
            "bob:$pbkdf2-sha256$8000$XAuBMIYQQogxRg$tRRlz8hYn63B9LYiCd6PRo6FMiunY9ozmMMI3srxeRE\n");
    assertThat(old.isKnown()).isFalse();
    offer(login("a"), "bob", "password");
    assertThat(hashing).as("what was found right before is asked anew").hasSize(1);
  }

  @Test
  void rightsAreThoseOfTheFileAsItIsNow() {
    Login login = login("a");
    String hash = "$pbkdf2-sha256$8000$XAuBMIYQQogxRg$tRRlz8hYn63B9LYiCd6PRo6FMiunY9ozmMMI3srxeRE";
    users = parse("bob:" + hash + "\n");
    offer(login, "bob", "password");
    hash();
    runLoop();
    assertThat(login.rights()).matches(rights -> rights.mayWrite());
    users = parse("bob:" + hash + ":read-only\n");
    assertThat(login.rights()).matches(rights -> !rights.mayWrite());
  }

  @Test
  void aWrongPasswordMakesAKnownClientNobody() {
    Login login = login("a");
    offer(login, "alice", "secret");
    offer(login, "alice", "wrong");
    hash();
    runLoop();
    assertThat(login.isKnown()).isFalse();
  }
}
