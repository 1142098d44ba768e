package io.kumo.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kumo.core.protocol.Limits;
import io.kumo.core.route.request.FoundItems;
import io.kumo.core.route.request.KeyOperation;
import io.kumo.core.route.request.KeyRequest;
import io.kumo.core.route.request.KeyStatus;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes keys of a cluster, asking the server that holds each.
 *
 * <pre>{@code
 * try (KumoClient kumo = KumoClient.builder().manager("127.0.0.1", 19700).connect().join()) {
 *   kumo.set("greeting", "hello".getBytes(UTF_8)).join();
 *   Optional<Item> found = kumo.get("greeting").join();
 *   kumo.cas("greeting", "bye".getBytes(UTF_8), found.get().cas()).join();
 * }
 * }</pre>
 *
 * <p><b>What is promised.</b> What a gateway promises, for it is the same router: a write that is
 * {@code DONE} is on every active replica of its key; reads and writes of one key are linearizable
 * through the death of a server at a time. A request is tried again, with the same request id, so
 * that a write is never applied twice; one whose fate nobody can tell fails with {@link
 * KumoException.Reason#UNKNOWN_OUTCOME}.
 *
 * <p><b>Order.</b> Requests that are under way at the same time overtake one another, those on one
 * key as well: whoever needs an order waits for the first before asking the second.
 *
 * <p><b>Keys</b> are 1 to 250 bytes of UTF-8. To be reached by clients of memcached's text
 * protocol, too, they have no blanks and no control characters.
 *
 * <p><b>Failures.</b> A future fails with a {@link KumoException} and nothing else. What a caller
 * does wrong, as a key that is too long, is an {@link IllegalArgumentException} at once.
 *
 * <p>Thread-safe. No method blocks, but for {@link #close}. Futures are complete on the client's
 * own thread unless {@link KumoClientBuilder#completeOn} says otherwise.
 */
public final class KumoClient implements AutoCloseable {
  /** Keys of one {@link #multiGet}. */
  public static final int MAX_KEYS = 100_000;

  private final RequestLoop loop;
  private final InFlight inFlight;
  private final byte[] keyPrefix;
  private final int maxValueBytes;
  private final @Nullable Executor executor;

  KumoClient(
      RequestLoop loop,
      InFlight inFlight,
      byte[] keyPrefix,
      int maxValueBytes,
      @Nullable Executor executor) {
    this.loop = loop;
    this.inFlight = inFlight;
    this.keyPrefix = keyPrefix;
    this.maxValueBytes = maxValueBytes;
    this.executor = executor;
  }

  /** Begins to say how a client finds its cluster. */
  public static KumoClientBuilder builder() {
    return new KumoClientBuilder();
  }

  /** The item of a key; empty when there is none. */
  public CompletableFuture<Optional<Item>> get(String key) {
    return read(key, KeyOperation.GET, 0);
  }

  /** The same, and gives it another expiry; flags of the options do not count. */
  public CompletableFuture<Optional<Item>> getAndTouch(String key, ItemOptions expiry) {
    return read(key, KeyOperation.GET_AND_TOUCH, expiry.expiry());
  }

  private CompletableFuture<Optional<Item>> read(String key, KeyOperation operation, long expiry) {
    ClientRequest<Optional<Item>> request =
        request(operation, key, done -> Optional.ofNullable(item(done, 0)));
    request.request().expiry(expiry);
    return submit(request, 0);
  }

  /**
   * The items of several keys, in the order of the keys; those that have none are left out. When
   * one key cannot be asked for, all fails.
   *
   * @param keys at most {@link #MAX_KEYS}
   */
  public CompletableFuture<Map<String, Item>> multiGet(Collection<String> keys) {
    List<String> asked = List.copyOf(new LinkedHashSet<>(keys));
    if (asked.size() > MAX_KEYS) {
      throw new IllegalArgumentException("more than " + MAX_KEYS + " keys");
    }
    if (asked.isEmpty()) {
      return CompletableFuture.completedFuture(Map.of());
    }
    ClientRequest<Map<String, Item>> request =
        new ClientRequest<>(keyPrefix, done -> items(done, asked), inFlight, executor);
    request.request().operation(KeyOperation.GET);
    asked.forEach(key -> addKey(request.request(), key));
    return submit(request, 0);
  }

  /** Stores a value, whatever was there. */
  public CompletableFuture<WriteResult> set(String key, byte[] value) {
    return set(key, value, ItemOptions.DEFAULT);
  }

  /** The same with flags or an expiry. */
  public CompletableFuture<WriteResult> set(String key, byte[] value, ItemOptions options) {
    return store(KeyOperation.SET, key, value, options, null);
  }

  /** Stores a value of a key that has none, or else {@code NOT_STORED}. */
  public CompletableFuture<WriteResult> add(String key, byte[] value, ItemOptions options) {
    return store(KeyOperation.ADD, key, value, options, null);
  }

  /** Stores a value of a key that has one, or else {@code NOT_STORED}. */
  public CompletableFuture<WriteResult> replace(String key, byte[] value, ItemOptions options) {
    return store(KeyOperation.REPLACE, key, value, options, null);
  }

  /** Puts bytes behind a value, whose flags and expiry stay; without one {@code NOT_STORED}. */
  public CompletableFuture<WriteResult> append(String key, byte[] value) {
    return store(KeyOperation.APPEND, key, value, ItemOptions.DEFAULT, null);
  }

  /** Puts bytes in front of a value, whose flags and expiry stay; without one NOT_STORED. */
  public CompletableFuture<WriteResult> prepend(String key, byte[] value) {
    return store(KeyOperation.PREPEND, key, value, ItemOptions.DEFAULT, null);
  }

  /** Stores a value if the item still has a version, or else {@code EXISTS}, NOT_FOUND. */
  public CompletableFuture<WriteResult> cas(String key, byte[] value, long cas) {
    return cas(key, value, cas, ItemOptions.DEFAULT);
  }

  /** The same with flags or an expiry. */
  public CompletableFuture<WriteResult> cas(
      String key, byte[] value, long cas, ItemOptions options) {
    return store(KeyOperation.SET, key, value, options, cas);
  }

  private CompletableFuture<WriteResult> store(
      KeyOperation operation, String key, byte[] value, ItemOptions options, @Nullable Long cas) {
    ClientRequest<WriteResult> request = request(operation, key, KumoClient::written);
    if (value.length > maxValueBytes) {
      return request.refuse(Failures.of(KeyStatus.TOO_LARGE, null));
    }
    request.request().flags(options.flags());
    request.request().expiry(options.expiry());
    if (cas != null) {
      request.request().compare(cas);
    }
    request.request().value(Unpooled.copiedBuffer(value));
    return submit(request, value.length);
  }

  /** Removes the item, or else {@code NOT_FOUND}. */
  public CompletableFuture<WriteResult> delete(String key) {
    return submit(request(KeyOperation.DELETE, key, KumoClient::written), 0);
  }

  /** Removes the item if it still has a version, or else {@code EXISTS}, {@code NOT_FOUND}. */
  public CompletableFuture<WriteResult> delete(String key, long cas) {
    ClientRequest<WriteResult> request = request(KeyOperation.DELETE, key, KumoClient::written);
    request.request().compare(cas);
    return submit(request, 0);
  }

  /** Gives the item another expiry, or else {@code NOT_FOUND}; flags do not count. */
  public CompletableFuture<WriteResult> touch(String key, ItemOptions expiry) {
    ClientRequest<WriteResult> request = request(KeyOperation.TOUCH, key, KumoClient::written);
    request.request().expiry(expiry.expiry());
    return submit(request, 0);
  }

  /**
   * Adds to a counter; gives its new value, empty when there is no item. Numbers are unsigned 64
   * bits, and begin again from 0 behind the greatest.
   */
  public CompletableFuture<OptionalLong> incr(String key, long delta) {
    return count(KeyOperation.INCR, key, delta, null, ItemOptions.DEFAULT);
  }

  /** The same; a counter that is not there is made with the initial value. */
  public CompletableFuture<OptionalLong> incr(
      String key, long delta, long initial, ItemOptions options) {
    return count(KeyOperation.INCR, key, delta, initial, options);
  }

  /** Subtracts from a counter, down to 0; gives its new value, empty when there is no item. */
  public CompletableFuture<OptionalLong> decr(String key, long delta) {
    return count(KeyOperation.DECR, key, delta, null, ItemOptions.DEFAULT);
  }

  /** The same; a counter that is not there is made with the initial value. */
  public CompletableFuture<OptionalLong> decr(
      String key, long delta, long initial, ItemOptions options) {
    return count(KeyOperation.DECR, key, delta, initial, options);
  }

  private CompletableFuture<OptionalLong> count(
      KeyOperation operation, String key, long delta, @Nullable Long initial, ItemOptions options) {
    ClientRequest<OptionalLong> request = request(operation, key, KumoClient::counted);
    request.request().delta(delta);
    if (initial != null) {
      request.request().initial(initial);
      request.request().vivify(options.expiry());
    }
    return submit(request, 0);
  }

  private <T> ClientRequest<T> request(
      KeyOperation operation, String key, Function<ClientRequest<T>, T> result) {
    ClientRequest<T> request = new ClientRequest<>(keyPrefix, result, inFlight, executor);
    request.request().operation(operation);
    addKey(request.request(), key);
    return request;
  }

  private static void addKey(KeyRequest request, String key) {
    byte[] bytes = key.getBytes(UTF_8);
    if (bytes.length == 0 || bytes.length > Limits.MAX_KEY_BYTES) {
      throw new IllegalArgumentException(
          "a key has from 1 to " + Limits.MAX_KEY_BYTES + " bytes, not " + bytes.length);
    }
    request.keys().add(bytes, 0, bytes.length);
  }

  private <T> CompletableFuture<T> submit(ClientRequest<T> request, long valueBytes) {
    long keyBytes = request.request().keys().end(request.request().keys().size() - 1);
    if (!request.admit(keyBytes + valueBytes)) {
      return request.refuse(Failures.busy());
    }
    loop.submit(request);
    return request.future();
  }

  private static @Nullable Item item(ClientRequest<?> done, int index) {
    FoundItems found = done.outcome().found();
    return found.has(index)
        ? new Item(ByteBufUtil.getBytes(found.value(index)), found.flags(index), found.cas(index))
        : null;
  }

  private static Map<String, Item> items(ClientRequest<?> done, List<String> keys) {
    Map<String, Item> items = new LinkedHashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      Item item = item(done, i);
      if (item != null) {
        items.put(keys.get(i), item);
      }
    }
    return items;
  }

  private static WriteResult written(ClientRequest<?> done) {
    WriteResult.Status status =
        switch (done.status()) {
          case STORED, DELETED, TOUCHED -> WriteResult.Status.DONE;
          case NOT_STORED -> WriteResult.Status.NOT_STORED;
          case EXISTS -> WriteResult.Status.EXISTS;
          case NOT_FOUND -> WriteResult.Status.NOT_FOUND;
          case FETCHED,
              COUNTED,
              NON_NUMERIC,
              TOO_LARGE,
              GET_OUT_OF_MEMORY,
              GET_FAILED,
              STORE_FAILED,
              DELETE_FAILED ->
              throw new IllegalStateException("a write ended as " + done.status());
        };
    return new WriteResult(status, done.outcome().casUnique());
  }

  private static OptionalLong counted(ClientRequest<?> done) {
    return done.status() == KeyStatus.COUNTED
        ? OptionalLong.of(done.outcome().number())
        : OptionalLong.empty();
  }

  /** Requests under way; a moment ago, perhaps. */
  public int requestsInFlight() {
    return inFlight.requests();
  }

  /** Bytes that those hold: keys and values, sent and found; a moment ago, perhaps. */
  public long bytesInFlight() {
    return inFlight.bytes();
  }

  /**
   * Fails what is under way with {@link KumoException.Reason#CLOSED} and ends; blocks for a moment.
   * A write that was under way may be done all the same.
   *
   * @throws IllegalStateException on the client's own thread
   */
  @Override
  public void close() {
    loop.close();
  }
}
