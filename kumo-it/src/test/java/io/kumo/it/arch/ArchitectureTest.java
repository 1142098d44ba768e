package io.kumo.it.arch;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The rules of docs/ARCHITECTURE.md, "The house", that bytecode can show. */
@AnalyzeClasses(
    packages = "io.kumo",
    importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoTestJars.class})
class ArchitectureTest {

  /** What the tests of one module lend to another. */
  static final class NoTestJars implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar") && !location.contains("/test-classes/");
    }
  }

  private static final String CORE = "io.kumo.core..";
  private static final String MANAGER = "io.kumo.manager..";
  private static final String SERVER = "io.kumo.server..";
  private static final String GATEWAY = "io.kumo.gateway..";
  private static final String TOOLS = "io.kumo.tools..";
  private static final String LOCAL = "io.kumo.local..";
  private static final String TESTKIT = "io.kumo.testkit..";

  @ArchTest
  static final ArchRule coreDependsOnNoProgram = independent(CORE, MANAGER, SERVER, GATEWAY, TOOLS);

  @ArchTest static final ArchRule managerIsOnItsOwn = independent(MANAGER, SERVER, GATEWAY, TOOLS);

  @ArchTest static final ArchRule serverIsOnItsOwn = independent(SERVER, MANAGER, GATEWAY, TOOLS);

  @ArchTest static final ArchRule gatewayIsOnItsOwn = independent(GATEWAY, MANAGER, SERVER, TOOLS);

  @ArchTest static final ArchRule toolsAreOnTheirOwn = independent(TOOLS, MANAGER, SERVER, GATEWAY);

  @ArchTest
  static final ArchRule onlyTheClusterInOneProcessKnowsAllDaemons =
      noClasses()
          .that()
          .resideOutsideOfPackage(LOCAL)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(LOCAL);

  @ArchTest
  static final ArchRule theLibraryKnowsNoProgram =
      independent("io.kumo.client..", MANAGER, SERVER, GATEWAY, TOOLS, LOCAL, "io.kumo.core.cli..");

  @ArchTest static final ArchRule itNeedsNoTools = independent(LOCAL, TOOLS);

  @ArchTest
  static final ArchRule testMachineryIsInNoShippedJar =
      noClasses()
          .that()
          .resideOutsideOfPackage(TESTKIT)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(TESTKIT);

  @ArchTest
  static final ArchRule mainCodeKnowsNoTestLibrary =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.kumo.local.junit..") // an extension for other people's tests
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.junit..", "org.assertj..", "org.awaitility..", "com.tngtech..", "reactor..");

  @ArchTest static final ArchRule packagesOfCoreHaveNoCycle = acyclic("io.kumo.core.(*)..");

  @ArchTest
  static final ArchRule packagesOfTheManagerHaveNoCycle = acyclic("io.kumo.manager.(*)..");

  @ArchTest static final ArchRule packagesOfTheServerHaveNoCycle = acyclic("io.kumo.server.(*)..");

  @ArchTest
  static final ArchRule packagesOfTheStoreHaveNoCycle = acyclic("io.kumo.server.store.(*)..");

  @ArchTest static final ArchRule packagesOfTheGatewayHaveNoCycle = acyclic("io.kumo.gateway.(**)");

  @ArchTest static final ArchRule packagesOfTheToolsHaveNoCycle = acyclic("io.kumo.tools.(*)..");

  @ArchTest
  static final ArchRule packagesOfTheTestkitHaveNoCycle = acyclic("io.kumo.testkit.(*)..");

  @ArchTest
  static final ArchRule decisionsAboutTheRingKnowNoBuffers =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.kumo.core.clock..",
              "io.kumo.core.ring..",
              "io.kumo.core.view..",
              "io.kumo.core.vote..",
              "io.kumo.manager.membership..",
              "io.kumo.manager.election..",
              "io.kumo.manager.rebalance..",
              "io.kumo.server.dedup..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.netty..")
          .allowEmptyShould(true)
          .because("the simulator runs them, and a value has no place in them");

  @ArchTest
  static final ArchRule theLifeOfAReplicaIsDecidedWithoutInputAndOutput =
      noClasses()
          .that()
          .resideInAPackage("io.kumo.server.lifecycle..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.netty..",
              "java.io..",
              "java.net..",
              "java.nio.channels..",
              "java.nio.file..",
              "org.mapdb..",
              "io.kumo.core.net..")
          .because("it is one table, and its tests need neither files nor buffers");

  @ArchTest
  static final ArchRule nettyStaysAtTheRim =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.kumo.core.net..",
              "io.kumo.core.rpc..",
              "io.kumo.core.security..",
              "io.kumo.gateway.client..",
              "io.kumo.gateway.memcached..",
              "io.kumo.gateway.listener..",
              "io.kumo.tools.bench..",
              "..http..")
          .and()
          .haveNameNotMatching("io\\.kumo\\.server\\.transfer\\..*Stream.*")
          .and()
          .haveNameNotMatching("io\\.kumo\\.testkit\\.cluster\\.MemoryGateway.*")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.netty..")
                  .and(not(resideInAnyPackage("io.netty.buffer..", "io.netty.util.."))))
          .because("decisions take bytes, not channels");

  @ArchTest
  static final ArchRule mapDbIsKnownToItsRoomAlone =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.kumo.server.store.mapdb..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.mapdb..");

  @ArchTest
  static final ArchRule commandLinesAreParsedAtTheEntrance =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.kumo.core.cli..", TOOLS)
          .and()
          .haveNameNotMatching(".*Main(\\$.*)?")
          .and()
          .haveNameNotMatching(".*Options(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("picocli..");

  @ArchTest
  static final ArchRule theClockPackageAloneReadsTheTime =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.kumo.core.clock..")
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(LocalDateTime.class, "now")
          .orShould()
          .callMethod(ZonedDateTime.class, "now")
          .orShould()
          .callMethod(Clock.class, "systemUTC")
          .because("time comes in as io.kumo.core.clock.TimeSource");

  private static ArchRule independent(String from, String... others) {
    return noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others)
        .allowEmptyShould(true);
  }

  private static ArchRule acyclic(String pattern) {
    return slices().matching(pattern).should().beFreeOfCycles().allowEmptyShould(true);
  }

  /** Their order is another in every process, so a seed would not be one run in the simulator. */
  @ArchTest
  static final ArchRule collectionsKeepAnOrderThatIsTheSameInEveryProcess =
      noClasses()
          .that()
          .resideInAnyPackage(MANAGER, SERVER, GATEWAY)
          .or()
          .resideInAnyPackage("io.kumo.core.ring..", "io.kumo.core.route..", "io.kumo.core.rpc..")
          .or()
          .resideInAnyPackage("io.kumo.core.view..", "io.kumo.core.vote..", "io.kumo.core.voter..")
          .should()
          .callMethod(Set.class, "copyOf", Collection.class)
          .orShould()
          .callMethod(Map.class, "copyOf", Map.class)
          .orShould()
          .callMethod(Collectors.class, "toUnmodifiableSet");
}
