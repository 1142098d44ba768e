package io.kumo.server;

import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.BinaryLog;
import io.kumo.core.cli.Cli;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.DataSize;
import io.kumo.core.cli.DefaultPorts;
import io.kumo.core.cli.DurationConverter;
import io.kumo.core.cli.Logging;
import io.kumo.core.cli.NodeEventLog;
import io.kumo.core.cli.PortCheck;
import io.kumo.core.cli.Version;
import io.kumo.core.cli.option.AdvertiseOption;
import io.kumo.core.cli.option.DaemonOptions;
import io.kumo.core.cli.option.HttpOption;
import io.kumo.core.cli.option.KeepaliveOptions;
import io.kumo.core.cli.option.ManagerPairOptions;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.net.SystemResolver;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.core.security.link.ClusterSecurity;
import io.kumo.core.security.link.LinkRole;
import io.kumo.core.security.reload.ReloadHandler;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.StoreOptions;
import io.kumo.server.write.round.WriteLimits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The program kumo-server: keeps records on disk and on the servers that it replicates them to. */
@Command(
    name = "kumo-server",
    customSynopsis =
        "kumo-server [options] -m MANAGER[:PORT=19700] [-p MANAGER[:PORT]] -s DIRECTORY",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = "Stores records, coordinates writes, and moves records when servers come and go.")
public final class ServerMain implements Callable<Integer> {
  private static final long MAX_REPLACE_MEMORY_MIB = 1 << 20;
  private static final Logger LOG = LoggerFactory.getLogger(ServerMain.class);
  private static final Pattern DATABASE_SETTINGS = Pattern.compile("#[a-z]+=.*");

  @Option(
      names = {"-l", "--listen"},
      paramLabel = "HOST[:PORT]",
      defaultValue = "127.0.0.1:19800",
      converter = AddressConverter.Server.class,
      description = "Where managers, servers and gateways connect: ${DEFAULT-VALUE}.")
  private InetSocketAddress listen = new InetSocketAddress(0);

  @Mixin private AdvertiseOption advertise = new AdvertiseOption();

  @Option(
      names = {"-L", "--stream-listen"},
      paramLabel = "[HOST:]PORT",
      defaultValue = "19900",
      description = "Where other servers fetch records, on the host of -l: ${DEFAULT-VALUE}.")
  private String streamListen = "";

  @Option(
      names = {"-s", "--store"},
      paramLabel = "DIRECTORY",
      required = true,
      description = "Where the records are; made when missing.")
  private String store = "";

  @Mixin private ManagerPairOptions managers = new ManagerPairOptions();

  @Option(
      names = {"-S", "--replicate-set-retry"},
      paramLabel = "N",
      defaultValue = "20",
      description = "How often a replica is tried again for a record: ${DEFAULT-VALUE}.")
  private int setRetries;

  @Option(
      names = {"-D", "--replicate-delete-retry"},
      paramLabel = "N",
      defaultValue = "20",
      description = "How often a replica is tried again for a delete: ${DEFAULT-VALUE}.")
  private int deleteRetries;

  @Option(
      names = {"-f", "--offer-tmp"},
      paramLabel = "DIRECTORY",
      description =
          "Accepted for scripts of kumofs; without effect: records are streamed without temporary"
              + " files.")
  private @Nullable String offerTmp;

  @Option(
      names = {"-M", "--replace-memory-limit"},
      paramLabel = "MIB",
      defaultValue = "0",
      description = "Memory for records of a rebalance that wait for the network; 0: 8 MiB.")
  private long replaceMemoryLimitMib;

  @Option(
      names = "--throttle",
      paramLabel = "SIZE",
      converter = DataSize.Converter.class,
      description = "Bytes a second that a rebalance may send; by default there is no limit.")
  private @Nullable DataSize throttle;

  @Mixin private GarbageOptions garbage = new GarbageOptions();

  @Mixin private CopyOptions copies = new CopyOptions();

  @Mixin private StoreLayoutOptions settings = new StoreLayoutOptions();

  @Option(
      names = "--max-clock-skew",
      paramLabel = "DURATION",
      defaultValue = "5s",
      converter = DurationConverter.class,
      description = "Say so when a manager's clock is further off: ${DEFAULT-VALUE}.")
  private Duration maxClockSkew = Duration.ofSeconds(5);

  @Mixin private ScrubOptions scrub = new ScrubOptions();

  @Mixin private KeepaliveOptions keepalive = new KeepaliveOptions();

  @Option(
      names = "--slow-write",
      paramLabel = "DURATION",
      defaultValue = "100ms",
      converter = DurationConverter.class,
      description = "Note writes that take this long, for kumoctl slow: ${DEFAULT-VALUE}.")
  private Duration slowWrite = Duration.ofMillis(100);

  @Mixin private HttpOption http = new HttpOption();

  @Mixin private DaemonOptions daemon = new DaemonOptions();

