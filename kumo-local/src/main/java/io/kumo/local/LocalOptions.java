package io.kumo.local;

import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.CliException;
import io.kumo.core.rpc.RpcOptions;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How large a cluster in one process is, where it listens, and what is left of it. */
final class LocalOptions {
  @Option(
      names = {"-n", "--servers"},
      paramLabel = "N",
      description =
          "Servers, from 1 to "
              + LocalConfig.MAX_SERVERS
              + " (default: 3, or as many as the folder of -s has).")
  private @Nullable Integer servers;

  @Option(
      names = {"-t", "--memproto-text"},
      paramLabel = "[HOST:]PORT",
      defaultValue = "127.0.0.1:11211",
      converter = AddressConverter.Text.class,
      description =
          "Serve memcached clients here; port 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private InetSocketAddress memcached = new InetSocketAddress(0);

  @Option(
      names = {"-l", "--listen"},
      paramLabel = "[HOST:]PORT",
      defaultValue = "127.0.0.1:19700",
      converter = AddressConverter.Manager.class,
      description =
          "Where the manager listens, for kumoctl and more gateways; port 0 takes a free one"
              + " (default: ${DEFAULT-VALUE}).")
  private InetSocketAddress manager = new InetSocketAddress(0);

  @Option(
      names = {"-s", "--store"},
      paramLabel = "DIRECTORY",
      description =
          "Keep the records here, for the next start with the same folder (default: a temporary"
              + " folder, which is removed at the end).")
  private @Nullable Path folder;

  @Option(names = "--keep", description = "Leave the temporary folder at the end.")
  private boolean keep;

  LocalConfig toConfig(RpcOptions rpc) {
    if (servers != null && (servers < 1 || servers > LocalConfig.MAX_SERVERS)) {
      throw CliException.usage("--servers must be from 1 to " + LocalConfig.MAX_SERVERS);
    }
    if (keep && folder != null) {
      throw CliException.usage("--keep is for a temporary folder; that of -s is kept anyway");
    }
    return new LocalConfig(servers == null ? 0 : servers, memcached, manager, folder, keep, rpc);
  }
}
