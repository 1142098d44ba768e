package io.kumo.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * The compose file and the manifests are what their schemas allow, and are as strict as promised.
 */
class ManifestTest {
  private static final Path CONTAINERS = Packed.root().resolve("kumo-dist/containers");
  private static final String MODELS = "io.kubernetes.client.openapi.models.V1";

  private static Set<ValidationMessage> composeFaults(String text) throws IOException {
    try (InputStream file = ManifestTest.class.getResourceAsStream("/compose-spec.json")) {
      JsonNode schema = new ObjectMapper().readTree(Objects.requireNonNull(file));
      // Ids of draft 4 in a schema that calls itself a later one: the validator takes neither.
      for (JsonNode part : schema.findParents("id")) {
        ((ObjectNode) part).remove(List.of("id", "$schema"));
      }
      // A duration of Compose is "5s", not one of ISO 8601.
      return JsonSchemaFactory.getInstance(VersionFlag.V7)
          .getSchema(
              schema, SchemaValidatorsConfig.builder().formatAssertionsEnabled(false).build())
          .validate(Yaml.documents(text).get(0));
    }
  }

  private static String compose() throws IOException {
    return Files.readString(CONTAINERS.resolve("compose.yaml"));
  }

  private static List<JsonNode> manifests() throws IOException {
    List<JsonNode> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(CONTAINERS.resolve("kubernetes"))) {
      for (Path file : files.sorted().toList()) {
        all.addAll(Yaml.documents(Files.readString(file)));
      }
    }
    return all;
  }

  private static JsonNode manifest(String kind, String name) throws IOException {
    return manifests().stream()
        .filter(found -> found.at("/kind").asText().equals(kind))
        .filter(found -> found.at("/metadata/name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Stream<JsonNode> elements(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }

  /** By the models that Kubernetes generates from its own API. */
  private static void requireValid(JsonNode manifest) throws Throwable {
    Class<?> model = Class.forName(MODELS + manifest.get("kind").asText());
    try {
      model
          .getMethod("validateJsonElement", JsonElement.class)
          .invoke(null, JsonParser.parseString(manifest.toString()));
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @Test
  void theComposeFileFollowsTheSpecification() throws Exception {
    assertThat(composeFaults(compose())).isEmpty();
    assertThat(composeFaults(compose().replace("read_only:", "readonly:"))).isNotEmpty();
  }

  @Test
  void theComposeFileHasTheClusterAndPublishesTheGatewayAlone() throws Exception {
    JsonNode services = Yaml.documents(compose()).get(0).get("services");
    List<String> names = new ArrayList<>();
    services.fieldNames().forEachRemaining(names::add);
    assertThat(names)
        .filteredOn(name -> name.matches("(manager|server|gateway)-\\d"))
        .containsExactlyInAnyOrder(
            "manager-1", "manager-2", "server-1", "server-2", "server-3", "gateway-1");
    for (String name : names) {
      JsonNode service = services.get(name);
      assertThat(service.get("read_only").asBoolean()).as(name).isTrue();
      assertThat(service.get("cap_drop").get(0).asText()).as(name).isEqualTo("ALL");
      assertThat(service.has("ports")).as(name).isEqualTo(name.startsWith("gateway"));
    }
    assertThat(services.at("/gateway-1/ports/0").asText()).startsWith("127.0.0.1:");
  }

  @Test
  void manifestsFollowTheModelsOfKubernetes() throws Throwable {
    assertThat(manifests()).hasSizeGreaterThan(10);
    for (JsonNode manifest : manifests()) {
      requireValid(manifest);
    }
    String server = manifest("StatefulSet", "kumo-server").toString();
    for (String wrong : List.of("\"replica\"", "\"serviceNames\"")) {
      String right = wrong.equals("\"replica\"") ? "\"replicas\"" : "\"serviceName\"";
      JsonNode broken = Yaml.documents(server.replace(right, wrong)).get(0);
      assertThatThrownBy(() -> requireValid(broken)).hasMessageContaining(wrong.replace("\"", ""));
    }
    JsonNode deep = Yaml.documents(server.replace("\"tcpSocket\"", "\"tcpSockets\"")).get(0);
    assertThatThrownBy(() -> requireValid(deep)).hasMessageContaining("tcpSockets");
  }

  @Test
  void anUpdateOrAnEvictionTakesOneServerAtATimeAndTheNextWhenItIsActive() throws Exception {
    JsonNode server = manifest("StatefulSet", "kumo-server").get("spec");
    assertThat(server.at("/updateStrategy/type").asText()).isEqualTo("RollingUpdate");
    assertThat(server.at("/updateStrategy/rollingUpdate").isMissingNode()).isTrue();
    assertThat(server.at("/minReadySeconds").asInt()).isPositive();
    JsonNode container = server.at("/template/spec/containers/0");
    assertThat(elements(container.at("/readinessProbe/exec/command")).map(JsonNode::asText))
        .containsExactly("kumo-healthcheck", "server", "--ready");
    JsonNode apart =
        server.at(
            "/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/0");
    assertThat(apart.at("/topologyKey").asText()).isEqualTo("kubernetes.io/hostname");
    JsonNode budget = manifest("PodDisruptionBudget", "kumo-server").get("spec");
    assertThat(budget.at("/maxUnavailable").asInt()).isEqualTo(1);
    assertThat(budget.get("selector")).isEqualTo(server.get("selector"));
    for (int i = 0; i < server.get("replicas").asInt(); i++) {
      JsonNode own = manifest("Service", "kumo-server-" + i).get("spec");
      assertThat(own.at("/publishNotReadyAddresses").asBoolean()).isTrue();
    }
  }

  @Test
  void everyPodIsWithoutPrivileges() throws Exception {
    List<JsonNode> pods =
        manifests().stream()
            .map(manifest -> manifest.at("/spec/template/spec"))
            .filter(pod -> !pod.isMissingNode())
            .toList();
    assertThat(pods).hasSize(3);
    for (JsonNode pod : pods) {
      assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
      JsonNode security = pod.at("/containers/0/securityContext");
      assertThat(security.get("readOnlyRootFilesystem").asBoolean()).isTrue();
      assertThat(security.get("allowPrivilegeEscalation").asBoolean(true)).isFalse();
      assertThat(security.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
      assertThat(pod.at("/containers/0/resources/limits/memory").asText()).isNotEmpty();
    }
  }
}
