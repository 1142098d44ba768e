package io.kumo.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kumo.core.item.ItemLayout;
import io.kumo.core.protocol.Limits;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.route.RouterOptions;
import io.kumo.core.rpc.NamedNode;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Says how a {@link KumoClient} finds its cluster, and what it may hold. The defaults are those of
 * a gateway. Not thread-safe.
 */
public final class KumoClientBuilder {
  private static final int MAX_PREFIX_BYTES = 1024;
  private static final int MAX_MANAGERS = 2;

  private final List<NamedNode> managers = new ArrayList<>();
  private String keyPrefix = "";
  private Duration deadline = Duration.ofSeconds(10);
  private int maxValueBytes = RouterOptions.DEFAULT.maxValueBytes();
  private int maxRequests = 16_384;
  private long maxBytes = 64L << 20;
  private boolean busyPolling;
  private final ClientCredentials credentials = new ClientCredentials();
  private @Nullable Executor executor;

  KumoClientBuilder() {}

  /**
   * A manager of the cluster; to be called once or twice. A name that means nothing now, or
   * something else later, is looked up again.
   */
  public KumoClientBuilder manager(String host, int port) {
    if (managers.size() == MAX_MANAGERS) {
      throw new IllegalArgumentException("a cluster has one manager, or two");
    }
    InetSocketAddress resolved = new InetSocketAddress(host, port);
    boolean known = resolved.getAddress() != null;
    managers.add(new NamedNode(host, port, known ? NodeAddress.of(resolved) : null));
    return this;
  }

  /** The same by address. */
  public KumoClientBuilder manager(InetSocketAddress address) {
    return manager(address.getHostString(), address.getPort());
  }

  /** Goes in front of every key, as a gateway's {@code -k}; at most 1024 bytes of UTF-8. */
  public KumoClientBuilder keyPrefix(String prefix) {
    check(prefix.getBytes(UTF_8).length <= MAX_PREFIX_BYTES, "a prefix has at most 1024 bytes");
    keyPrefix = prefix;
    return this;
  }

  /** After which a request fails, whatever is left to try; at least 100 ms (default: 10 s). */
  public KumoClientBuilder deadline(Duration longest) {
    check(longest.toMillis() >= 100, "a deadline is at least 100 ms");
    deadline = longest;
    return this;
  }

  /** Greatest value that is stored, from 1 KiB to 128 MiB (default: 1 MiB). */
  public KumoClientBuilder maxValueBytes(int bytes) {
    check(bytes >= 1024 && bytes <= Limits.MAX_VALUE_BYTES, "values are from 1 KiB to 128 MiB");
    maxValueBytes = bytes;
    return this;
  }

  /** Requests that are under way at a time; one more fails as BUSY (default: 16384). */
  public KumoClientBuilder maxRequests(int most) {
    check(most >= 1, "at least one request must be allowed");
    maxRequests = most;
    return this;
  }

  /**
   * Bytes that all requests under way hold: keys and values sent and found. What goes beyond fails
   * as BUSY, but for a request that is alone (default: 64 MiB).
   */
  public KumoClientBuilder maxBytes(long most) {
    check(most >= 1, "at least one byte must be allowed");
    maxBytes = most;
    return this;
  }

  /**
   * Whether the loop looks for 100 microseconds whether something comes before it sleeps, with a
   * sixteenth of a processor at most in vain. That saves the time to wake up, and helps most where
   * few requests are under way (default: no).
   */
  public KumoClientBuilder busyPolling(boolean looks) {
    busyPolling = looks;
    return this;
  }

  /**
   * By what this client proves that it belongs to the cluster, and has the cluster prove it: the
   * file of {@code --secret-file} of its nodes. Only its owner may be able to read it.
   */
  public KumoClientBuilder secretFile(Path file) {
    credentials.secretFile(file);
    return this;
  }

  /**
   * The same by certificates, all in PEM form: links are TLS then.
   *
   * @param certificate of this client, as {@code kumoctl cert client} makes it
   * @param key of the certificate
   * @param authority who made the certificates of the cluster
   */
  public KumoClientBuilder certificate(Path certificate, Path key, Path authority) {
    credentials.certificate(certificate, key, authority);
    return this;
  }

  /**
   * Where futures are completed, and what hangs on them runs. By default that is the client's own
   * thread, which must never block: there, use the {@code Async} methods of {@link
   * CompletableFuture} for what takes long.
   */
  public KumoClientBuilder completeOn(Executor chosen) {
    executor = chosen;
    return this;
  }

  /**
   * Starts the client. The future is complete as soon as some server can be asked; it waits for
   * that as long as it takes, and closes the client when it is cancelled.
   *
   * @throws IllegalStateException without a manager
   * @throws UncheckedIOException when a secret or a certificate cannot be used
   */
  public CompletableFuture<KumoClient> connect() {
    if (managers.isEmpty()) {
      throw new IllegalStateException("no manager is named");
    }
    RouterOptions defaults = RouterOptions.DEFAULT;
    RouterOptions options =
        new RouterOptions(
            defaults.getRetry(),
            defaults.setRetry(),
            defaults.deleteRetry(),
            deadline.toNanos(),
            false,
            false,
            ItemLayout.KUMO,
            maxValueBytes);
    RequestLoop loop = new RequestLoop(managers, options, busyPolling, credentials.open());
    InFlight inFlight = new InFlight(maxRequests, maxBytes);
    KumoClient client =
        new KumoClient(loop, inFlight, keyPrefix.getBytes(UTF_8), maxValueBytes, executor);
    loop.start(List.copyOf(managers));
    CompletableFuture<KumoClient> connected = new CompletableFuture<>();
    connected.whenComplete(
        (made, failure) -> {
          if (connected.isCancelled()) {
            client.close();
          }
        });
    loop.ready().thenRun(() -> connected.complete(client));
    return connected;
  }

  private static void check(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}
