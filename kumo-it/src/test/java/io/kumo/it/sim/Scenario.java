package io.kumo.it.sim;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.admin.DetachFaultServers;
import io.kumo.core.protocol.admin.SetAutoReplace;
import io.kumo.core.protocol.admin.StartReplace;
import io.kumo.core.ring.HashSpace;
import io.kumo.it.sim.disk.FsyncMode;
import io.kumo.it.sim.history.ClientOp;
import io.kumo.it.sim.history.OpKind;
import io.kumo.it.sim.history.OpOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A story told to a cluster, command by command, each answered in words that stay the same from run
 * to run. {@code docs/internals/simulation.md} lists the commands.
 */
final class Scenario {
  private static final long STEP_NS = Duration.ofMillis(100).toNanos();
  private static final long SEED = 1;

  private @Nullable World world;
  private @Nullable Operator operator;

  /** Does what the line says and tells what came of it, line by line. */
  String run(String line) {
    String[] words = line.trim().split("\\s+", -1);
    List<String> rest = Arrays.asList(words).subList(1, words.length);
    return switch (words[0]) {
      case "cluster" -> cluster(rest);
      case "start", "kill", "power-off", "lose-disk", "pause", "resume" -> {
        rest.forEach(name -> process(words[0], name));
        yield settle(2);
      }
      case "stop" -> {
        ((SimServer) process(rest.get(0))).stop();
        settle(4);
        process("kill", rest.get(0));
        yield settle(0);
      }
      case "cut", "join" -> {
        cut(process(rest.get(0)), process(rest.get(1)), words[0].equals("cut"));
        yield settle(0);
      }
      case "plant" -> {
        String key = rest.get(1);
        ((SimServer) process(rest.get(0))).disk().plant(World.hash(key), key, rest.get(2));
        yield "";
      }
      case "wait" -> settle(Integer.parseInt(rest.get(0).replace("s", "")));
      case "status" -> status();
      case "items" -> items();
      case "where" -> where(rest.get(0));
      case "lose" -> {
        String key = rest.get(1);
        ((SimServer) process(rest.get(0))).disk().lose(World.hash(key), key);
        yield "";
      }
      case "load" -> load(Integer.parseInt(rest.get(0)));
      case "verify" -> verify(Integer.parseInt(rest.get(0)));
      case "set", "add", "append", "get", "delete", "incr", "cas" -> client(words[0], rest);
      case "via" -> command(rest.get(1), (SimManager) process(rest.get(0)));
      default -> command(words[0], null);
    };
  }

  World world() {
    if (world == null) {
      throw new IllegalStateException("a scenario begins with: cluster");
    }
    return world;
  }

  private String cluster(List<String> options) {
    Map<String, Integer> counts =
        new TreeMap<>(
            Map.of("managers", 1, "servers", 3, "gateways", 1, "tombstones", 3600, "votes", 0));
    for (String option : options) {
      String[] pair = option.split("=", 2);
      counts.put(pair[0], Integer.parseInt(pair[1]));
    }
    Settings settings =
        new Settings(
            SEED,
            Promise.LINEARIZABLE,
            counts.get("managers"),
            counts.get("servers"),
            0,
            counts.get("gateways"),
            1,
            FsyncMode.ALWAYS,
            false,
            counts.get("tombstones"),
            counts.get("votes") == 1,
            CopySettings.PLAIN);
    World fresh = new World(settings, World.source(SEED, "world"), null);
    TraceAppender.silence();
    world = fresh;
    operator = new Operator(fresh, World.source(SEED, "operator"));
    fresh.managers().forEach(SimProcess::start);
    fresh.gateways().forEach(SimProcess::start);
    return settle(1);
  }

