package io.kumo.tools.ctl;

import io.kumo.core.cli.Version;
import io.kumo.tools.importing.RecordScan;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** Lists keys. */
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "The keys of all records that clients see, a line for each; \\xHH for a byte that is not"
            + " printed. Exit 3 when servers came or went meanwhile.")
final class KeysCommand implements Callable<Integer> {
  @ParentCommand private KumoctlMain kumoctl = new KumoctlMain();
  @Mixin private SmallOptions.PrefixOptions which = new SmallOptions.PrefixOptions();

  @Override
  public Integer call() throws IOException {
    return new RecordScan(kumoctl.printer(), kumoctl.manager(), which.prefix, which.limit)
        .keys()
        .code();
  }
}
