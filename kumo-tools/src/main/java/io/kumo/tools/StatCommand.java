package io.kumo.tools;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.Suggestion;
import io.kumo.core.protocol.admin.GetServerStatistics;
import io.kumo.core.protocol.admin.ServerStatistics;
import io.kumo.core.protocol.admin.StatusField;
import io.kumo.core.ring.HashSpace;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;

/** The commands of kumostat. */
enum StatCommand {
  PID(client -> number("pid", client, StatusField.PID)),
  UPTIME(client -> number("uptime", client, StatusField.UPTIME)),
  TIME(client -> number("time", client, StatusField.TIME)),
  VERSION(StatCommand::version),
  CMD_GET(client -> number("cmd_get", client, StatusField.COUNT_GET)),
  CMD_SET(client -> number("cmd_set", client, StatusField.COUNT_SET)),
  CMD_DELETE(client -> number("cmd_delete", client, StatusField.COUNT_DELETE)),
  ITEMS(client -> number("items", client, StatusField.ITEMS)),
  STATS(StatCommand::stats),
  RHS(client -> hashSpace(client, StatusField.READ_HASH_SPACE)),
  WHS(client -> hashSpace(client, StatusField.WRITE_HASH_SPACE)),
  HSCHECK(StatCommand::compareHashSpaces),
  REPLSTAT(StatCommand::replaceState),
  METRICS(StatCommand::metrics),
  BUGS(StatCommand::bugs),
  LATENCY(client -> new LatencyReport().ask(client)),
  SET_DELAY(client -> sockets(StatusClient.setNoDelay(client, false))),
  UNSET_DELAY(client -> sockets(StatusClient.setNoDelay(client, true)));

  /**
   * What a server said.
   *
   * @param text as kumofs 0.4.13 prints it, lines ended
   * @param asItShouldBe false where kumostat exits with 3
   */
  record Output(String text, ObjectNode json, boolean asItShouldBe) {
    private static Output of(String name, String value) {
      return new Output(value + "\n", object().put(name, value), true);
    }

    private static Output of(String name, long value) {
      String text = Long.toUnsignedString(value);
      return new Output(text + "\n", object().put(name, value), true);
    }
  }

  @SuppressWarnings("ImmutableEnumChecker") // the lambdas hold nothing
  private final Function<RpcClient, Output> question;

  StatCommand(Function<RpcClient, Output> question) {
    this.question = question;
  }

  /** Throws {@link CliException} when there is none of that name. */
  static StatCommand named(String name) {
    for (StatCommand command : values()) {
      if (command.name().toLowerCase(Locale.ROOT).equals(name)) {
        return command;
      }
    }
    throw Suggestion.unknownCommand(
        name,
        Arrays.stream(values()).map(command -> command.name().toLowerCase(Locale.ROOT)).toList());
  }

  Output ask(RpcClient client) {
    return question.apply(client);
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static Output number(String name, RpcClient client, StatusField command) {
    return Output.of(name, StatusClient.number(client, command));
  }

  private static Output version(RpcClient client) {
    return Output.of("version", StatusClient.text(client, StatusField.VERSION));
  }

  private static Output sockets(long count) {
    return Output.of("sockets", count);
  }

  private static Output stats(RpcClient client) {
    StringBuilder text = new StringBuilder();
    ObjectNode json = object();
    StatCommand[] lines = {PID, UPTIME, TIME, CMD_GET, CMD_SET, CMD_DELETE, ITEMS};
    for (StatCommand line : lines) {
      String name = line == ITEMS ? "curr_items" : line.name().toLowerCase(Locale.ROOT);
      Output answer = line.ask(client);
      text.append("STAT ").append(name).append(' ').append(answer.text());
      json.setAll(answer.json());
    }
    return new Output(text.append("END\n").toString(), json, true);
  }

  private static Output metrics(RpcClient client) {
    ServerStatistics statistics = client.call(new GetServerStatistics(), ServerStatistics::read);
    StringBuilder text = new StringBuilder();
    ObjectNode json = object();
    statistics
        .values()
        .forEach(
            (name, value) -> {
              text.append(name).append(' ').append(Long.toUnsignedString(value)).append('\n');
              json.put(name, value);
            });
    return new Output(text.toString(), json, !ServerStatisticsClient.isDiskFull(statistics));
  }

  private static Output bugs(RpcClient client) {
    ServerStatistics all = client.call(new GetServerStatistics(), ServerStatistics::read);
    long bugs = all.get(ServerStatistics.BUGS);
    return new Output(bugs + "\n", object().put("bugs", bugs), bugs == 0);
  }

  private static Output hashSpace(RpcClient client, StatusField command) {
    HashSpace space = StatusClient.hashSpace(client, command);
    ObjectNode json = object();
    HashSpaceText.json(json, space);
    return new Output(HashSpaceText.text(space, "node"), json, true);
  }

  private static Output compareHashSpaces(RpcClient client) {
    HashSpace read = StatusClient.hashSpace(client, StatusField.READ_HASH_SPACE);
    HashSpace write = StatusClient.hashSpace(client, StatusField.WRITE_HASH_SPACE);
    boolean same = read.sameNodes(write) && read.clockTime() == write.clockTime();
    return new Output(same + "\n", object().put("hscheck", same), same);
  }

  private static Output replaceState(RpcClient client) {
    String state = StatusClient.replaceState(client);
    return new Output(state + "\n", object().put("replstat", state), state.equals("ready"));
  }
}
