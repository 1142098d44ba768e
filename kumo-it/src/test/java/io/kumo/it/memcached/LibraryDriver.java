package io.kumo.it.memcached;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.kumo.client.Item;
import io.kumo.client.ItemOptions;
import io.kumo.client.KumoClient;
import io.kumo.client.KumoException;
import io.kumo.client.WriteResult;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Uses kumo-client, which asks the servers and no gateway. */
final class LibraryDriver implements McDriver {
  private final KumoClient client;

  /** Of a cluster with this manager. */
  LibraryDriver(InetSocketAddress manager) {
    client = KumoClient.builder().manager(manager).connect().join();
  }

  @Override
  public boolean asksAGateway() {
    return false;
  }

  private static ItemOptions options(long flags, long expiry) {
    return new ItemOptions((int) flags, expiry);
  }

  private static Outcome outcome(Supplier<CompletableFuture<WriteResult>> request) {
    try {
      return switch (request.get().join().status()) {
        case DONE -> Outcome.DONE;
        case NOT_STORED -> Outcome.NOT_STORED;
        case EXISTS -> Outcome.EXISTS;
        case NOT_FOUND -> Outcome.NOT_FOUND;
      };
    } catch (IllegalArgumentException e) {
      return Outcome.BAD_REQUEST;
    } catch (CompletionException e) {
      return failure(e);
    }
  }

  private static Outcome failure(CompletionException e) {
    if (e.getCause() instanceof KumoException known) {
      return switch (known.reason()) {
        case TOO_LARGE -> Outcome.TOO_LARGE;
        case NOT_A_NUMBER -> Outcome.NON_NUMERIC;
        case UNAVAILABLE, UNKNOWN_OUTCOME, BUSY, CLOSED -> throw e;
      };
    }
    throw e;
  }

  @Override
  public Outcome store(Verb verb, String key, String value, long flags, long expiry) {
    byte[] bytes = value.getBytes(ISO_8859_1);
    return outcome(
        () ->
            switch (verb) {
              case SET -> client.set(key, bytes, options(flags, expiry));
              case ADD -> client.add(key, bytes, options(flags, expiry));
              case REPLACE -> client.replace(key, bytes, options(flags, expiry));
              case APPEND -> client.append(key, bytes);
              case PREPEND -> client.prepend(key, bytes);
            });
  }

  @Override
  public Outcome cas(String key, String value, long unique) {
    return outcome(() -> client.cas(key, value.getBytes(ISO_8859_1), unique));
  }

  @Override
  public void storeQuietly(Verb verb, String key, String value) {
    store(verb, key, value, 0, 0);
  }

  @Override
  public void deleteQuietly(String key) {
    delete(key);
  }

  private static @Nullable Hit hit(@Nullable Item item) {
    return item == null
        ? null
        : new Hit(
            new String(item.value(), ISO_8859_1), Integer.toUnsignedLong(item.flags()), item.cas());
  }

  @Override
  public @Nullable Hit get(String key) {
    return hit(client.get(key).join().orElse(null));
  }

  @Override
  public List<@Nullable Hit> getAll(List<String> keys) {
    Map<String, Item> found = client.multiGet(keys).join();
    List<@Nullable Hit> hits = new ArrayList<>();
    keys.forEach(key -> hits.add(hit(found.get(key))));
    return hits;
  }

  @Override
  public Outcome delete(String key) {
    return outcome(() -> client.delete(key));
  }

  @Override
  public Outcome deleteIf(String key, long unique) {
    return outcome(() -> client.delete(key, unique));
  }

  private static Count count(CompletableFuture<OptionalLong> request) {
    try {
      OptionalLong number = request.join();
      return number.isPresent() ? Count.of(number.getAsLong()) : Count.not(Outcome.NOT_FOUND);
    } catch (CompletionException e) {
      return Count.not(failure(e));
    }
  }

  @Override
  public Count incr(String key, long delta) {
    return count(client.incr(key, delta));
  }

  @Override
  public Count decr(String key, long delta) {
    return count(client.decr(key, delta));
  }

  @Override
  public Count incr(String key, long delta, long initial, long expiry) {
    return count(client.incr(key, delta, initial, options(0, expiry)));
  }

  @Override
  public Outcome touch(String key, long expiry) {
    return outcome(() -> client.touch(key, options(0, expiry)));
  }

  @Override
  public @Nullable Hit getAndTouch(String key, long expiry) {
    return hit(client.getAndTouch(key, options(0, expiry)).join().orElse(null));
  }

  @Override
  public Outcome flush(long delaySeconds) throws IOException {
    throw new IOException("the library does not flush");
  }

  @Override
  public String version() throws IOException {
    throw new IOException("the library has no gateway to ask");
  }

  @Override
  public Map<String, String> stats(String argument) throws IOException {
    throw new IOException("the library has no gateway to ask");
  }

  @Override
  public Outcome nonsense() throws IOException {
    throw new IOException("the library sends no nonsense");
  }

  @Override
  public void close() {
    client.close();
  }
}
