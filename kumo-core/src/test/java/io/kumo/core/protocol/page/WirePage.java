package io.kumo.core.protocol.page;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of docs/wire.md that follows from the code. */
final class WirePage {
  static final Path FILE = Path.of("../docs/wire.md");

  /** What stands behind it is not written by hand. */
  static final String MARK = "<!-- WirePageTest compares what follows with the code -->\n";

  private static final Path METHODS = Path.of("src/main/java/io/kumo/core/protocol/Method.java");

  private WirePage() {}

  static List<WireEntry> entries() {
    List<WireEntry> all = new ArrayList<>(RecordMessages.all());
    all.addAll(ClusterMessages.all());
    all.addAll(DeskMessages.all());
    all.addAll(VoteMessages.all());
    all.sort(Comparator.comparingInt(entry -> entry.message().method().id()));
    return all;
  }

  static String text() throws IOException {
    String source = Files.readString(METHODS);
    StringBuilder page = new StringBuilder(MARK);
    page.append("\n## All methods\n\n| id | name | from, to |\n|---|---|---|\n");
    for (Method method : Method.values()) {
      page.append("| %s | %s | %s |\n".formatted(id(method), method, way(method, source)));
    }
    page.append("\n## Extended methods, byte by byte\n");
    for (WireEntry entry : entries()) {
      Message message = entry.message();
      Method method = message.method();
      page.append("\n### ").append(id(method)).append(' ').append(method).append("\n\n");
      page.append(way(method, source)).append(". Parameters:\n\n");
      page.append(block(entry.request())).append("\nResult:\n\n").append(block(entry.result()));
    }
    page.append("\n## A view\n\n`nil` where there is none.\n\n").append(block(VoteMessages.view()));
    return page.toString();
  }

  private static String id(Method method) {
    return method.isExtended() ? "65536 + " + (method.id() & 0xffff) : "" + method.id();
  }

  /** The first words of its comment. */
  private static String way(Method method, String source) {
    Matcher comment =
        Pattern.compile("/\\*\\* ([^\n]*?)\\.? \\*/\n  " + method + "\\(").matcher(source);
    if (!comment.find()) {
      throw new IllegalStateException(method + " does not say from whom to whom");
    }
    return comment.group(1);
  }

  private static String block(WireSample sample) {
    return "```\n" + sample.lines() + "```\n";
  }
}
