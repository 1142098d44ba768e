package io.kumo.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kumo.core.log.LogId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines of a daemon's log in both forms, those with a number among them. */
class LogFormatTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String ID = LogId.NO_MANAGER_ANSWERS.getName();

  @TempDir Path directory;

  /** One whose manager is not there, which it says. */
  private KumoProcess gateway(String... more) {
    String manager = "127.0.0.1:" + FreePorts.one();
    String clients = "127.0.0.1:" + FreePorts.one();
    List<String> arguments = new ArrayList<>(List.of("-m", manager, "-t", clients));
    arguments.addAll(List.of(more));
    return KumoProcess.start(directory.resolve("log"), "io.kumo.gateway.GatewayMain", arguments);
  }

  @Test
  void aLineEndsInItsNumber() {
    try (KumoProcess gateway = gateway()) {
      await().atMost(PATIENCE).until(() -> gateway.output().contains(ID));
      assertThat(gateway.output().lines().filter(line -> line.contains(ID)))
          .allMatch(
              line ->
                  line.matches(
                      "\\d{4}-\\d\\d-\\d\\d [\\d:]{8} ViewSubscriber: manager .* trying on \\["
                          + ID
                          + "]"));
      assertThat(gateway.output().lines().filter(line -> line.contains("listens on")))
          .singleElement()
          .asString()
          .doesNotContain("[");
    }
  }

  @Test
  void everyLineIsAnObjectWhereThatIsAskedFor() throws Exception {
    try (KumoProcess gateway = gateway("--log-format", "json", "-v")) {
      await().atMost(PATIENCE).until(() -> gateway.output().contains(ID));
      ObjectMapper json = new ObjectMapper();
      String whole = gateway.output();
      List<String> ids = new ArrayList<>();
      for (String line : whole.substring(0, whole.lastIndexOf('\n')).lines().toList()) {
        JsonNode object = json.readTree(line);
        assertThat(Instant.parse(object.get("time").asText())).isNotNull();
        assertThat(object.get("message").asText()).isNotEmpty();
        assertThat(object.get("level").asText()).isIn("INFO", "WARN", "ERROR");
        assertThat(object.get("logger").asText()).isNotEmpty();
        ids.add(object.path("id").asText());
      }
      assertThat(ids).contains(ID, "");
    }
  }
}
