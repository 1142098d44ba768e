package io.kumo.core.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.List;

/**
 * Something that is made from files, and made anew when they change. What cannot be made changes
 * nothing. Any thread gets it; one thread at a time has it made anew.
 *
 * @param <T> immutable, or thread-safe
 */
public final class Reloaded<T> {
  /** Makes it from what the files hold now, and checks it. */
  @FunctionalInterface
  public interface Loader<T> {
    /** The message of what is thrown says which file, and what is wrong with it. */
    T load() throws IOException;
  }

  private final String what;
  private final List<Path> files;
  private final Loader<T> loader;
  private volatile T current;
  private String loadedFrom;
  private String seen;
  private String tried = "";
  private String failure = "";

  /** Loads it for the first time; throws when that cannot be. */
  Reloaded(String what, Collection<Path> files, Loader<T> loader) throws IOException {
    this.what = what;
    this.files = List.copyOf(files);
    this.loader = loader;
    this.loadedFrom = fingerprint();
    this.seen = loadedFrom;
    this.current = loader.load();
  }

  /** As loaded last. */
  public T get() {
    return current;
  }

  /** What it is, for a line to an operator. */
  public String what() {
    return what;
  }

  /**
   * Makes it anew when the files have changed and were left alone since the call before: who writes
   * two files is given the time. The same failure is told once.
   */
  synchronized Outcome look() {
    String now = fingerprint();
    boolean settled = now.equals(seen);
    seen = now;
    return settled && !now.equals(loadedFrom) ? load(now) : Outcome.UNCHANGED;
  }

  /** Makes it anew, changed or not. */
  synchronized Outcome reload() {
    tried = "";
    return load(fingerprint());
  }

  /** Why it was not taken the last time; empty when it was. */
  synchronized String failure() {
    return failure;
  }

  private Outcome load(String from) {
    try {
      current = loader.load();
      loadedFrom = from;
      failure = "";
      tried = "";
      return Outcome.RELOADED;
    } catch (IOException e) {
      boolean repeated = from.equals(tried);
      tried = from;
      failure = what + " not reloaded, the old one stays: " + e.getMessage();
      return repeated ? Outcome.UNCHANGED : Outcome.FAILED;
    }
  }

  /** Changes with the files: their times, lengths and identities. */
  private String fingerprint() {
    StringBuilder all = new StringBuilder();
    for (Path file : files) {
      try {
        BasicFileAttributes a = Files.readAttributes(file, BasicFileAttributes.class);
        all.append(a.lastModifiedTime()).append(a.size()).append(a.fileKey()).append('|');
      } catch (IOException e) {
        all.append(e.getClass().getSimpleName()).append('|');
      }
    }
    return all.toString();
  }

  /** What became of a look at the files. */
  enum Outcome {
    UNCHANGED,
    RELOADED,
    FAILED
  }
}
