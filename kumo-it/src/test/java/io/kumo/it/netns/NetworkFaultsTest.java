package io.kumo.it.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kumo.it.process.KumoProcess;
import io.kumo.it.process.Namespaces;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The network between real processes breaks under load: nothing that was acknowledged is lost,
 * nothing forks, and when it is whole so is the cluster, without a command.
 */
class NetworkFaultsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(25);

  @TempDir Path directory;

  @BeforeAll
  static void namespacesCanBeMade() {
    String objection = Namespaces.objection();
    assumeTrue(objection == null, objection);
  }

  private void assertSound(int rounds, int seconds, Case... cases) throws Exception {
    List<String> arguments = new ArrayList<>();
    arguments.add(directory.toString());
    arguments.add(Integer.toString(rounds));
    arguments.add(Integer.toString(seconds));
    Stream.of(cases).map(Case::name).forEach(arguments::add);
    Path log = directory.resolve("cases.log");
    List<String> alone = List.of("unshare", "--net");
    KumoProcess process = KumoProcess.start(alone, log, NetMain.class.getName(), arguments);
    if (!process.awaitEnd(PATIENCE)) {
      process.stop();
    }
    System.out.println(process.output());
    assertThat(process.exitCode()).as(process.output()).isZero();
  }

  @Test
  void whatIsCutOffLosesNothingAndComesBackByItself() throws Exception {
    assertSound(1, 9, Case.MANAGER_ALONE, Case.SPLIT_MINORITY);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("slow")
  void fiveRoundsLoseNothingAndHealByThemselves(Case one) throws Exception {
    assumeTrue(!one.delays() || hasPython(), "no python3, which is to delay what is sent");
    assertSound(5, 12, one);
  }

  private static boolean hasPython() throws InterruptedException {
    try {
      Process python = new ProcessBuilder("python3", "--version").start();
      return python.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
