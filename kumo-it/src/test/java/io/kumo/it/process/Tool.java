package io.kumo.it.process;

import io.kumo.core.cli.Cli;
import io.kumo.tools.KumoctlMain;
import io.kumo.tools.KumostatMain;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** The operator's tools, run in this JVM: a process for each call would cost more than the call. */
final class Tool {
  private Tool() {}

  static KumoProcess.Result kumoctl(String... arguments) {
    return run(new KumoctlMain(), arguments);
  }

  static KumoProcess.Result kumostat(String... arguments) {
    return run(new KumostatMain(), arguments);
  }

  private static KumoProcess.Result run(Callable<Integer> tool, String... arguments) {
    CommandLine line = Cli.commandLine(tool);
    StringWriter output = new StringWriter();
    StringWriter errors = new StringWriter();
    line.setOut(new PrintWriter(output));
    line.setErr(new PrintWriter(errors));
    int code = line.execute(arguments);
    boolean worked = code == 0 || code == 3;
    return new KumoProcess.Result(code, worked ? output.toString() : output + "" + errors);
  }
}
