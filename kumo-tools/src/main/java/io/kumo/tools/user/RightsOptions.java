package io.kumo.tools.user;

import io.kumo.core.auth.Rights;
import io.kumo.core.cli.CliException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What a user of gateways may do; without any of them all but flush_all. */
final class RightsOptions {
  @Option(names = "--read-only", description = "The user changes nothing.")
  private boolean readOnly;

  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      description = "The user has only keys that begin so; may be given several times.")
  private List<String> prefixes = new ArrayList<>();

  @Option(
      names = "--flush",
      description =
          "The user may wipe the whole cluster with flush_all, where the gateway has"
              + " --enable-flush.")
  private boolean flush;

  /** Throws {@link CliException} when they do not go together. */
  Rights rights() {
    String clash = Rights.clash(!readOnly, flush, prefixes);
    if (clash != null) {
      throw CliException.usage(clash);
    }
    List<String> bytes = new ArrayList<>();
    for (String prefix : prefixes) {
      if (prefix.isEmpty() || prefix.chars().anyMatch(c -> c <= ' ' || c == ',' || c == 0x7F)) {
        throw CliException.usage("--prefix must not be empty, nor have blanks or commas");
      }
      bytes.add(UserCommand.bytesOf(prefix));
    }
    return new Rights(!readOnly, flush, bytes);
  }
}
