package io.kumo.tools.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.protocol.admin.GetRequestWatch;
import io.kumo.core.protocol.admin.RequestWatch;
import io.kumo.core.ring.NodeAddress;
import io.kumo.tools.Printer;
import io.kumo.tools.RpcClient;
import io.kumo.tools.StatusClient;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which requests stand out, of all active servers: {@code kumoctl hot} and {@code slow}. */
public final class RequestReport {
  private final Printer printer;
  private final int most;
  private final SortedMap<NodeAddress, RequestWatch> answers = new TreeMap<>();
  private ExitStatus status = ExitStatus.DONE;

  /**
   * @param most rows of each kind that are shown
   */
  public RequestReport(Printer printer, int most) {
    if (most < 1) {
      throw CliException.usage("-n must be at least 1");
    }
    this.printer = printer;
    this.most = most;
  }

  /** Asks every active server; who does not answer is told of, and costs the exit code. */
  private void ask(InetSocketAddress manager) {
    List<NodeAddress> servers;
    try (RpcClient client = printer.options().connect(manager)) {
      servers = StatusClient.activeServers(client);
    }
    if (servers.isEmpty()) {
      throw CliException.failed(NodeAddress.of(manager) + " has no active server");
    }
    for (NodeAddress server : servers) {
      try (RpcClient client = printer.options().connect(server.toSocketAddress())) {
        answers.put(server, client.call(new GetRequestWatch(), RequestWatch::read));
      } catch (CliException e) {
        printer.note(String.valueOf(e.getMessage()));
        status = ExitStatus.FAILED;
      }
    }
  }

  private record Row<T>(NodeAddress server, double weight, T of) {}

  private <T> List<Row<T>> top(List<Row<T>> rows) {
    List<Row<T>> sorted = new ArrayList<>(rows);
    sorted.sort(Comparator.comparingDouble((Row<T> row) -> row.weight()).reversed());
    return sorted.subList(0, Math.min(most, sorted.size()));
  }

  /** Keys that are asked for most, and large values. */
  public ExitStatus hot(InetSocketAddress manager) {
    ask(manager);
    List<Row<RequestWatch.Hot>> hot = new ArrayList<>();
    List<Row<RequestWatch.Large>> large = new ArrayList<>();
    answers.forEach(
        (server, watch) -> {
          for (RequestWatch.Hot key : watch.hot()) {
            double rate = (key.reads() + key.writes()) / (double) watch.seconds();
            hot.add(new Row<>(server, rate, key));
          }
          watch.large().forEach(key -> large.add(new Row<>(server, (double) key.bytes(), key)));
        });
    StringBuilder text = new StringBuilder();
    line(text, "%10s %10s  %-21s  %s", "reads/s", "writes/s", "server", "key");
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode hotJson = json.putArray("hot");
    for (Row<RequestWatch.Hot> row : top(hot)) {
      double seconds = answers.get(row.server()).seconds();
      double reads = row.of().reads() / seconds;
      double writes = row.of().writes() / seconds;
      line(text, "%10.1f %10.1f  %-21s  %s", reads, writes, row.server(), row.of().key());
      ObjectNode one = hotJson.addObject().put("server", row.server().toString());
      one.put("key", row.of().key()).put("reads", reads).put("writes", writes);
    }
    ArrayNode largeJson = json.putArray("large");
    text.append('\n');
    line(text, "%21s  %-21s  %s", "bytes", "server", "key");
    for (Row<RequestWatch.Large> row : top(large)) {
      line(text, "%21d  %-21s  %s", row.of().bytes(), row.server(), row.of().key());
      ObjectNode one = largeJson.addObject().put("server", row.server().toString());
      one.put("key", row.of().key()).put("bytes", row.of().bytes());
    }
    printer.print(text.toString(), () -> json);
    return status;
  }

  /** Writes that took long, the latest first. */
  public ExitStatus slow(InetSocketAddress manager) {
    ask(manager);
    List<Row<RequestWatch.Slow>> slow = new ArrayList<>();
    answers.forEach(
        (server, watch) ->
            watch
                .slow()
                .forEach(one -> slow.add(new Row<>(server, (double) one.unixMillis(), one))));
    DateTimeFormatter time =
        DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT)
            .withZone(ZoneId.systemDefault());
    StringBuilder text = new StringBuilder();
    line(text, "%-23s %10s %10s  %-21s  %s", "time", "ms", "bytes", "server", "key");
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode rows = json.putArray("slow");
    for (Row<RequestWatch.Slow> row : top(slow)) {
      RequestWatch.Slow one = row.of();
      line(
          text,
          "%-23s %10.1f %10d  %-21s  %s",
          time.format(Instant.ofEpochMilli(one.unixMillis())),
          one.micros() / 1000.0,
          one.bytes(),
          row.server(),
          one.key());
      ObjectNode shown = rows.addObject().put("server", row.server().toString());
      shown.put("key", one.key()).put("unix_millis", one.unixMillis());
      shown.put("bytes", one.bytes()).put("micros", one.micros());
    }
    printer.print(text.toString(), () -> json);
    return status;
  }

  private static void line(StringBuilder text, String form, Object... values) {
    text.append(String.format(Locale.ROOT, form, values)).append('\n');
  }
}