  public static void main(String[] args) {
    Cli.main(new ServerMain(), args);
  }

  @Override
  public Integer call() throws Exception {
    ServerConfig config = config();
    StoreOptions options = settings.toOptions();
    RpcOptions rpc = daemon.rpc().toEndpointOptions();
    Path path = storePath();
    try {
      return daemon.runUntilStopped(
          () -> {
            warnOfSettingsWithoutEffect();
            PortCheck.requireFree(config.addresses().bind().toSocketAddress());
            PortCheck.requireFree(config.addresses().stream().toSocketAddress());
            HttpOption.Prepared shown = http.prepare(daemon);
            ClusterSecurity security = security(config);
            BinaryLog events = daemon.log().openBinaryLog();
            ServerProcess process = ServerProcess.start(config, path, options, rpc, security);
            return serve(process, shown, config, events);
          });
    } catch (StoreException e) {
      throw CliException.failed(String.valueOf(e.getMessage()));
    }
  }

  private ClusterSecurity security(ServerConfig config) {
    ClusterSecurity security = daemon.security().open(LinkRole.SERVER, daemon.reloads());
    daemon
        .security()
        .clusterPorts(
            security,
            List.of(
                config.addresses().bind().toSocketAddress(),
                config.addresses().stream().toSocketAddress()));
    return security;
  }

  private AutoCloseable serve(
      ServerProcess process, HttpOption.Prepared prepared, ServerConfig config, BinaryLog events)
      throws IOException {
    ReloadHandler.register(process.node().endpoint(), daemon.reloads());
    process.node().metrics().requests().slowerThan(slowWrite.toNanos());
    process.node().scrubAt(scrub.bytesPerSecond());
    HttpOption.Open shown = show(process, prepared);
    events.write(
        new BinaryLog.Event("SS", 2, TimeSource.system().unixMillis() / 1000)
            .with("addr", config.addresses().self().toBytes()));
    process.node().followManagers(managers.names(), new SystemResolver());
    process.node().addNodeListener(new NodeEventLog(events, TimeSource.system()));
    Logging.announce("kumo-server listens on " + config.addresses().self());
    return () -> {
      shown.close();
      process.close();
      events.close();
    };
  }

  private static HttpOption.Open show(ServerProcess process, HttpOption.Prepared prepared)
      throws IOException {
    try {
      return prepared.show(() -> new ServerPages(process.node(), process.totals()));
    } catch (IOException e) {
      process.close();
      throw e;
    }
  }

  ServerConfig config() {
    if (setRetries < 0 || deleteRetries < 0) {
      throw CliException.usage("-S and -D must not be negative");
    }
    return new ServerConfig(
        addresses(),
        WriteLimits.withRetries(setRetries, deleteRetries).withMinCopies(copies.minCopies()),
        garbage.toConfig(),
        rebalance(),
        keepalive.interval().toNanos(),
        maxClockSkew,
        null);
  }

  private ServerConfig.Addresses addresses() {
    NodeAddress self = advertise.own(listen);
    return new ServerConfig.Addresses(
        self, NodeAddress.of(listen), stream(self), managers.addresses(), copies.zone());
  }

  /** A port alone belongs to the host of {@code -l}. */
  private NodeAddress stream(NodeAddress self) {
    boolean portAlone = streamListen.matches(":?\\d+");
    try {
      InetSocketAddress parsed = AddressConverter.parse(streamListen, DefaultPorts.STREAM);
      return NodeAddress.of(
          portAlone ? new InetSocketAddress(self.host(), parsed.getPort()) : parsed);
    } catch (TypeConversionException e) {
      throw CliException.usage("-L: " + e.getMessage());
    }
  }

  private ServerConfig.Rebalance rebalance() {
    if (replaceMemoryLimitMib < 0 || replaceMemoryLimitMib > MAX_REPLACE_MEMORY_MIB) {
      throw CliException.usage("-M must be from 0 to " + MAX_REPLACE_MEMORY_MIB);
    }
    return new ServerConfig.Rebalance(
        replaceMemoryLimitMib << 20, throttle == null ? 0 : throttle.bytes());
  }

  /** kumofs 0.4.13 takes settings of its database behind a #. */
  private Path storePath() {
    return Path.of(DATABASE_SETTINGS.matcher(store).replaceFirst(""));
  }

  /** Scripts of kumofs 0.4.13 go on working, and their owners learn what they no longer need. */
  private void warnOfSettingsWithoutEffect() {
    Matcher settings = DATABASE_SETTINGS.matcher(store);
    if (settings.find()) {
      LOG.warn(
          "without effect: {} of -s sets up a Tokyo Cabinet database; --dirty-memory bounds what"
              + " this store keeps in memory, and the system caches the rest",
          settings.group());
    }
    if (offerTmp != null) {
      LOG.warn("without effect: -f {}; records are streamed without temporary files", offerTmp);
    }
    garbage.warnOfSettingsWithoutEffect();
  }
}
