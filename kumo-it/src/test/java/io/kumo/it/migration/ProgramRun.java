package io.kumo.it.migration;

import io.kumo.core.cli.Cli;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** What a program printed, run in this JVM, and its exit code. */
record ProgramRun(String out, String err, int exitCode) {

  static ProgramRun of(Callable<Integer> program, String... arguments) {
    CommandLine line = Cli.commandLine(program);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    int code = line.execute(arguments);
    return new ProgramRun(out.toString(), err.toString(), code);
  }
}
