package io.kumo.it.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kumo.core.ring.NodeAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** One message between two processes of kumofs 0.4.13, as captured. */
record Recorded(JsonNode json) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** All of a scenario, in the order of time. */
  static List<Recorded> scenario(String name) throws IOException {
    List<Recorded> messages = new ArrayList<>();
    String resource = "/golden/" + name + "-messages.jsonl.gz";
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    Objects.requireNonNull(Recorded.class.getResourceAsStream(resource))),
                StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        messages.add(new Recorded(MAPPER.readTree(line)));
      }
    }
    return messages;
  }

  /** Who is behind the ports from which processes connect, as far as they said so. */
  static Map<String, NodeAddress> names(List<Recorded> messages) {
    Map<String, NodeAddress> names = new HashMap<>();
    for (Recorded message : messages) {
      if (message.type().equals("cluster_init")) {
        byte[] address = HexFormat.of().parseHex(message.json.get("address").asText());
        names.put(message.from(), NodeAddress.fromBytes(address));
      }
    }
    return names;
  }

  double seconds() {
    return json.get("t").asDouble();
  }

  String from() {
    return json.get("from").asText();
  }

  String to() {
    return json.get("to").asText();
  }

  String type() {
    return json.get("type").asText();
  }

  String name() {
    return json.path("name").asText();
  }

  boolean isRequest() {
    return type().equals("request");
  }

  long messageId() {
    return json.get("msgid").asLong();
  }

  String hex() {
    return json.get("hex").asText();
  }

  /** The raw key that a request of a client is about; empty where there is none. */
  String key() {
    JsonNode params = json.path("params");
    return name().equals("Set") || name().equals("Delete")
        ? params.path(1).path("raw").asText()
        : params.path(0).path("raw").asText();
  }

  /** The end of a connection that knows its two sides. */
  String link() {
    return from().startsWith("client-port") ? from() : to();
  }
}
