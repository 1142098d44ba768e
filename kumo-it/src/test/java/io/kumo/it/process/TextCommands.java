package io.kumo.it.process;

import java.io.IOException;

/**
 * A program that gives memcached commands to the gateway of its own machine, and prints what they
 * were answered: {@code PORT set FROM TO} stores a value under each of these numbers, {@code PORT
 * get FROM TO} reads them back; both count what was right.
 */
final class TextCommands {
  private TextCommands() {}

  public static void main(String[] arguments) throws IOException {
    int from = Integer.parseInt(arguments[2]);
    int to = Integer.parseInt(arguments[3]);
    int right = 0;
    try (TextClient client = new TextClient(Integer.parseInt(arguments[0]))) {
      for (int i = from; i < to; i++) {
        boolean sets = arguments[1].equals("set");
        right +=
            sets
                ? client.set("key-" + i, "value-" + i).equals("STORED") ? 1 : 0
                : ("value-" + i).equals(client.get("key-" + i)) ? 1 : 0;
      }
    }
    System.out.println(right + " right");
  }
}
