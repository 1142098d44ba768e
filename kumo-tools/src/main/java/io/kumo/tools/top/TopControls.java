package io.kumo.tools.top;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** What the user has chosen by keys. Not thread-safe. */
final class TopControls {
  private static final int ESCAPE = 27;
  private static final int BACKSPACE = 127;
  private static final int CONTROL_H = 8;
  private static final int MAX_FILTER = 40;

  /** What a key asks for besides another picture. */
  enum Wish {
    NOTHING,
    QUIT
  }

  private TopSort sort = TopSort.SERVER;
  private boolean reversed;
  private boolean paused;
  private boolean help;
  private boolean typing;
  private final StringBuilder filter = new StringBuilder();

  /** Takes a key as the terminal gives it. */
  Wish key(int key) {
    if (typing) {
      type(key);
      return Wish.NOTHING;
    }
    switch (key) {
      case 'q', 'Q', 3 -> {
        return Wish.QUIT;
      }
      case 's' -> sort = sort.next();
      case 'r' -> reversed = !reversed;
      case 'p', ' ' -> paused = !paused;
      case 'h', '?' -> help = !help;
      case '/' -> typing = true;
      case ESCAPE -> {
        help = false;
        filter.setLength(0);
      }
      default -> {}
    }
    return Wish.NOTHING;
  }

  private void type(int key) {
    if (key == '\r' || key == '\n') {
      typing = false;
    } else if (key == ESCAPE) {
      typing = false;
      filter.setLength(0);
    } else if (key == BACKSPACE || key == CONTROL_H) {
      filter.setLength(Math.max(0, filter.length() - 1));
    } else if (key > ' ' && key < BACKSPACE && filter.length() < MAX_FILTER) {
      filter.append((char) key);
    }
  }

  /** Those rows that the filter lets through, in the order that was chosen. */
  List<TopRow> choose(List<TopRow> rows) {
    String wanted = filter.toString().toLowerCase(Locale.ROOT);
    List<TopRow> chosen = new ArrayList<>(rows);
    chosen.removeIf(
        row ->
            !row.now().server().toLowerCase(Locale.ROOT).contains(wanted)
                && !row.now().state().toLowerCase(Locale.ROOT).contains(wanted));
    chosen.sort(sort.order());
    if (reversed) {
      Collections.reverse(chosen);
    }
    return chosen;
  }

  boolean isPaused() {
    return paused;
  }

  boolean showsHelp() {
    return help;
  }

  /** In one line; empty when nothing differs from the beginning. */
  String summary() {
    List<String> parts = new ArrayList<>();
    if (paused) {
      parts.add("PAUSED");
    }
    if (sort != TopSort.SERVER || reversed) {
      parts.add("by " + sort.word() + (reversed ? ", reversed" : ""));
    }
    if (typing) {
      parts.add("filter: " + filter + "_");
    } else if (!filter.isEmpty()) {
      parts.add("only " + filter);
    }
    return String.join("  ", parts);
  }
}
