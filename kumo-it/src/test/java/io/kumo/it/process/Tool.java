package io.kumo.it.process;

import io.kumo.core.cli.Cli;
import io.kumo.tools.KumostatMain;
import io.kumo.tools.bench.KumobenchMain;
import io.kumo.tools.ctl.KumoctlMain;
import io.kumo.tools.importing.KumoImportMain;
import io.kumo.tools.top.KumotopMain;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** The operator's tools, run in this JVM: a process for each call would cost more than the call. */
public final class Tool {
  private Tool() {}

  public static KumoProcess.Result kumoctl(String... arguments) {
    return run(new KumoctlMain(), arguments);
  }

  public static KumoProcess.Result kumostat(String... arguments) {
    return run(new KumostatMain(), arguments);
  }

  public static KumoProcess.Result kumoImport(String... arguments) {
    return run(new KumoImportMain(), arguments);
  }

  public static KumoProcess.Result kumotop(String... arguments) {
    return run(new KumotopMain(), arguments);
  }

  public static KumoProcess.Result kumobench(String... arguments) {
    return run(new KumobenchMain(), arguments);
  }

  private static KumoProcess.Result run(Callable<Integer> tool, String... arguments) {
    CommandLine line = Cli.commandLine(tool);
    StringWriter output = new StringWriter();
    StringWriter errors = new StringWriter();
    line.setOut(new PrintWriter(output));
    line.setErr(new PrintWriter(errors));
    int code = line.execute(arguments);
    return new KumoProcess.Result(code, output.toString(), errors.toString());
  }
}