  private SimProcess process(String name) {
    return world()
        .all()
        .filter(process -> process.toString().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no process " + name));
  }

  private void process(String command, String name) {
    SimProcess process = process(name);
    switch (command) {
      case "start" -> process.start();
      case "kill" -> process.kill();
      case "power-off" -> {
        process.powerOff();
        if (process instanceof SimServer server) {
          server.disk().losePower();
        }
      }
      case "lose-disk" -> {
        process.kill();
        ((SimServer) process).loseDisk();
      }
      case "pause" -> process.pause();
      default -> process.resume();
    }
  }

  private void cut(SimProcess one, SimProcess other, boolean isCut) {
    world().conditions().cut(one.index(), other.index(), isCut);
    world().conditions().cut(other.index(), one.index(), isCut);
  }

  private String settle(int seconds) {
    world().events().runFor(Duration.ofSeconds(seconds).toNanos());
    return "";
  }

  // ---- kumoctl

  private String command(String name, @Nullable SimManager manager) {
    List<String> answer = new ArrayList<>();
    if (manager == null) {
      begin(name, answer);
    } else if (operator != null) {
      operator.command(manager, message(name), answer::add);
    }
    settle(1);
    return answer.isEmpty() ? "no answer" : answer.get(0);
  }

  /** Gives a command, and waits for nothing. */
  void begin(String name, List<String> answer) {
    if (operator != null) {
      operator.command(message(name), answer::add);
    }
  }

  private static Message message(String name) {
    return switch (name) {
      case "attach" -> new AttachNewServers(true, false);
      case "attach-noreplace" -> new AttachNewServers(false, false);
      case "attach-force" -> new AttachNewServers(true, true);
      case "detach" -> new DetachFaultServers(true);
      case "detach-noreplace" -> new DetachFaultServers(false);
      case "replace" -> new StartReplace(false);
      case "full-replace" -> new StartReplace(true);
      case "enable-auto-replace" -> new SetAutoReplace(true);
      case "disable-auto-replace" -> new SetAutoReplace(false);
      default -> throw new IllegalArgumentException("no command " + name);
    };
  }

  private String status() {
    StringBuilder text = new StringBuilder();
    for (SimManager manager : world().managers()) {
      text.append(manager).append(": ");
      if (!manager.isWell()) {
        text.append(manager.isUp() ? "paused\n" : "down\n");
        continue;
      }
      text.append("write ").append(text(manager.spaces().write()));
      text.append(", read ").append(text(manager.spaces().read()));
      if (!manager.newcomers().isEmpty()) {
        String newcomers =
            manager.newcomers().stream()
                .map(address -> world().server(address).map(SimServer::toString).orElse("?"))
                .collect(Collectors.joining(" "));
        text.append(", newcomers ").append(newcomers);
      }
      text.append(manager.isRebalancing() ? ", rebalancing\n" : "\n");
    }
    return text.toString();
  }

  private String text(HashSpace space) {
    if (space.nodes().isEmpty()) {
      return "nobody";
    }
    return space.nodes().stream()
        .map(
            node ->
                (node.active() ? "" : "!")
                    + world().server(node.address()).map(SimServer::toString).orElse("?"))
        .collect(Collectors.joining(" "));
  }

  // ---- what servers hold

  private String items() {
    return world().servers().stream()
        .map(server -> server + " " + server.disk().liveCount())
        .collect(Collectors.joining("\n"));
  }

  private String where(String key) {
    StringBuilder text = new StringBuilder();
    for (SimServer server : world().servers()) {
      String held = server.disk().describe(World.hash(key), key);
      if (!held.isEmpty()) {
        text.append(server).append(' ').append(held).append('\n');
      }
    }
    return text.isEmpty() ? "nowhere" : text.toString();
  }

  // ---- clients

  private String load(int count) {
    int stored = 0;
    for (int i = 0; i < count; i++) {
      stored += ask(OpKind.SET, "key" + i, "<v" + i, 0).outcome() == OpOutcome.DONE ? 1 : 0;
    }
    return stored + " stored";
  }

  private String verify(int count) {
    int right = 0;
    for (int i = 0; i < count; i++) {
      Answer answer = ask(OpKind.GET, "key" + i, "", 0);
      right += ("<v" + i).equals(answer.value()) ? 1 : 0;
    }
    return right + " right";
  }

  private String client(String name, List<String> rest) {
    OpKind kind = OpKind.valueOf(name.toUpperCase(Locale.ROOT));
    String argument = rest.size() > 1 ? rest.get(1) : "";
    long compare = 0;
    if (kind == OpKind.CAS) {
      compare = ask(OpKind.GET, rest.get(0), "", 0).token();
    }
    Answer answer = ask(kind, rest.get(0), argument, compare);
    return answer.outcome() + (answer.value() == null ? "" : " " + answer.value());
  }

  private Answer ask(OpKind kind, String key, String argument, long compare) {
    ClientOp op = world().history().call(0, kind, key, argument, compare);
    List<Answer> answers = new ArrayList<>();
    world().gateways().get(0).submit(op, answers::add);
    for (int i = 0; i < 200 && answers.isEmpty(); i++) {
      world().events().runFor(STEP_NS / 50);
      if (i > 50) {
        world().events().runFor(STEP_NS);
      }
    }
    return answers.isEmpty() ? Answer.of(OpOutcome.UNKNOWN) : answers.get(0);
  }
}
