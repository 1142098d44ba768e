package io.kumo.it.process;

import java.io.IOException;

/**
 * A program that gives memcached commands to the gateway of its own machine, and prints what they
 * were answered: {@code PORT set FROM TO} stores a value under each of these numbers, {@code PORT
 * get FROM TO} reads them back; both count what was right, and end at the first that was not.
 */
final class TextCommands {
  private TextCommands() {}

  public static void main(String[] arguments) throws IOException {
    int from = Integer.parseInt(arguments[2]);
    int to = Integer.parseInt(arguments[3]);
    boolean sets = arguments[1].equals("set");
    int at = from;
    try (TextClient client = new TextClient(Integer.parseInt(arguments[0]))) {
      while (at < to && (sets ? isStored(client, at) : isThere(client, at))) {
        at++;
      }
    }
    System.out.println((at - from) + " right");
  }

  private static boolean isStored(TextClient client, int number) throws IOException {
    return client.set("key-" + number, "value-" + number).equals("STORED");
  }

  private static boolean isThere(TextClient client, int number) throws IOException {
    return ("value-" + number).equals(client.get("key-" + number));
  }
}
