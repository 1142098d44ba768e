package io.kumo.gateway;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.DataSize;
import io.kumo.core.cli.DurationConverter;
import io.kumo.core.item.ItemLayout;
import io.kumo.core.route.RouterOptions;
import io.kumo.core.route.request.ReadLevel;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** How servers are treated and records laid out. */
final class RoutingOptions {
  private static final long BYTES_PER_MIB = 1 << 20;

  @Option(
      names = {"-G", "--get-retry"},
      paramLabel = "N",
      defaultValue = "5",
      description = "Ask every replica up to this many times (default: ${DEFAULT-VALUE}).")
  private int getRetry = 5;

  @Option(
      names = "--reads",
      paramLabel = "LEVEL",
      defaultValue = "available",
      description =
          "linearizable: from the key's coordinator, or SERVER_ERROR; available: from another"
              + " replica, too, when that does not answer (default: ${DEFAULT-VALUE}).")
  private ReadLevel reads = ReadLevel.AVAILABLE;

  @Option(
      names = {"-S", "--set-retry"},
      paramLabel = "N",
      defaultValue = "20",
      description = "Repeat a store up to this many times (default: ${DEFAULT-VALUE}).")
  private int setRetry = 20;

  @Option(
      names = {"-D", "--delete-retry"},
      paramLabel = "N",
      defaultValue = "20",
      description = "Repeat a delete up to this many times (default: ${DEFAULT-VALUE}).")
  private int deleteRetry = 20;

  @Option(
      names = "--deadline",
      paramLabel = "DURATION",
      defaultValue = "10s",
      converter = DurationConverter.class,
      description =
          "Answer SERVER_ERROR after this, whatever is left to try (default: ${DEFAULT-VALUE}).")
  private Duration deadline = Duration.ofSeconds(10);

  @Option(
      names = {"-As", "--async-replicate-set"},
      description = "Answer stores before the replicas have them.")
  private boolean asyncSet;

  @Option(
      names = {"-Ad", "--async-replicate-delete"},
      description = "Answer deletes before the replicas have them.")
  private boolean asyncDelete;

  @Option(
      names = {"-F", "--memproto-save-flag"},
      description = "Records of the original's gateways begin with flags, as with its -F.")
  private boolean originalFlags;

  @Option(
      names = {"-E", "--memproto-save-expire"},
      description = "Records of the original's gateways begin with an expiry, as with its -E.")
  private boolean originalExpiry;

  @Option(
      names = "--original-layout",
      description =
          "Write records as the original's gateways do, with -F and -E as given, while one of them"
              + " is attached.")
  private boolean originalLayout;

  @Option(
      names = "--own-layout",
      description =
          "With -F or -E: read the original's records by them, and write kumo's own, which have"
              + " both; when no gateway of the original is left.")
  private boolean ownLayout;

  @Option(
      names = {"-lc", "--local-cache"},
      paramLabel = "SIZE",
      defaultValue = "",
      converter = NearCacheSize.class,
      description =
          "Keep copies of values that were read, as many as fit; servers are asked whether they"
              + " are still good. '*', as in the original, is 64m (default: none).")
  private DataSize nearCache = new DataSize(0);

  /**
   * Nothing and {@code *} are names of Tokyo Cabinet databases, which the original takes: none, and
   * one in memory. Names of its files mean nothing here.
   */
  private static final class NearCacheSize implements ITypeConverter<DataSize> {
    @Override
    public DataSize convert(String text) {
      if (text.isEmpty()) {
        return new DataSize(0);
      }
      return text.equals("*") ? new DataSize(64 * BYTES_PER_MIB) : DataSize.parse(text);
    }
  }

  @Option(
      names = "--max-clock-skew",
      paramLabel = "DURATION",
      defaultValue = "5s",
      converter = DurationConverter.class,
      description =
          "Say so when this clock is further away from a server's (default: ${DEFAULT-VALUE}).")
  private Duration maxClockSkew = Duration.ofSeconds(5);

  Duration maxClockSkew() {
    if (maxClockSkew.toMillis() < 1000) {
      throw CliException.usage("--max-clock-skew must be at least 1s");
    }
    return maxClockSkew;
  }

  /** 0 for no near cache. */
  long nearCacheBytes() {
    long heapBytes = Runtime.getRuntime().maxMemory();
    if (nearCache.bytes() > heapBytes / 2) {
      String heap = heapBytes / BYTES_PER_MIB + "m";
      throw CliException.usage(
          "-lc must be at most half of the heap, which is " + heap + "; see KUMO_JAVA_OPTS");
    }
    return nearCache.bytes();
  }

  /**
   * {@code -F} and {@code -E} make a gateway write that layout as well as read it, unless told
   * otherwise.
   */
  RouterOptions toRouterOptions(int maxItemBytes) {
    if (getRetry < 1 || setRetry < 0 || deleteRetry < 0) {
      throw CliException.usage("-G must be at least 1, -S and -D at least 0");
    }
    if (deadline.toMillis() < 100) {
      throw CliException.usage("--deadline must be at least 100ms");
    }
    if (originalLayout && ownLayout) {
      throw CliException.usage("--original-layout and --own-layout contradict one another");
    }
    boolean original = originalLayout || (!ownLayout && (originalFlags || originalExpiry));
    return new RouterOptions(
        getRetry,
        setRetry,
        deleteRetry,
        deadline.toNanos(),
        asyncSet,
        asyncDelete,
        new ItemLayout(original, originalFlags, originalExpiry),
        maxItemBytes,
        reads);
  }
}
