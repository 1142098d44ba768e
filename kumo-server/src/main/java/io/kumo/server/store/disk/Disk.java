package io.kumo.server.store.disk;

import java.io.IOException;
import java.util.List;

/**
 * The one directory of a store, as the engine sees it. A layer of its own so that tests can lose
 * what was not synced, tear it, and fill the disk. Names are plain file names.
 */
public interface Disk {
  /** Opens a file for reading and writing, making it when it is missing. */
  DiskFile open(String name) throws IOException;

  boolean exists(String name);

  /** The names of all files, in no order. */
  List<String> list() throws IOException;

  /** Renames a file, replacing another of the new name; durable after {@link #syncNames}. */
  void rename(String from, String to) throws IOException;

  /** Deletes a file if it is there. */
  void delete(String name) throws IOException;

  /** Makes the making, renaming and deleting of files durable. */
  void syncNames() throws IOException;

  /** Room that is left, in bytes. */
  long usableBytes() throws IOException;

  /** Size of the whole disk in bytes. */
  long totalBytes() throws IOException;

  /** What to call the directory in a message. */
  String describe();
}
