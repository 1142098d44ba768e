package io.kumo.it.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kumo.it.process.KumoProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

/** A section of the page about operations, whose commands a test runs as they stand there. */
final class Story {
  /** Runs kumoctl with these words behind the manager. */
  interface Kumoctl {
    KumoProcess.Result run(String... words);
  }

  private final Kumoctl kumoctl;
  private final String title;
  private final List<String> lines;

  Story(DeskCluster cluster, String title) throws IOException {
    this(cluster::kumoctl, title);
  }

  Story(Kumoctl kumoctl, String title) throws IOException {
    this.kumoctl = kumoctl;
    this.title = title;
    List<String> page = Files.readAllLines(Documented.path("operations.md"));
    int from = page.indexOf("## " + title);
    assertThat(from).as("section %s", title).isNotNegative();
    List<String> rest = page.subList(from + 1, page.size());
    this.lines = rest.stream().takeWhile(line -> !line.startsWith("## ")).toList();
  }

  /** Runs a command of the section by a manager that is there. */
  KumoProcess.Result run(String command, Map<String, String> names) {
    assertThat(lines).as("section %s", title).contains("kumoctl MANAGER " + command);
    String[] words = command.split(" ", -1);
    for (int i = 0; i < words.length; i++) {
      words[i] = names.getOrDefault(words[i], words[i]);
    }
    return kumoctl.run(words);
  }

  /** Runs a command again and again until it ends well. */
  void awaitDone(String command) {
    await().atMost(DeskCluster.PATIENCE).until(() -> run(command, Map.of()).exitCode() == 0);
  }

  /** As is told of a server that was restarted: attaches what is fault, and looks. */
  void awaitAttached() {
    await()
        .atMost(DeskCluster.PATIENCE)
        .until(
            () ->
                run("attach --wait", Map.of()).exitCode() == 0
                    && !kumoctl.run("status").output().contains("(fault)"));
    awaitDone("status -o table");
  }

  /** The same of one that has to end well. */
  KumoProcess.Result done(String command, Map<String, String> names) {
    KumoProcess.Result result = run(command, names);
    assertThat(result.exitCode()).as(command + result.output() + result.errors()).isZero();
    return result;
  }
}
