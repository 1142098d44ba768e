package io.kumo.it.netns;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** How the network breaks; each way of a case in turn, round after round. */
enum Case {
  /** A manager alone for as long as it once took to bring everything down on its return. */
  MANAGER_ALONE(
      3, way("m2 | rest", net -> net.isolate("m2")), way("m1 | rest", net -> net.isolate("m1"))),
  /** Everybody sees everybody, but the managers not each other. */
  MANAGERS_APART(3, way("m1 | m2", net -> net.cut(List.of("m1"), List.of("m2")))),
  /** No server and no gateway has a manager. */
  MANAGERS_ISOLATED(3, way("m1 m2 | rest", net -> net.isolate("m1", "m2"))),
  /** A manager and a gateway with the fewer servers. */
  SPLIT_MINORITY(
      3,
      way("m1 s1 g1 | m2 s2 s3 g2", net -> net.isolate("m1", "s1", "g1")),
      way("m2 s3 g2 | m1 s1 s2 g1", net -> net.isolate("m2", "s3", "g2"))),
  /** Managers, servers and gateways in halves. */
  SPLIT_EVEN(4, way("m1 s1 s2 g1 | m2 s3 s4 g2", net -> net.isolate("m1", "s1", "s2", "g1"))),
  /** The minority has a manager that is alone with one of four servers. */
  SPLIT_MAJORITY(4, way("m1 s1 s2 s3 g1 | m2 s4 g2", net -> net.isolate("m2", "s4", "g2"))),
  /** A server that has no manager any more. */
  SERVER_WITHOUT_MANAGERS(3, way("s1 | m1 m2", net -> net.cut(List.of("s1"), List.of("m1", "m2")))),
  /** A server that has no other server any more. */
  SERVER_WITHOUT_SERVERS(3, way("s1 | s2 s3", net -> net.cut(List.of("s1"), List.of("s2", "s3")))),
  /** One broken link between two servers that both reach everybody else. */
  SERVERS_APART(3, way("s1 | s2", net -> net.cut(List.of("s1"), List.of("s2")))),
  /** A coordinator together with a gateway that goes on asking it. */
  SERVER_AND_GATEWAY(3, way("s1 g2 | rest", net -> net.isolate("s1", "g2"))),
  /** What goes out is lost, or what comes in. */
  ONE_WAY(
      3,
      way("s1 -> rest", net -> net.muffle("s1")),
      way("rest -> s1", net -> net.deafen("s1")),
      way("m1 -> rest", net -> net.muffle("m1")),
      way("rest -> m1", net -> net.deafen("m1"))),
  /** A server is killed just after it has been brought into step, and started again. */
  KILLED_YOUNG(3, way("s1 killed twice", Case::killTwice)),
  /** Everything takes long. */
  DELAY(3, way("200 ms", net -> net.delay(Duration.ofMillis(200)))),
  /** Packets are lost, everywhere and all the time. */
  LOSS(3, way("10 %", net -> net.lose(0.1)));

  /** What is done to the network, under a name for the report. */
  record Way(String name, Damage damage) {}

  /** Breaks something; what it cut, or delays, {@link Net#heal} undoes. */
  interface Damage {
    void inflict(Net net) throws IOException, InterruptedException;
  }

  private final int servers;

  @SuppressWarnings("ImmutableEnumChecker") // a list that nobody can change
  private final List<Way> ways;

  Case(int servers, Way... ways) {
    this.servers = servers;
    this.ways = List.of(ways);
  }

  private static Way way(String name, Damage damage) {
    return new Way(name, damage);
  }

  private static void killTwice(Net net) throws InterruptedException {
    net.kill("s1");
    net.start("s1");
    net.awaitWhole();
    net.kill("s1");
    net.start("s1");
  }

  int servers() {
    return servers;
  }

  /** Whether it needs {@link Net#delay}. */
  boolean delays() {
    return this == DELAY;
  }

  boolean sharesClusterWith(Case other) {
    return servers == other.servers && delays() == other.delays();
  }

  /**
   * @param round from 0
   */
  Way way(int round) {
    return ways.get(round % ways.size());
  }
}
