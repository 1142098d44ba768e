package io.kumo.server;

import io.kumo.server.store.Store;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/** A store of which one method throws a few times before it works. */
public final class ThrowingStore {
  private ThrowingStore() {}

  /** {@code method} of {@code store} throws {@code what} so many times. */
  public static Store of(Store store, String method, int times, RuntimeException what) {
    AtomicInteger left = new AtomicInteger(times);
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (proxy, called, arguments) -> {
              if (called.getName().equals(method) && left.getAndDecrement() > 0) {
                throw what;
              }
              try {
                return called.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
