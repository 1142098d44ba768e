package io.kumo.tools.binlog;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.ring.NodeAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How events are printed: as kumolog of kumofs 0.4.13 does, or as JSON. */
final class EventText {
  private static final Map<String, String> EVENTS =
      Map.of(
          "SM", "Manager start",
          "SS", "Server start",
          "SW", "Gateway start",
          "nS", "new server",
          "lS", "lost server",
          "eP", "unknown partner",
          "eg", "Get failed",
          "es", "Set failed",
          "ed", "Delete failed");

  private static final Map<String, String> REPLICATION =
      Map.of("ers", "ReplicateSet failed", "erd", "ReplicateDelete failed");

  private static final Map<String, String> ADDRESSES =
      Map.of("addr", "address", "Padd", "partner", "mgr1", "manager1", "mgr2", "manager2");

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private final ZoneId zone;

  EventText(ZoneId zone) {
    this.zone = zone;
  }

  /** One line, without its end. */
  String text(LogEvent event) {
    SortedMap<String, String> fields = new TreeMap<>();
    event.fields().forEach((name, value) -> fields.put(label(name), text(name, value)));
    StringBuilder line = new StringBuilder();
    line.append(event.name()).append('.').append(event.version());
    line.append("  %-15s".formatted(title(event.name())));
    fields.forEach((label, text) -> line.append("  " + label + "=[" + text + "]"));
    return line.toString();
  }

  private static String title(String name) {
    return EVENTS.getOrDefault(name, REPLICATION.getOrDefault(name, "unknown event"));
  }

  private static String label(String name) {
    return ADDRESSES.getOrDefault(name, name);
  }

  private String text(String name, Object value) {
    if (value instanceof Long number) {
      return name.equals("time")
          ? TIME.format(Instant.ofEpochSecond(number).atZone(zone))
          : Long.toUnsignedString(number);
    }
    byte[] bytes = (byte[]) value;
    NodeAddress address = address(name, bytes);
    return address == null ? printable(bytes) : address.toString();
  }

  private static @Nullable NodeAddress address(String name, byte[] bytes) {
    boolean isAddress = ADDRESSES.containsKey(name) && NodeAddress.isLength(bytes.length);
    return isAddress ? NodeAddress.fromBytes(bytes) : null;
  }

  /** Text if it is UTF-8; what would move the cursor or is no text as {@code \xNN}. */
  private static String printable(byte[] bytes) {
    String text = utf8(bytes);
    StringBuilder out = new StringBuilder();
    if (text == null) {
      for (byte b : bytes) {
        append(out, b & 0xff, b < ' ' || b == 0x7f);
      }
    } else {
      text.codePoints().forEach(c -> append(out, c, Character.isISOControl(c)));
    }
    return out.toString();
  }

  private static void append(StringBuilder out, int c, boolean escape) {
    if (escape) {
      out.append("\\x%02x".formatted(c));
    } else {
      out.appendCodePoint(c);
    }
  }

  /** Null if it is not. */
  private static @Nullable String utf8(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    return Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes) ? text : null;
  }

  /** Names as in the text; bytes that are not UTF-8 in base64, under the name with 64 behind. */
  ObjectNode json(LogEvent event) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("event", event.name()).put("version", event.version());
    object.put("title", title(event.name()));
    event.fields().forEach((name, value) -> put(object, name, value));
    return object;
  }

  private static void put(ObjectNode object, String name, Object value) {
    String label = label(name);
    if (value instanceof Long number) {
      object.put(label, number);
      return;
    }
    byte[] bytes = (byte[]) value;
    NodeAddress address = address(name, bytes);
    String text = address == null ? utf8(bytes) : address.toString();
    if (text == null) {
      object.put(label + "64", Base64.getEncoder().encodeToString(bytes));
    } else {
      object.put(label, text);
    }
  }
}
