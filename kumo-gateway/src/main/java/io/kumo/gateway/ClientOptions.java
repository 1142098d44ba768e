package io.kumo.gateway;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.DataSize;
import io.kumo.core.cli.DurationConverter;
import io.kumo.core.protocol.Limits;
import io.kumo.gateway.client.ClientLimits;
import io.kumo.gateway.memcached.McSettings;
import java.time.Duration;
import picocli.CommandLine.Option;

/** What clients may do, and how much of it. */
final class ClientOptions {
  private static final int MIN_UNREAD_BYTES = 4096;
  private static final int MAX_UNREAD_BYTES = 1 << 30;

  @Option(
      names = {"-I", "--max-item-size"},
      paramLabel = "SIZE",
      defaultValue = "1m",
      converter = DataSize.Converter.class,
      description = "Refuse greater values; from 1k to 128m (default: ${DEFAULT-VALUE}).")
  private DataSize maxItem = new DataSize(1 << 20);

  @Option(
      names = "--max-connections",
      paramLabel = "N",
      defaultValue = "1024",
      description = "Refuse more clients than this (default: ${DEFAULT-VALUE}).")
  private int maxConnections = 1024;

  @Option(
      names = "--max-keys",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Keys in one get (default: ${DEFAULT-VALUE}).")
  private int maxKeys = 100_000;

  @Option(
      names = "--max-commands-in-flight",
      paramLabel = "N",
      defaultValue = "4096",
      description =
          "Read no more from a client while so many of its commands are unanswered (default:"
              + " ${DEFAULT-VALUE}).")
  private int maxCommands = 4096;

  @Option(
      names = {"-R", "--max-reqs-per-event"},
      paramLabel = "N",
      defaultValue = "512",
      description =
          "Let others go first after so many keys or commands of one client (default:"
              + " ${DEFAULT-VALUE}).")
  private int maxRequests = 512;

  @Option(
      names = "--max-unread-bytes",
      paramLabel = "SIZE",
      defaultValue = "1m",
      converter = DataSize.Converter.class,
      description =
          "Read no more from a client that leaves so much of its replies unread; from 4k to 1g"
              + " (default: ${DEFAULT-VALUE}).")
  private DataSize maxUnread = new DataSize(1 << 20);

  @Option(
      names = "--max-bytes-in-flight",
      paramLabel = "SIZE",
      defaultValue = "64m",
      converter = DataSize.Converter.class,
      description =
          "Read no more from a client while so much of it is unanswered, and refuse reads that find"
              + " more (default: ${DEFAULT-VALUE}).")
  private DataSize maxBytes = new DataSize(64 << 20);

  @Option(
      names = "--max-total-bytes-in-flight",
      paramLabel = "SIZE",
      defaultValue = "128m",
      converter = DataSize.Converter.class,
      description =
          "All that clients make this process hold: requests, unfinished ones included, values"
              + " asked for, unread replies. Those who hold most for longest go first (default:"
              + " ${DEFAULT-VALUE}; memory has to be three times as much).")
  private DataSize maxTotalBytes = new DataSize(128 << 20);

  @Option(
      names = "--idle-timeout",
      paramLabel = "DURATION",
      defaultValue = "0s",
      converter = DurationConverter.class,
      description = "Close clients that ask nothing for so long; 0s: never (the default).")
  private Duration idle = Duration.ZERO;

  @Option(
      names = "--enable-flush",
      description = "Let flush_all reach the cluster instead of refusing it.")
  private boolean enableFlush;

  @Option(
      names = "--drop-on-too-large",
      description = "A value above -I deletes the old one, as in memcached.")
  private boolean dropOnTooLarge;

  int maxItemBytes() {
    if (maxItem.bytes() < Limits.MIN_VALUE_BYTES || maxItem.bytes() > Limits.MAX_VALUE_BYTES) {
      throw CliException.usage("-I must be from 1k to 128m");
    }
    return (int) maxItem.bytes();
  }

  McSettings toSettings() {
    if (maxKeys < 1) {
      throw CliException.usage("--max-keys must be at least 1");
    }
    return new McSettings(
        McSettings.DEFAULT.version(), maxItemBytes(), maxKeys, enableFlush, dropOnTooLarge);
  }

  /** Of one of {@code loops} event loops. */
  ClientLimits toLimits(int loops) {
    if (maxConnections < 1) {
      throw CliException.usage("--max-connections must be at least 1");
    }
    if (maxCommands < 1) {
      throw CliException.usage("--max-commands-in-flight must be at least 1");
    }
    if (maxRequests < 1) {
      throw CliException.usage("-R must be at least 1");
    }
    if (maxUnread.bytes() < MIN_UNREAD_BYTES || maxUnread.bytes() > MAX_UNREAD_BYTES) {
      throw CliException.usage("--max-unread-bytes must be from 4k to 1g");
    }
    long total = Math.max(maxItem.bytes() * 3 / 2, maxTotalBytes.bytes() / loops);
    long perConnection = Math.max(maxItem.bytes(), Math.min(maxBytes.bytes(), total / 2));
    return new ClientLimits(
        maxCommands,
        perConnection,
        total,
        idle.toNanos(),
        maxConnections,
        (int) maxUnread.bytes(),
        maxRequests);
  }
}
