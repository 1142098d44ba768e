package io.kumo.server.store.disk;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;

/**
 * Gives mapped memory back at once: Java 17 does so only when a buffer is collected, which would
 * leave the dirty memory of a store unbounded.
 */
public final class Unmapper {
  private static final MethodHandle INVOKE_CLEANER = invokeCleaner();

  private Unmapper() {}

  public static void unmap(ByteBuffer mapped) {
    try {
      INVOKE_CLEANER.invokeExact(mapped);
    } catch (Throwable e) {
      throw new IllegalStateException("cannot unmap", e);
    }
  }

  private static MethodHandle invokeCleaner() {
    try {
      Class<?> unsafe = Class.forName("sun.misc.Unsafe");
      Field instance = unsafe.getDeclaredField("theUnsafe");
      instance.setAccessible(true);
      return MethodHandles.lookup()
          .findVirtual(unsafe, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class))
          .bindTo(instance.get(null));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java cannot give mapped memory back", e);
    }
  }
}
