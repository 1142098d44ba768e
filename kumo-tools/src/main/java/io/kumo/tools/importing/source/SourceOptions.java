package io.kumo.tools.importing.source;

import io.kumo.core.cli.AddressConverter;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.DurationConverter;
import io.kumo.core.item.ItemLayout;
import io.kumo.core.tokyo.OriginalStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What to import. */
public final class SourceOptions {
  private static final int MAX_DATABASES = 1 << 16;

  /** Reads an address of a memcached. */
  static final class MemcachedAddress implements ITypeConverter<InetSocketAddress> {
    private static final int PORT = 11211;

    @Override
    public InetSocketAddress convert(String text) {
      return AddressConverter.parse(text, PORT);
    }
  }

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE.tch",
      description = "Tokyo Cabinet hash files of kumofs servers, or backups; open in no server.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--ndjson",
      paramLabel = "FILE",
      description =
          "Read lines of JSON, as --to-ndjson prints them; time and clock may be missing.")
  private @Nullable Path ndjson;

  @Option(
      names = "--resp",
      paramLabel = "FILE",
      description = "Read Redis commands: a dump of SET, SETEX, EXPIRE and the like, or an AOF.")
  private @Nullable Path resp;

  @Option(
      names = "--redis-db",
      paramLabel = "N",
      defaultValue = "0",
      description = "Of --resp: take the keys of this database (default: ${DEFAULT-VALUE}).")
  private int redisDatabase;

  @Option(
      names = "--memcached",
      paramLabel = "HOST[:PORT]",
      converter = MemcachedAddress.class,
      description = "Read from a running memcached of 1.6 or newer.")
  private @Nullable InetSocketAddress memcached;

  @Option(
      names = "--overwrite",
      description = {
        "Records without a ClockTime (memcached, Redis) replace what the cluster had when the"
            + " import began. Without this, whatever the cluster has of a key stays."
      })
  private boolean overwrite;

  @Option(
      names = "--salvage",
      description = "Take what is sound of damaged files, instead of refusing them.")
  private boolean salvage;

  @Option(
      names = {"-F", "--memproto-save-flag"},
      description = "The gateways that stored the records had this option.")
  private boolean flags;

  @Option(
      names = {"-E", "--memproto-save-expire"},
      description = "The gateways that stored the records had this option.")
  private boolean expiry;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = DurationConverter.class,
      description =
          "Wait this long for the cluster, and for memcached (default: ${DEFAULT-VALUE}).")
  private Duration timeout = Duration.ofSeconds(10);

  /** Throws {@link CliException} unless there is exactly one kind of source. */
  public void check() {
    int kinds =
        (files.isEmpty() ? 0 : 1)
            + (ndjson == null ? 0 : 1)
            + (resp == null ? 0 : 1)
            + (memcached == null ? 0 : 1);
    if (kinds != 1) {
      throw CliException.usage("name FILE.tch, or one of --ndjson, --resp and --memcached");
    }
    if (redisDatabase < 0 || redisDatabase >= MAX_DATABASES) {
      throw CliException.usage("--redis-db must be from 0 to " + (MAX_DATABASES - 1));
    }
  }

  /** The Tokyo Cabinet files; empty when something else is imported. */
  public List<Path> files() {
    return files;
  }

  public boolean salvage() {
    return salvage;
  }

  public Duration timeout() {
    return timeout;
  }

  public ItemLayout layout() {
    return new ItemLayout(false, flags, expiry);
  }

  /** Where the state of an import is kept unless told otherwise. */
  public Path defaultState() {
    if (memcached != null) {
      return Path.of("memcached-%s.import".formatted(name(memcached).replace(':', '-')));
    }
    Path first = files.isEmpty() ? (ndjson == null ? resp : ndjson) : files.get(0);
    if (first == null) {
      throw new IllegalStateException("not checked");
    }
    return first.resolveSibling(first.getFileName() + ".import");
  }

  /** Tells of each source whether it is still the same. */
  public List<String> identities() throws IOException {
    List<String> all = new ArrayList<>();
    all.add(
        "flags=%s expiry=%s salvage=%s overwrite=%s db=%d"
            .formatted(flags, expiry, salvage, overwrite, redisDatabase));
    for (Path file : files) {
      all.add(FileSource.identity(file));
    }
    if (ndjson != null) {
      all.add(FileSource.identity(ndjson));
    }
    if (resp != null) {
      all.add(FileSource.identity(resp));
    }
    if (memcached != null) {
      all.add("memcached " + name(memcached));
    }
    return all;
  }

  /**
   * Opens all, which the caller closes.
   *
   * @param began unix seconds; when the import did
   */
  public List<RecordSource> open(long began) throws IOException {
    Versions versions = overwrite ? Versions.asOf(began) : Versions.older(began);
    List<RecordSource> sources = new ArrayList<>();
    if (ndjson != null) {
      sources.add(NdjsonSource.open(ndjson, versions));
    } else if (resp != null) {
      sources.add(RespSource.open(resp, redisDatabase, versions, began));
    } else if (memcached != null) {
      sources.add(new MemcachedSource(name(memcached), memcached, timeout, versions));
    }
    for (Path file : files) {
      try {
        sources.add(TchSource.open(file, salvage, layout()));
      } catch (IOException e) {
        for (RecordSource opened : sources) {
          opened.close();
        }
        throw OriginalStore.failure(file, e);
      }
    }
    return sources;
  }

  private static String name(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }
}
