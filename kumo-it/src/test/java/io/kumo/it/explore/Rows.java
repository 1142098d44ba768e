package io.kumo.it.explore;

import java.util.ArrayList;
import java.util.List;

/** Rows of ints of one width, added at the end and never changed. */
final class Rows {
  private static final int CHUNK_ROWS = 1 << 14;

  private final int width;
  private final List<int[]> chunks = new ArrayList<>();
  private int size;

  Rows(int width) {
    this.width = width;
  }

  int size() {
    return size;
  }

  void add(int[] row, int parent, int label) {
    if (size % CHUNK_ROWS == 0) {
      chunks.add(new int[CHUNK_ROWS * width]);
    }
    int[] chunk = chunks.get(size / CHUNK_ROWS);
    int at = size % CHUNK_ROWS * width;
    System.arraycopy(row, 0, chunk, at, width - 2);
    chunk[at + width - 2] = parent;
    chunk[at + width - 1] = label;
    size++;
  }

  int[] state(int row) {
    int[] state = new int[width - 2];
    System.arraycopy(chunks.get(row / CHUNK_ROWS), row % CHUNK_ROWS * width, state, 0, width - 2);
    return state;
  }

  int parent(int row) {
    return chunks.get(row / CHUNK_ROWS)[row % CHUNK_ROWS * width + width - 2];
  }

  int label(int row) {
    return chunks.get(row / CHUNK_ROWS)[row % CHUNK_ROWS * width + width - 1];
  }
}
