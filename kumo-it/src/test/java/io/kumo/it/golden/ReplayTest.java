package io.kumo.it.golden;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.core.security.ClusterSecrets;
import io.kumo.core.security.Secret;
import io.kumo.core.security.link.AllowedOriginals;
import io.kumo.core.security.link.ClusterSecurity;
import io.kumo.core.security.link.LinkRole;
import io.kumo.core.transport.Transport;
import io.kumo.manager.ManagerConfig;
import io.kumo.manager.ManagerNode;
import io.kumo.server.ServerConfig;
import io.kumo.server.ServerNode;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.store.MemoryStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server and a manager of ours answer what kumofs 0.4.13 processes asked as those did. */
class ReplayTest {
  /** GetStatus: pid, uptime, time, version, and the ClockTime of the moment. */
  private static final Set<Integer> OF_THE_PROCESS = Set.of(0, 1, 2, 3, 8);

  private static final NodeAddress ANY_OF_THEM = NodeAddress.of(new byte[] {127, 0, 0, 1}, 0);

  private static final Pattern NODES = Pattern.compile("(?:a7[0-9a-f]{14})+");

  /** Server 29804 of scenario D was stopped for most of the time: what it was sent came late. */
  @ParameterizedTest
  @CsvSource({
    "A,server:29801,319",
    "A,server:29802,279",
    "A,server:29803,295",
    "A,server:29804,17",
    "C,server:29801,41",
    "C,server:29802,29",
    "C,server:29803,41",
    "D,server:29801,105",
    "D,server:29802,105",
    "D,server:29803,97"
  })
  void aServerAnswersAsTheOriginalDid(String scenario, String target, int atLeast)
      throws Exception {
    Replay replay = new Replay(scenario, target);
    startServer(replay, scenario, replay.host());
    judge(replay.run(message -> {}), atLeast);
  }

  /** What the originals sent, to a server that has a secret, from where they are allowed. */
  @Test
  void aServerWithASecretAnswersOriginalsThatAreAllowed() throws Exception {
    Replay replay = new Replay("A", "server:29801");
    startServer(replay, "A", secured(replay));
    judge(replay.run(message -> {}), 319);
  }

  private static Transport secured(Replay replay) {
    MemoryHost host = replay.host();
    Secret secret = new Secret("sixteen bytes or more".getBytes(US_ASCII));
    AllowedOriginals originals = AllowedOriginals.of(List.of(ANY_OF_THEM));
    ClusterSecrets secrets = new ClusterSecrets(List.of(secret));
    return new ClusterSecurity(LinkRole.SERVER, () -> secrets, null, originals, host.time())
        .over(host);
  }

  private static void startServer(Replay replay, String scenario, Transport transport)
      throws IOException {
    NodeAddress self = replay.address();
    NodeAddress stream = NodeAddress.of(new byte[] {127, 0, 0, 1}, self.port() + 100);
    List<NodeAddress> managers = new ArrayList<>(List.of(Replay.address("manager:29700")));
    if (scenario.equals("C")) {
      managers.add(Replay.address("manager:29701"));
    }
    ServerNode node =
        new ServerNode(
            transport,
            new MemoryStore(),
            ServerConfig.of(self, stream, managers),
            RpcOptions.DEFAULT,
            new Random(1));
    node.start();
  }

  @ParameterizedTest
  @CsvSource({"A,manager:29700,105", "D,manager:29700,58", "C,manager:29700,110"})
  void aManagerAnswersAsTheOriginalDid(String scenario, String target, int atLeast)
      throws Exception {
    Replay replay = new Replay(scenario, target);
    NodeAddress partner = scenario.equals("C") ? Replay.address("manager:29701") : null;
    ManagerNode node =
        ManagerNode.start(
            ManagerConfig.of(replay.address(), partner), replay.host(), new Random(1));
    judge(
        replay.run(
            message -> {
              if (message.name().equals("ReplaceCopyStart")) {
                long recorded =
                    message.json().get("params").get(0).get(1).bigIntegerValue().longValue();
                long ours = node.control().table().spaces().write().clockTime();
                if (ours != 0) {
                  replay.issued(recorded, ours);
                }
              }
            }),
        atLeast);
  }

  private static void judge(List<Replay.Exchange> exchanges, int atLeast) {
    List<String> different = new ArrayList<>();
    int same = 0;
    int incomparable = 0;
    for (Replay.Exchange exchange : exchanges) {
      if (whyIncomparable(exchange) != null) {
        incomparable++;
      } else if (agree(exchange)) {
        same++;
      } else {
        different.add(describe(exchange));
      }
    }
    System.out.println(
        same + " of " + exchanges.size() + " answers agree, not comparable: " + incomparable);
    different.forEach(System.out::println);
    assertThat(different).isEmpty();
    assertThat(same).isGreaterThanOrEqualTo(atLeast);
  }

  /** Null where the answers should agree. */
  private static @Nullable String whyIncomparable(Replay.Exchange exchange) {
    Recorded request = exchange.request();
    int argument = request.json().path("params").path(0).asInt(-1);
    if (exchange.recorded() == null) {
      return "the original never answered: a process was stopped, or it never does";
    }
    return switch (request.name()) {
      case "CreateBackup" -> request.to().startsWith("manager") ? null : "a store without files";
      case "GetStatus" ->
          argument == 11 ? "offers that nobody fetched count as copying with us" : null;
      case "GetIfModified" ->
          request.hex().contains("cfffffffffffffffff")
              ? "a tombstone is not found with us, not modified with the original"
              : null;
      case "Get" -> request.to().equals("server:29804") ? "records came in a stream" : null;
      default -> null;
    };
  }

  private static boolean agree(Replay.Exchange exchange) {
    Line.Answer recorded = Objects.requireNonNull(exchange.recorded());
    Line.Answer ours = exchange.ours();
    if (ours == null || !recorded.error().equals(ours.error())) {
      return false;
    }
    String expected = normal(recorded.result());
    String found = normal(ours.result());
    // Elements that only extended peers look at follow the original's.
    boolean longer = expected.startsWith("92") && found.startsWith("93" + expected.substring(2));
    return expected.equals(found) || longer || isOfTheMoment(exchange.request());
  }

  /** Without ClockTimes of that day, and with nodes in one order. */
  private static String normal(String hex) {
    String timeless = hex.replaceAll("6b00a[0-9a-f]{11}", "T");
    return NODES
        .matcher(timeless)
        .replaceAll(
            list ->
                Stream.of(list.group().split("(?<=\\G.{16})", -1))
                    .sorted()
                    .collect(Collectors.joining()));
  }

  private static boolean isOfTheMoment(Recorded request) {
    return switch (request.name()) {
      case "SetConfig" -> true;
      case "GetStatus" -> OF_THE_PROCESS.contains(request.json().get("params").path(0).asInt(-1));
      default -> false;
    };
  }

  private static String describe(Replay.Exchange exchange) {
    Recorded request = exchange.request();
    return request.seconds()
        + " "
        + request.name()
        + " "
        + request.json().get("params")
        + ": original "
        + exchange.recorded()
        + ", ours "
        + exchange.ours();
  }
}
