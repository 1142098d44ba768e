package io.kumo.manager;

import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.BinaryLog;
import io.kumo.core.cli.Cli;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.DurationConverter;
import io.kumo.core.cli.Logging;
import io.kumo.core.cli.NodeEventLog;
import io.kumo.core.cli.Version;
import io.kumo.core.cli.option.AdvertiseOption;
import io.kumo.core.cli.option.DaemonOptions;
import io.kumo.core.cli.option.HttpOption;
import io.kumo.core.cli.option.KeepaliveOptions;
import io.kumo.core.cli.option.RejoinOption;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.net.EventLoops;
import io.kumo.core.net.IoKind;
import io.kumo.core.net.NettyTransport;
import io.kumo.core.net.SystemResolver;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.NamedNode;
import io.kumo.core.security.link.ClusterSecurity;
import io.kumo.core.security.link.LinkRole;
import io.kumo.manager.history.HistoryFile;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The program kumo-manager: one of the pair that knows the servers and moves records. */
@Command(
    name = "kumo-manager",
    customSynopsis = "kumo-manager [options] [-p PARTNER[:PORT=19700]]",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = "Watches the servers of a cluster, owns its layout and directs rebalancing.")
public final class ManagerMain implements Callable<Integer> {
  @Option(
      names = {"-l", "--listen"},
      paramLabel = "HOST[:PORT]",
      defaultValue = "127.0.0.1:19700",
      converter = AddressConverter.Manager.class,
      description = "Where servers, the partner, gateways and kumoctl connect: ${DEFAULT-VALUE}.")
  private InetSocketAddress listen = new InetSocketAddress(0);

  @Mixin private AdvertiseOption advertise = new AdvertiseOption();

  @Option(
      names = {"-p", "--partner"},
      paramLabel = "HOST[:PORT]",
      converter = AddressConverter.NamedManager.class,
      description = "The other manager of the pair.")
  private @Nullable NamedNode partner;

  @Option(
      names = {"-a", "--auto-replace"},
      description =
          "Attach, detach and rebalances by itself when servers come and go, after the first"
              + " attach.")
  private boolean autoReplace;

  @Option(
      names = {"-Rs", "--replace-delay"},
      paramLabel = "DURATION",
      defaultValue = "4s",
      converter = DurationConverter.class,
      description = "How long to wait with that: ${DEFAULT-VALUE}.")
  private Duration replaceDelay = Duration.ofSeconds(4);

  @Option(
      names = "--max-clock-skew",
      paramLabel = "DURATION",
      defaultValue = "5s",
      converter = DurationConverter.class,
      description = "A server whose clock is further off is not made active: ${DEFAULT-VALUE}.")
  private Duration maxClockSkew = Duration.ofSeconds(5);

  @Mixin private RejoinOption rejoin = new RejoinOption();

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description =
          "Where this manager keeps its vote; by default a folder for each address under"
              + " $XDG_STATE_HOME/kumo or ~/.local/state/kumo. Where it cannot be written, the vote"
              + " lasts as long as the process.")
  private @Nullable Path state;

  @Mixin private KeepaliveOptions keepalive = new KeepaliveOptions();

  @Mixin private HttpOption http = new HttpOption();

  @Mixin private DaemonOptions daemon = new DaemonOptions();

  public static void main(String[] args) {
    Cli.main(new ManagerMain(), args);
  }

  @Override
  public Integer call() throws Exception {
    ManagerConfig config = config();
    return daemon.runUntilStopped(() -> serve(config));
  }

  private ManagerConfig config() {
    NodeAddress self = advertise.own(listen);
    NodeAddress other = partner == null ? null : partner.address();
    if (self.equals(other)) {
      throw CliException.usage("-l and -p must be different");
    }
    return new ManagerConfig(
        NodeAddress.of(listen),
        advertise.isGiven() ? self : null,
        other,
        keepalive.interval(),
        autoReplace,
        replaceDelay,
        maxClockSkew,
        rejoin.after(),
        daemon.rpc().toEndpointOptions(),
        null);
  }

  private AutoCloseable serve(ManagerConfig config) throws IOException {
    HttpOption.Prepared prepared = http.prepare(daemon);
    SecureRandom random = new SecureRandom();
    NodeAddress self = advertise.own(listen);
    ClusterSecurity security = daemon.security().open(LinkRole.MANAGER, daemon.reloads());
    daemon.security().clusterPorts(security, List.of(listen));
    BinaryLog events = daemon.log().openBinaryLog();
    EventLoops loops = new EventLoops("manager", 1, IoKind.best());
    NettyTransport transport = new NettyTransport(loops, TimeSource.system());
    StatePlace vote = openState(self, transport, random, loops);
    HistoryFile history = new HistoryFile(stateFolder(self));
    try {
      ManagerNode node =
          ManagerNode.start(
              config.withVotes(vote.writer()),
              transport.secured(security),
              new SplittableRandom(random.nextLong()));
      security.clusterFrom(node::cluster);
      node.reload(daemon.reloads());
      node.keepHistory(history);
      HttpOption.Open shown = prepared.show(node::show);
      if (partner != null) {
        node.followPartner(partner, new SystemResolver());
      }
      events.write(started(node.address(), config.partner()));
      node.addNodeListener(new NodeEventLog(events, TimeSource.system()));
      Logging.announce("kumo-manager listens on " + node.address());
      return () -> {
        shown.close();
        node.close();
        history.close();
        vote.close();
        loops.close();
        events.close();
      };
    } catch (IOException e) {
      vote.close();
      loops.close();
      throw e;
    }
  }

  private StatePlace openState(
      NodeAddress self, NettyTransport transport, SecureRandom random, EventLoops loops)
      throws IOException {
    try {
      return StatePlace.open(stateFolder(self), self, transport, random::nextLong);
    } catch (IOException e) {
      loops.close();
      throw e;
    }
  }

  private Path stateFolder(NodeAddress self) {
    return state == null
        ? StatePlace.byDefault(System.getenv(), System.getProperty("user.home"), self)
        : state;
  }

  /** As kumofs 0.4.13 writes it, for which no partner is an address of zeros. */
  private static BinaryLog.Event started(NodeAddress self, @Nullable NodeAddress partner) {
    byte[] other = partner == null ? new byte[NodeAddress.BYTES] : partner.toBytes();
    return new BinaryLog.Event("SM", 2, TimeSource.system().unixMillis() / 1000)
        .with("addr", self.toBytes())
        .with("Padd", other);
  }
}
