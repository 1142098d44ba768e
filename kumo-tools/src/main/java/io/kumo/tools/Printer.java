package io.kumo.tools;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What kumoctl prints: on standard output text or, with {@code -o json}, one object a line; on
 * standard error what is said beside.
 */
public final class Printer {
  private final PrintWriter out;
  private final PrintWriter err;
  private final ToolOptions options;

  public Printer(PrintWriter out, PrintWriter err, ToolOptions options) {
    this.out = out;
    this.err = err;
    this.options = options;
  }

  /** Standard output itself, for what is long. */
  public PrintWriter out() {
    return out;
  }

  public ToolOptions options() {
    return options;
  }

  /** The same in one of two forms; neither needs an end of line. */
  public void print(String text, Supplier<ObjectNode> json) {
    text(options.choose(text, json));
  }

  /** Words whatever form was asked for. */
  public void text(String text) {
    out.print(text.endsWith("\n") ? text : text + "\n");
    out.flush();
  }

  /** A line for the operator on standard error, where no program takes it for a result. */
  public void note(String text) {
    err.println("kumoctl: " + text);
    err.flush();
  }

  /** What a manager answers to an order, as kumofs 0.4.13 prints it: nil, true or false. */
  public void result(@Nullable Boolean result) {
    print(
        result == null ? "nil" : result.toString(),
        () -> JsonNodeFactory.instance.objectNode().put("result", result));
  }
}
