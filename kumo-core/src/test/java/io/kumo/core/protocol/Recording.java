package io.kumo.core.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** What kumofs 0.4.13 processes sent one another, from golden/wire. */
final class Recording {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Recording() {}

  /** Objects with from, to, session, type, name, hex and so on, in the order of time. */
  static List<JsonNode> messages(String scenario) {
    return lines(scenario + "-messages");
  }

  /** Objects with request_hex, response_hex and so on. */
  static List<JsonNode> pairs(String scenario) {
    return lines(scenario + "-pairs");
  }

  static ByteBuf bytes(JsonNode message, String field) {
    return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(message.get(field).asText()));
  }

  private static List<JsonNode> lines(String name) {
    String resource = "/golden/wire/" + name + ".jsonl.gz";
    List<JsonNode> lines = new ArrayList<>();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Recording.class.getResourceAsStream(resource)),
                StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(JSON.readTree(line));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return lines;
  }
}
