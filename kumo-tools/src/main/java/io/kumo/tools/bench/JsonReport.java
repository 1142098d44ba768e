package io.kumo.tools.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.tools.bench.codec.BenchOperation;
import io.kumo.tools.bench.workload.LoadSpec;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What was measured, as one JSON object; latencies in microseconds. */
final class JsonReport {

  private final LoadSpec spec;
  private final List<List<Result>> targets;

  JsonReport(LoadSpec spec, List<List<Result>> targets) {
    this.spec = spec;
    this.targets = targets;
  }

  String write() {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode root = mapper.createObjectNode();
    root.put("protocol", spec.protocol().name().toLowerCase(Locale.ROOT));
    root.put("mix", spec.mix().toString());
    root.put("connections", spec.connections()).put("in_flight", spec.inFlight());
    root.put("rate", spec.ratePerSecond()).put("keys", spec.keys());
    root.put("key_bytes", spec.keySpace().keyBytes());
    root.put("value_bytes", spec.valueSizes().toString()).put("verified", spec.verify());
    ArrayNode list = root.putArray("targets");
    for (List<Result> rounds : targets) {
      ObjectNode target = list.addObject().put("name", rounds.get(0).target().name());
      rounds.forEach(round -> round(target.withArray("rounds").addObject(), round));
    }
    for (int i = 0; i < targets.size() - 1; i++) {
      ObjectNode ratios = i == 0 ? root.putObject("ratio") : root.putObject("ratio_" + (i + 1));
      put(ratios.putObject("requests_per_second"), ratio(i, Result::perSecond));
      put(ratios.putObject("p50"), ratio(i, r -> r.latencyUs(50)));
      put(ratios.putObject("p99"), ratio(i, r -> r.latencyUs(99)));
    }
    try {
      return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Spread ratio(int target, ToDoubleFunction<Result> figure) {
    return Result.ratio(targets.get(target), targets.get(targets.size() - 1), figure);
  }

  private static void put(ObjectNode node, Spread c) {
    node.put("median", c.median()).put("least", c.least()).put("greatest", c.greatest());
  }

  private static void round(ObjectNode node, Result round) {
    node.put("requests_per_second", round.perSecond());
    node.put("generator_busy", round.generatorShare());
    node.put("generator_us_per_request", round.generatorUs());
    if (!Double.isNaN(round.targetCpuSeconds())) {
      node.put("target_cpu_seconds", round.targetCpuSeconds());
      ArrayNode processes = node.putArray("process_cpu_seconds");
      round.cpuSeconds().forEach(processes::add);
    }
    node.put("wrong", round.stats().wrong).put("lost", round.stats().lost);
    ObjectNode operations = node.putObject("operations");
    for (Map.Entry<BenchOperation, Stats.StatsLine> entry : round.stats().lines().entrySet()) {
      Stats.StatsLine line = entry.getValue();
      ObjectNode operation = operations.putObject(entry.getKey().label());
      operation.put("answered", line.answered).put("errors", line.errors);
      operation.put("keys_asked", line.keysAsked).put("keys_found", line.keysFound);
      ObjectNode latency = operation.putObject("latency_us");
      for (double percentile : Result.PERCENTILES) {
        latency.put(
            Result.label(percentile), line.latencyNs.getValueAtPercentile(percentile) / 1e3);
      }
    }
  }
}
