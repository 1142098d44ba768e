package io.kumo.tools.top;

import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.DefaultPorts;
import io.kumo.core.cli.DurationConverter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What kumotop shows beside servers, and how often. */
public final class TopOptions {
  @Option(
      names = {"-g", "--gateway"},
      paramLabel = "GATEWAY[:PORT]",
      description =
          "On a terminal, show this gateway, too; its port for memcached's clients. With a manager"
              + " and without -g those are shown that have come to the manager.")
  private List<String> gateways = new ArrayList<>();

  @Option(
      names = {"-i", "--interval"},
      paramLabel = "TIME",
      defaultValue = "0.5s",
      converter = DurationConverter.class,
      description = "Between two looks (default: ${DEFAULT-VALUE}).")
  private Duration interval = Duration.ofMillis(500);

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "End after so many looks (default: never).")
  private long count = Long.MAX_VALUE;

  List<InetSocketAddress> gateways() {
    return gateways.stream()
        .map(text -> AddressConverter.parseArgument(text, DefaultPorts.TEXT))
        .toList();
  }

  Duration interval() {
    return interval;
  }

  /** Of looks. */
  long count() {
    if (count < 1) {
      throw CliException.usage("-n must be at least 1");
    }
    return count;
  }
}
