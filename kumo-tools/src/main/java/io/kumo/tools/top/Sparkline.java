package io.kumo.tools.top;

import java.util.ArrayDeque;
import java.util.Deque;

/** The last values of something that is looked at again and again, as a line of small bars. */
final class Sparkline {
  private static final String BLOCKS = " ▁▂▃▄▅▆▇█";
  private static final String PLAIN = " .:-=+*#%";

  private final int capacity;
  private final Deque<Double> values = new ArrayDeque<>();

  /**
   * @param capacity values that it keeps
   */
  Sparkline(int capacity) {
    this.capacity = capacity;
  }

  void add(double value) {
    if (values.size() == capacity) {
      values.removeFirst();
    }
    values.addLast(value);
  }

  /**
   * The newest at the right; the highest bar is the greatest of those shown.
   *
   * @param unicode whether the terminal shows block characters
   */
  String text(int width, boolean unicode) {
    String bars = unicode ? BLOCKS : PLAIN;
    double[] shown =
        values.stream()
            .skip(Math.max(0, values.size() - width))
            .mapToDouble(Double::doubleValue)
            .toArray();
    double top = 0;
    for (double value : shown) {
      top = Math.max(top, value);
    }
    StringBuilder text = new StringBuilder(" ".repeat(Math.max(0, width - shown.length)));
    for (double value : shown) {
      int height = top == 0 ? 0 : (int) Math.ceil(value / top * (bars.length() - 1));
      text.append(bars.charAt(height));
    }
    return text.toString();
  }
}
