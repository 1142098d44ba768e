package io.kumo.server.store.mapdb;

import java.lang.reflect.Field;

/**
 * MapDB asks lz4-java for a hash that this store never uses, and lz4-java would unpack a native
 * library into the temporary folder for it, which a killed process leaves there. Told that the
 * library has been loaded, it finds no native hash and takes the one in Java.
 */
final class MapDbHashes {
  private MapDbHashes() {}

  /** Before the first use of MapDB. */
  static void stayInJava() {
    try {
      Field loaded = Class.forName("net.jpountz.util.Native").getDeclaredField("loaded");
      loaded.setAccessible(true);
      loaded.setBoolean(null, true);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("not the lz4-java that this store knows", e);
    }
  }
}
