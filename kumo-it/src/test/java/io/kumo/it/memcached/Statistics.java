package io.kumo.it.memcached;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The answer to {@code stats}. */
record Statistics(Map<String, String> lines) {
  static Statistics of(Wire client) throws IOException {
    client.send("stats\r\n");
    Map<String, String> lines = new HashMap<>();
    for (String line = client.line(); !line.equals("END"); line = client.line()) {
      String[] words = line.split(" ", 3);
      lines.put(words[1], words[2]);
    }
    return new Statistics(lines);
  }

  String text(String name) {
    return Objects.requireNonNull(lines.get(name), name);
  }

  long number(String name) {
    return Long.parseLong(text(name));
  }
}
