package io.kumo.tools.bench;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.DurationConverter;
import io.kumo.tools.bench.codec.KeySpace;
import io.kumo.tools.bench.workload.KeyDistribution;
import io.kumo.tools.bench.workload.LoadSpec;
import io.kumo.tools.bench.workload.Mix;
import io.kumo.tools.bench.workload.ProtocolKind;
import io.kumo.tools.bench.workload.ValueSizes;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The options that describe the load. */
final class LoadOptions {

  private static final long MAX_KEYS = 9_999_999_999L;

  @Option(
      names = {"-P", "--protocol"},
      paramLabel = "NAME",
      defaultValue = "text",
      description = "text, meta or binary (default: ${DEFAULT-VALUE}).")
  private ProtocolKind protocol = ProtocolKind.TEXT;

  @Option(
      names = {"-m", "--mix"},
      paramLabel = "MIX",
      defaultValue = "get",
      converter = Mix.Converter.class,
      description =
          "Operations with weights, of get, set, delete, incr, mget: 'get=9,set=1'"
              + " (default: ${DEFAULT-VALUE}).")
  private Mix mix = Mix.parse("get");

  @Option(
      names = "--multi-get",
      paramLabel = "N",
      defaultValue = "32",
      description = "Keys of one mget (default: ${DEFAULT-VALUE}).")
  private int multiGetKeys = 32;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads of the generator (default: ${DEFAULT-VALUE}).")
  private int threads = 1;

  @Option(
      names = {"-c", "--connections"},
      paramLabel = "N",
      defaultValue = "64",
      description = "Of all threads together (default: ${DEFAULT-VALUE}).")
  private int connections = 64;

  @Option(
      names = {"-n", "--in-flight"},
      paramLabel = "N",
      defaultValue = "1",
      description = "Requests under way on a connection (default: ${DEFAULT-VALUE}).")
  private int inFlight = 1;

  @Option(
      names = {"-r", "--rate"},
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Requests a second, evenly spread; latency counts from the time a request was due."
              + " 0: as fast as answers come (default).")
  private double rate;

  @Option(
      names = {"-k", "--keys"},
      paramLabel = "N",
      defaultValue = "100000",
      description = "Number of keys (default: ${DEFAULT-VALUE}).")
  private long keys = 100_000;

  @Option(
      names = "--key-size",
      paramLabel = "BYTES",
      defaultValue = "32",
      description = "Length of a key (default: ${DEFAULT-VALUE}).")
  private int keyBytes = 32;

  @Option(
      names = "--key-prefix",
      paramLabel = "TEXT",
      defaultValue = "bench",
      description = "What keys begin with (default: ${DEFAULT-VALUE}).")
  private String keyPrefix = "bench";

  @Option(
      names = "--key-distribution",
      paramLabel = "NAME",
      defaultValue = "uniform",
      description = "uniform, zipf or sequential (default: ${DEFAULT-VALUE}).")
  private KeyDistribution keyDistribution = KeyDistribution.UNIFORM;

  @Option(
      names = {"-s", "--value-size"},
      paramLabel = "BYTES",
      defaultValue = "100",
      converter = ValueSizes.Converter.class,
      description = "100, 10-1000 (uniform) or exp:100 (default: ${DEFAULT-VALUE}).")
  private ValueSizes valueSizes = ValueSizes.parse("100");

  @Option(
      names = "--verify",
      defaultValue = "true",
      description = "Compare each value with what was stored; 'no' trusts (default: yes).")
  private boolean verify = true;

  @Option(
      names = {"-d", "--duration"},
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = DurationConverter.class,
      description = "Measured time of a round (default: ${DEFAULT-VALUE}).")
  private Duration duration = Duration.ofSeconds(10);

  @Option(
      names = {"-w", "--warm-up"},
      paramLabel = "TIME",
      defaultValue = "2s",
      converter = DurationConverter.class,
      description =
          "Load before the first round's measurement; later rounds take a tenth"
              + " (default: ${DEFAULT-VALUE}).")
  private Duration warmUp = Duration.ofSeconds(2);

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of random choices.")
  private long seed = 1;

  /** Throws {@link CliException} when a figure is out of its range. */
  LoadSpec toSpec() {
    require("--threads", threads, 1, 64);
    require("--connections", connections, threads, 50_000);
    require("--in-flight", inFlight, 1, 10_000);
    require("--multi-get", multiGetKeys, 1, 1_000);
    require("--keys", keys, 1, MAX_KEYS);
    require("--key-size", keyBytes, 1, KeySpace.MAX_KEY_BYTES);
    require("--key-prefix", keyPrefix.length(), 0, 100);
    if (!(rate >= 0 && rate <= 1e9)) {
      throw CliException.usage("--rate is a number from 0 to 1000000000");
    }
    if (duration.isZero()) {
      throw CliException.usage("--duration is longer than 0");
    }
    return new LoadSpec(
        protocol,
        threads,
        connections,
        inFlight,
        rate,
        mix,
        multiGetKeys,
        keys,
        new KeySpace(keyPrefix, keyBytes),
        keyDistribution,
        valueSizes,
        verify,
        warmUp,
        duration,
        seed);
  }

  private static void require(String option, long value, long least, long most) {
    if (value < least || value > most) {
      throw CliException.usage(option + " is a number from " + least + " to " + most);
    }
  }
}
