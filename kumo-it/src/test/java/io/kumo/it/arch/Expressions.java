package io.kumo.it.arch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What the dashboard and the alerts in kumo-dist ask Prometheus for. */
public final class Expressions {
  private static final Pattern NAME = Pattern.compile("kumo_[a-z0-9_]+");
  private static final Pattern ALERT = Pattern.compile("(?m)^ +expr: (.+)$");

  private Expressions() {}

  static Path root() {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(root.resolve("kumo-core"))) {
      root = root.getParent();
    }
    return root;
  }

  /** Where they are. */
  public static Path folder() {
    return root().resolve("kumo-dist/src/main/monitoring");
  }

  /** All of them. */
  public static List<String> all() throws IOException {
    List<String> all = new ArrayList<>();
    JsonNode dashboard = new ObjectMapper().readTree(folder().resolve("dashboard.json").toFile());
    for (JsonNode panel : dashboard.get("panels")) {
      panel.get("targets").forEach(target -> all.add(target.get("expr").asText()));
    }
    String alerts = Files.readString(folder().resolve("alerts.yaml"));
    ALERT.matcher(alerts).results().forEach(match -> all.add(match.group(1)));
    return all;
  }

  /** The metrics in them; of a histogram its own name. */
  public static Set<String> names(Collection<String> expressions) {
    Set<String> names = new TreeSet<>();
    for (String expression : expressions) {
      NAME.matcher(expression)
          .results()
          .forEach(match -> names.add(match.group().replaceAll("_(bucket|count|sum)$", "")));
    }
    return names;
  }
}
