package io.kumo.tools.importing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/** How many records came to what. Not thread-safe. */
public final class ImportCounts {
  /** Reasons told apart; what a source could invent without end is counted as one more. */
  private static final int MAX_REASONS = 64;

  private static final String OTHER = "other reasons";

  private long loaded;
  private long there;
  private long newer;
  private final Map<String, Long> refused = new TreeMap<>();

  void add(LoadResult result, String why) {
    switch (result) {
      case LOADED -> loaded++;
      case THERE -> there++;
      case NEWER -> newer++;
      case REFUSED -> {
        boolean known = refused.containsKey(why) || refused.size() < MAX_REASONS;
        refused.merge(known ? why : OTHER, 1L, Long::sum);
      }
    }
  }

  public long all() {
    return loaded + there + newer + refusedCount();
  }

  public long refusedCount() {
    return refused.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Lines of text, each ended. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append("loaded         %d\n".formatted(loaded));
    text.append("already there  %d\n".formatted(there));
    text.append("kept newer     %d\n".formatted(newer));
    text.append("refused        %d\n".formatted(refusedCount()));
    return text + reasons();
  }

  /** Of a run that loaded nothing. */
  String dryText() {
    return "to load        %d\nrefused        %d\n".formatted(loaded, refusedCount()) + reasons();
  }

  /** Of a run that loaded nothing. */
  ObjectNode dryJson() {
    ObjectNode object = JsonNodeFactory.instance.objectNode().put("toLoad", loaded);
    ObjectNode reasons = object.putObject("refused");
    refused.forEach(reasons::put);
    return object;
  }

  private String reasons() {
    StringBuilder text = new StringBuilder();
    refused.forEach((why, count) -> text.append("  %d %s\n".formatted(count, why)));
    return text.toString();
  }

  public ObjectNode json() {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("loaded", loaded).put("there", there).put("newer", newer);
    ObjectNode reasons = object.putObject("refused");
    refused.forEach(reasons::put);
    return object;
  }

  static ImportCounts of(JsonNode json) {
    ImportCounts counts = new ImportCounts();
    counts.loaded = json.path("loaded").asLong();
    counts.there = json.path("there").asLong();
    counts.newer = json.path("newer").asLong();
    json.path("refused")
        .properties()
        .forEach(entry -> counts.refused.put(entry.getKey(), entry.getValue().asLong()));
    return counts;
  }
}
