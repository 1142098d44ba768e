package io.kumo.server.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.server.lifecycle.ReplicaLifecycle.Standing;
import io.kumo.server.lifecycle.ReplicaLifecycle.Transition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReplicaLifecycleTest {
  private static final Path PAGE = Path.of("../docs/internals/replica-lifecycle.md");
  private static final Standing ALL = new Standing(true, true, true, true);

  private final ReplicaLifecycle lifecycle = new ReplicaLifecycle();

  private List<ReplicaAction> install(boolean written, boolean read) {
    lifecycle.setActive(written, written, read);
    return lifecycle.on(lifecycle.viewEvent());
  }

  private boolean mayNothing(Right... rights) {
    return Stream.of(rights).noneMatch(lifecycle::may);
  }

  // ---- the page ----

  /** The cells of the rows below the heading, without the two rows at a table's top. */
  private static List<List<String>> table(String heading) throws IOException {
    List<String> lines = Files.readAllLines(PAGE);
    int at = lines.indexOf("## " + heading);
    assertThat(at).as(heading).isNotNegative();
    return lines.stream()
        .skip(at + 1)
        .dropWhile(line -> !line.startsWith("|"))
        .takeWhile(line -> line.startsWith("|"))
        .skip(2)
        .map(ReplicaLifecycleTest::cells)
        .toList();
  }

  private static List<String> cells(String line) {
    return Arrays.stream(line.split("\\|", -1))
        .map(String::strip)
        .filter(cell -> !cell.isEmpty())
        .toList();
  }

  private static String words(List<ReplicaAction> actions) {
    return actions.isEmpty()
        ? "-"
        : actions.stream().map(ReplicaAction::name).collect(Collectors.joining(", "));
  }

  @Test
  void thePageNamesEveryTransition() throws IOException {
    List<List<String>> expected = new ArrayList<>();
    for (ReplicaState state : ReplicaState.values()) {
      for (ReplicaEvent event : ReplicaEvent.values()) {
        Transition to = ReplicaLifecycle.next(state, event);
        if (to.next() != state || !to.actions().isEmpty()) {
          expected.add(List.of(state.name(), event.name(), to.next().name(), words(to.actions())));
        }
      }
    }
    assertThat(table("Transitions")).isEqualTo(expected);
  }

  @Test
  void thePageNamesEveryState() throws IOException {
    assertThat(table("States").stream().map(row -> row.get(0)))
        .containsExactlyElementsOf(Stream.of(ReplicaState.values()).map(Enum::name).toList());
  }

  @Test
  void thePageSaysWhatEachStateMayDo() throws IOException {
    List<List<String>> expected = new ArrayList<>();
    for (Right right : Right.values()) {
      List<String> row = new ArrayList<>(List.of(right.name()));
      for (ReplicaState state : ReplicaState.values()) {
        row.add(allowed(right, state));
      }
      expected.add(row);
    }
    assertThat(table("What it may do")).isEqualTo(expected);
  }

  /** In words, from every combination of what a view can say. */
  private static String allowed(Right right, ReplicaState state) {
    List<Standing> allowing = new ArrayList<>();
    for (int bits = 0; bits < 16; bits++) {
      boolean written = (bits & 4) != 0;
      boolean listed = written || (bits & 8) != 0;
      Standing standing = new Standing(listed, written, (bits & 2) != 0, (bits & 1) != 0);
      if (ReplicaLifecycle.may(right, state, standing)) {
        allowing.add(standing);
      }
    }
    List<String> conditions = new ArrayList<>();
    if (allowing.isEmpty()) {
      return "no";
    }
    if (allowing.stream().allMatch(Standing::named)) {
      conditions.add("named");
    } else if (allowing.stream().allMatch(s -> s.named() || !s.listed())) {
      conditions.add("named if listed");
    }
    if (allowing.stream().allMatch(s -> s.written() && s.read())) {
      conditions.add("in both");
    } else if (allowing.stream().allMatch(Standing::read)) {
      conditions.add("read");
    } else if (allowing.stream().noneMatch(s -> s.written() && !s.read())) {
      conditions.add("not for writes alone");
    }
    return conditions.isEmpty() ? "yes" : String.join(", ", conditions);
  }

  // ---- the life ----

  @Test
  void aNewcomerIsVerifiedCatchesUpAndServes() {
    assertThat(lifecycle.state()).isEqualTo(ReplicaState.DETACHED);
    assertThat(install(true, false)).containsExactly(ReplicaAction.ASK_OWNERS);
    assertThat(lifecycle.state()).isEqualTo(ReplicaState.UNVERIFIED);
    assertThat(mayNothing(Right.values())).isTrue();
    assertThat(lifecycle.on(ReplicaEvent.RECORDS_MAY_STAY))
        .containsExactly(ReplicaAction.RELEASE_WAITING);
    assertThat(lifecycle.state()).isEqualTo(ReplicaState.CATCHING_UP);
    assertThat(lifecycle.isServing()).isFalse();
    assertThat(mayNothing(Right.RAISE_WATERMARK)).isTrue();
    assertThat(lifecycle.may(Right.COORDINATE)).isTrue();
    assertThat(install(true, true)).containsExactly(ReplicaAction.RELEASE_WAITING);
    assertThat(lifecycle.state()).isEqualTo(ReplicaState.SERVING);
    assertThat(lifecycle.isServing()).isTrue();
    lifecycle.setNamed(false);
    assertThat(lifecycle.isServing()).as("by a view for the process before").isFalse();
    lifecycle.setNamed(true);
    assertThat(Stream.of(Right.values()).allMatch(lifecycle::may)).isTrue();
  }

  @Test
  void theLastToHoldRecordsShowsNoneBeforeTheViewNamesTheProcessThatItIsNow() {
    lifecycle.setNamed(false);
    lifecycle.setActive(true, false, true);
    lifecycle.on(lifecycle.viewEvent());
    assertThat(mayNothing(Right.SHOW, Right.OFFER, Right.READ, Right.COORDINATE)).isTrue();
    lifecycle.setNamed(true);
    assertThat(lifecycle.may(Right.SHOW)).isTrue();
    lifecycle.setNamed(false);
    lifecycle.setActive(false, false, true);
    assertThat(lifecycle.may(Right.SHOW)).as("it is leaving, and no view names it").isTrue();
  }

  @Test
  void whatIsTooOldIsWipedBeforeAnythingElse() {
    install(true, false);
    assertThat(lifecycle.on(ReplicaEvent.RECORDS_TOO_OLD)).containsExactly(ReplicaAction.WIPE);
    assertThat(mayNothing(Right.values())).isTrue();
    assertThat(install(true, false)).isEmpty();
    assertThat(lifecycle.on(ReplicaEvent.COPY_STARTED)).isEmpty();
    assertThat(lifecycle.on(ReplicaEvent.WIPED)).containsExactly(ReplicaAction.RELEASE_WAITING);
    assertThat(lifecycle.state()).isEqualTo(ReplicaState.CATCHING_UP);
  }

  @Test
  void aServerThatIsFoundFaultAndBackInOneStepCountsEverythingAsOld() {
    install(true, true);
    assertThat(install(true, false))
        .containsExactly(ReplicaAction.NOTE_NEWEST_RECORD, ReplicaAction.ASK_OWNERS);
    assertThat(lifecycle.state()).isEqualTo(ReplicaState.UNVERIFIED);
  }

  @Test
  void answersThatComeTooLateChangeNothing() {
    install(true, true);
    for (ReplicaEvent late :
        List.of(ReplicaEvent.RECORDS_MAY_STAY, ReplicaEvent.RECORDS_TOO_OLD, ReplicaEvent.WIPED)) {
      assertThat(lifecycle.on(late)).isEmpty();
      assertThat(lifecycle.state()).isEqualTo(ReplicaState.SERVING);
    }
  }

  @Test
  void aProcessThatViewsDoNotNameStoresForOthersButCoordinatesNothing() {
    lifecycle.setNamed(false);
    install(true, true);
    assertThat(mayNothing(Right.READ, Right.COORDINATE, Right.RAISE_WATERMARK)).isTrue();
    assertThat(lifecycle.may(Right.REPLICATE)).isTrue();
    lifecycle.setNamed(true);
    assertThat(lifecycle.may(Right.COORDINATE)).isTrue();
  }

  /** It may have lost tombstones that others have dropped since. */
  @Test
  void aProcessThatViewsDoNotNameGivesNothingToOthersUnlessItIsLeaving() {
    lifecycle.setNamed(false);
    install(true, true);
    assertThat(mayNothing(Right.OFFER, Right.SHOW)).isTrue();
    install(false, true);
    assertThat(lifecycle.may(Right.OFFER)).isTrue();
    assertThat(lifecycle.may(Right.SHOW)).isTrue();
  }

  /** Its records are where others are given them from. */
  @Test
  void aServerThatIsLeavingGivesAndConfirmsWhatItHas() {
    install(true, true);
    install(false, true);
    assertThat(lifecycle.state()).isEqualTo(ReplicaState.DETACHED);
    assertThat(lifecycle.may(Right.OFFER)).isTrue();
    assertThat(lifecycle.may(Right.CONFIRM)).isTrue();
    install(false, false);
    assertThat(mayNothing(Right.OFFER, Right.CONFIRM)).isTrue();
  }

  @Test
  void whoStopsCoordinatesNothingAndStoresForOthersUntilAViewIsWithoutIt() {
    install(true, true);
    assertThat(lifecycle.on(ReplicaEvent.STOP_ORDERED)).isEmpty();
    assertThat(mayNothing(Right.READ, Right.COORDINATE, Right.OFFER)).isTrue();
    assertThat(lifecycle.may(Right.REPLICATE)).isTrue();
    assertThat(install(false, false)).isEmpty();
    assertThat(lifecycle.state()).isEqualTo(ReplicaState.STOPPING);
    assertThat(mayNothing(Right.values())).isTrue();
  }

  /** A view is installed before its turn comes to be followed. */
  @Test
  void whatAViewSaysCountsAtOnce() {
    lifecycle.setActive(true, true, false);
    assertThat(lifecycle.state()).isEqualTo(ReplicaState.DETACHED);
    assertThat(mayNothing(Right.values())).isTrue();
  }

  @Test
  void servingAllowsEverything() {
    for (Right right : Right.values()) {
      assertThat(ReplicaLifecycle.may(right, ReplicaState.SERVING, ALL)).isTrue();
    }
  }
}
