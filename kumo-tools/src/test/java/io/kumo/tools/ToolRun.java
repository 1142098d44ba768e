package io.kumo.tools;

import io.kumo.core.cli.Cli;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** What a tool printed and its exit code. */
public record ToolRun(String out, String err, int exitCode) {

  public static ToolRun of(Callable<Integer> tool, String... args) {
    CommandLine line = Cli.commandLine(tool);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    int code = line.execute(args);
    return new ToolRun(out.toString(), err.toString(), code);
  }
}
