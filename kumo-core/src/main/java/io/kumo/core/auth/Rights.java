package io.kumo.core.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a user may do; in the user file {@code read-only}, {@code flush} and any number of {@code
 * prefix=TEXT}, with commas between them. Immutable.
 */
public final class Rights {
  /** To read and write every key, and not to wipe the cluster: those of a line without any. */
  public static final Rights DEFAULT = new Rights(true, false, List.of());

  private static final String READ_ONLY = "read-only";
  private static final String FLUSH = "flush";
  private static final String PREFIX = "prefix=";

  private final boolean write;
  private final boolean flush;
  private final List<String> prefixes;
  private final byte[][] prefixBytes;

  /**
   * @param write whether records may be changed
   * @param flush whether all of them may be wiped
   * @param prefixes of keys, one of which each key must begin with, a character a byte; none: any
   *     key
   */
  public Rights(boolean write, boolean flush, List<String> prefixes) {
    this.write = write;
    this.flush = flush;
    this.prefixes = List.copyOf(prefixes);
    this.prefixBytes =
        this.prefixes.stream().map(p -> p.getBytes(ISO_8859_1)).toArray(byte[][]::new);
  }

  /** Reads what {@link #text} gives; the message of what is thrown says what is wrong. */
  static Rights parse(String text) throws IOException {
    boolean write = true;
    boolean flush = false;
    List<String> prefixes = new ArrayList<>();
    for (String word : text.split(",", -1)) {
      if (word.equals(READ_ONLY)) {
        write = false;
      } else if (word.equals(FLUSH)) {
        flush = true;
      } else if (word.startsWith(PREFIX) && word.length() > PREFIX.length()) {
        prefixes.add(word.substring(PREFIX.length()));
      } else {
        throw new IOException("rights are read-only, flush and prefix=TEXT");
      }
    }
    String clash = clash(write, flush, prefixes);
    if (clash != null) {
      throw new IOException(clash);
    }
    return new Rights(write, flush, prefixes);
  }

  /** Why these do not go together; null when they do. */
  public static @Nullable String clash(boolean write, boolean flush, List<String> prefixes) {
    return flush && (!write || !prefixes.isEmpty())
        ? "flush wipes every key: it goes with neither read-only nor a prefix"
        : null;
  }

  public boolean mayWrite() {
    return write;
  }

  public boolean mayFlush() {
    return flush;
  }

  /**
   * Whether no key is out of reach, and each may be changed: it may see and reset what all share.
   */
  public boolean coverAll() {
    return write && prefixes.isEmpty();
  }

  /** Whether a key is theirs. Borrows. */
  public boolean owns(byte[] bytes, int start, int length) {
    if (prefixBytes.length == 0) {
      return true;
    }
    for (byte[] prefix : prefixBytes) {
      if (length >= prefix.length
          && Arrays.equals(prefix, 0, prefix.length, bytes, start, start + prefix.length)) {
        return true;
      }
    }
    return false;
  }

  /** As it stands in the file; empty for {@link #DEFAULT}. */
  String text() {
    List<String> words = new ArrayList<>();
    if (!write) {
      words.add(READ_ONLY);
    }
    if (flush) {
      words.add(FLUSH);
    }
    prefixes.forEach(prefix -> words.add(PREFIX + prefix));
    return String.join(",", words);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Rights that && text().equals(that.text());
  }

  @Override
  public int hashCode() {
    return text().hashCode();
  }

  /** For people. */
  @Override
  public String toString() {
    return text().isEmpty() ? "read and write" : text();
  }
}
