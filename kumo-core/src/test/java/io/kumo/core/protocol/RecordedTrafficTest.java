package io.kumo.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kumo.core.protocol.original.ResultReencoder;
import io.kumo.core.protocol.wire.FrameDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every message that was recorded between kumofs 0.4.13 processes is understood. */
class RecordedTrafficTest {
  @ParameterizedTest
  @ValueSource(strings = {"A", "B", "C", "D"})
  void everyMessageEncodesToTheBytesItWasDecodedFrom(String scenario) throws Exception {
    int count = 0;
    for (JsonNode message : Recording.messages(scenario)) {
      ByteBuf bytes = Recording.bytes(message, "hex");
      Reencoder reencoder = new Reencoder(kind(scenario, message));
      new FrameDecoder().decode(bytes.duplicate(), reencoder);
      assertThat(ByteBufUtil.hexDump(reencoder.out)).as(message.toString()).isEqualTo(hex(bytes));
      assertThat(seen(reencoder)).as(message.toString()).isEqualTo(message.get("type").asText());
      count++;
    }
    assertThat(count).isGreaterThan(500);
  }

  @ParameterizedTest
  @ValueSource(strings = {"A", "B", "C", "D"})
  void onlyWhatTheOriginalRefusedIsUnknownOrMalformed(String scenario) throws Exception {
    for (JsonNode pair : Recording.pairs(scenario)) {
      Reencoder reencoder = new Reencoder(kind(scenario, pair));
      new FrameDecoder().decode(Recording.bytes(pair, "request_hex"), reencoder);
      boolean known = reencoder.requests.get(0) instanceof Request.Known;
      boolean refused = pair.path("error").asInt(0) == ErrorCode.PROTOCOL.id();
      if (!refused) {
        assertThat(known).as(pair.toString()).isTrue();
      }
    }
  }

  @Test
  void everyMethodOfTheOriginalWasRecorded() throws Exception {
    TreeSet<Method> seen = new TreeSet<>();
    Map<Class<?>, Integer> forms = new HashMap<>();
    for (String scenario : List.of("A", "B", "C", "D")) {
      for (JsonNode message : Recording.messages(scenario)) {
        Reencoder reencoder = new Reencoder(kind(scenario, message));
        new FrameDecoder().decode(Recording.bytes(message, "hex"), reencoder);
        for (Request request : reencoder.requests) {
          forms.merge(request.getClass(), 1, Integer::sum);
          if (request instanceof Request.Known known) {
            seen.add(known.message().method());
          }
        }
      }
    }
    assertThat(seen)
        .containsExactlyElementsOf(
            List.of(Method.values()).stream().filter(m -> !m.isExtended()).toList());
    assertThat(forms).containsKeys(Request.Unknown.class, Request.Malformed.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"A", "C", "D"})
  void resultsOfColdMethodsEncodeToTheBytesTheyWereDecodedFrom(String scenario) throws Exception {
    int count = 0;
    for (JsonNode pair : Recording.pairs(scenario)) {
      if (pair.get("response_hex").isNull()) {
        continue;
      }
      Reencoder request = new Reencoder(kind(scenario, pair));
      new FrameDecoder().decode(Recording.bytes(pair, "request_hex"), request);
      ResultReencoder results = new ResultReencoder(request.requests.get(0));
      ByteBuf response = Recording.bytes(pair, "response_hex");
      new FrameDecoder().decode(response.duplicate(), results);
      if (results.out.isReadable()) {
        assertThat(ByteBufUtil.hexDump(results.out)).as(pair.toString()).isEqualTo(hex(response));
        count++;
      }
    }
    assertThat(count).isGreaterThan(10);
  }

  @Test
  void aStreamCutAnywhereGivesTheSameMessages() throws Exception {
    ByteBuf all = Unpooled.buffer();
    for (JsonNode message : Recording.messages("A").subList(0, 60)) {
      all.writeBytes(Recording.bytes(message, "hex"));
    }
    for (int cut = 0; cut <= all.readableBytes(); cut++) {
      FrameDecoder decoder = new FrameDecoder();
      Reencoder reencoder = new Reencoder(null);
      ByteBuf arrived = Unpooled.buffer().writeBytes(all, 0, cut);
      decoder.decode(arrived, reencoder);
      arrived.discardReadBytes().writeBytes(all, cut, all.readableBytes() - cut);
      decoder.decode(arrived, reencoder);
      assertThat(reencoder.out).as("cut at " + cut).isEqualTo(all);
    }
  }

  @Test
  void aStreamThatArrivesByteByByteGivesTheSameMessages() throws Exception {
    ByteBuf all = Unpooled.buffer();
    Recording.messages("C").forEach(message -> all.writeBytes(Recording.bytes(message, "hex")));
    FrameDecoder decoder = new FrameDecoder();
    Reencoder reencoder = new Reencoder(null);
    ByteBuf arrived = Unpooled.buffer();
    for (int i = 0; i < all.readableBytes(); i++) {
      arrived.writeByte(all.getByte(i));
      decoder.decode(arrived, reencoder);
      arrived.discardReadBytes();
    }
    assertThat(reencoder.out).isEqualTo(all);
  }

  /** Null where the recording began in the middle of a connection. */
  private static @Nullable ConnectionKind kind(String scenario, JsonNode message) {
    if (scenario.equals("B")) {
      return null;
    }
    boolean cluster = message.get("session").asText().equals("cluster");
    return cluster ? ConnectionKind.CLUSTER : ConnectionKind.SUBSYSTEM;
  }

  private static String hex(ByteBuf bytes) {
    return ByteBufUtil.hexDump(bytes);
  }

  private static String seen(Reencoder reencoder) {
    if (reencoder.clusterInits == 1) {
      return "cluster_init";
    }
    return reencoder.responses == 1 ? "response" : "request";
  }
}
