package io.kumo.tools.importing.source;

/**
 * What a source holds of one key.
 *
 * @param key as a client names it
 * @param value the client's bytes; empty unless it is stored
 * @param expiry unix seconds, 0 for never
 * @param version by which newer is told from older, as ClockTimes are: unsigned
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them or writes to their bytes
public record ImportRecord(
    LoadAction action, byte[] key, byte[] value, int flags, long expiry, long version) {
  private static final byte[] NOTHING = {};

  /** What becomes of the key. */
  public enum LoadAction {
    STORE,
    /** It is absent, whatever older the cluster has of it. */
    REMOVE,
    /** It gets another expiry and keeps its value. */
    TOUCH
  }

  public static ImportRecord store(byte[] key, byte[] value, int flags, long expiry, long version) {
    return new ImportRecord(LoadAction.STORE, key, value, flags, expiry, version);
  }

  public static ImportRecord remove(byte[] key, long version) {
    return new ImportRecord(LoadAction.REMOVE, key, NOTHING, 0, 0, version);
  }

  static ImportRecord touch(byte[] key, long expiry, long version) {
    return new ImportRecord(LoadAction.TOUCH, key, NOTHING, 0, expiry, version);
  }

  /** The same, or its removal if it has expired. */
  public ImportRecord asOf(long nowSeconds) {
    boolean expired = expiry != 0 && expiry <= nowSeconds;
    return expired ? remove(key, version) : this;
  }

  public int bytes() {
    return key.length + value.length;
  }
}
