package io.kumo.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is packed does not listen off loopback without the cluster's secret, or clients' TLS, unless
 * it says beside that why it may.
 */
class ClosedByDefaultTest {
  private static final Path DIST = Packed.root().resolve("kumo-dist");
  private static final Path CONTAINERS = DIST.resolve("containers");
  private static final Path UNITS = DIST.resolve("src/main/systemd");
  private static final String REQUIRED = "--require-security";
  private static final Map<String, String> MAIN =
      Map.of(
          "kumo-manager", "io.kumo.manager.ManagerMain",
          "kumo-server", "io.kumo.server.ServerMain",
          "kumo-gateway", "io.kumo.gateway.GatewayMain");

  @TempDir Path folder;

  private static List<String> commandOf(String unit, String options) throws IOException {
    Matcher start =
        Pattern.compile("(?m)^ExecStart=/usr/bin/(\\S+) (.*)$")
            .matcher(Files.readString(UNITS.resolve(unit)));
    assertThat(start.find()).as(unit).isTrue();
    List<String> words = new ArrayList<>(List.of(start.group(1)));
    for (String word : start.group(2).split(" ", -1)) {
      words.addAll(word.startsWith("$") ? List.of(options.split(" ", -1)) : List.of(word));
    }
    return words;
  }

  /** What a unit would start, with these options of /etc/default. */
  private String refusal(String unit, String options) throws Exception {
    List<String> command = commandOf(unit, options);
    String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
    List<String> words =
        new ArrayList<>(List.of(java, "-cp", System.getProperty("java.class.path")));
    words.add(MAIN.get(command.get(0)));
    command.stream()
        .skip(1)
        .map(word -> word.replace("/var/lib", folder.toString()))
        .forEach(words::add);
    Path errors = folder.resolve("errors");
    ProcessBuilder builder = new ProcessBuilder(words).redirectError(errors.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("KUMO_"));
    builder.environment().put("XDG_CONFIG_HOME", folder.resolve("etc").toString());
    Process process = builder.start();
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("ended by itself").isTrue();
      assertThat(process.exitValue()).isEqualTo(2);
      return Files.readString(errors);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void unitsStartNothingThatIsOpenOffLoopback() throws Exception {
    String manager = refusal("kumo-manager.service", "-l 0.0.0.0:1 --advertise 127.0.0.1:1");
    assertThat(manager).contains("0.0.0.0:1 would be open").contains("--secret-file");
    String gateway = refusal("kumo-gateway.service", "-m 127.0.0.1 -t 0.0.0.0:1");
    assertThat(gateway).contains("0.0.0.0:1 would be open").contains("--auth-file");
    for (String unit : List.of("kumo-manager", "kumo-server@", "kumo-gateway")) {
      assertThat(commandOf(unit + ".service", "")).contains(REQUIRED);
      assertThat(Files.readString(UNITS.resolve(unit + ".service")))
          .contains("\nEnvironment=XDG_CONFIG_HOME=/etc\n");
    }
  }

  @Test
  void imagesDoNotEither() throws IOException {
    String file = Files.readString(CONTAINERS.resolve("Containerfile"));
    List<String> entries = file.lines().filter(line -> line.startsWith("ENTRYPOINT")).toList();
    assertThat(entries).hasSize(3).allMatch(line -> line.contains('"' + REQUIRED + '"'));
    assertThat(file).contains("\nENV XDG_CONFIG_HOME=/etc\n").contains("/etc/kumo\n");
  }

  @Test
  void everyServiceOfComposeReadsTheSecret() throws IOException {
    JsonNode services =
        Yaml.documents(Files.readString(CONTAINERS.resolve("compose.yaml"))).get(0).get("services");
    Set<String> open = new TreeSet<>();
    for (Map.Entry<String, JsonNode> named : services.properties()) {
      String name = named.getKey();
      JsonNode service = named.getValue();
      boolean makes = name.equals("secret");
      assertThat(service.get("volumes").toString())
          .as(name)
          .contains(makes ? "secret:/etc/kumo\"" : "secret:/etc/kumo:ro");
      assertThat(service.at("/depends_on/secret/condition").asText())
          .as(name)
          .isEqualTo(makes ? "" : "service_completed_successfully");
      if (service.has("entrypoint")) {
        open.add(name);
      }
    }
    assertThat(open).containsExactly("gateway-1"); // published on the host's loopback alone
  }

  @Test
  void podsReadTheSecretsAndNoneIsOpen() throws IOException {
    int pods = 0;
    try (Stream<Path> files = Files.list(CONTAINERS.resolve("kubernetes"))) {
      for (Path file : files.sorted().toList()) {
        for (JsonNode manifest : Yaml.documents(Files.readString(file))) {
          JsonNode pod = manifest.at("/spec/template/spec");
          if (!pod.isMissingNode()) {
            requireClosed(pod, file.toString());
            pods++;
          }
        }
      }
    }
    assertThat(pods).isEqualTo(3);
  }

  private static void requireClosed(JsonNode pod, String of) {
    JsonNode container = pod.at("/containers/0");
    assertThat(pod.get("volumes").toString()).as(of).contains("\"secretName\":\"kumo-cluster\"");
    assertThat(container.get("volumeMounts").toString()).as(of).contains("\"/etc/kumo\"");
    // Whose group may read root's file, as docs/security.md has it.
    for (JsonNode volume : pod.get("volumes")) {
      if (volume.has("secret")) {
        assertThat(volume.at("/secret/defaultMode").asInt()).as(of).isEqualTo(0440);
      }
    }
    if (container.has("command")) { // the image's entry point is not used then
      assertThat(container.get("command").toString()).as(of).contains(REQUIRED);
    }
    if (container.at("/name").asText().equals("gateway")) {
      assertThat(container.get("args").toString()).contains("--auth-file", "--tls-cert");
    }
  }
}
