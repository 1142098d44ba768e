package io.kumo.tools.cert;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.DurationConverter;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.clock.TimeSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kumoctl cert}: a small authority, and certificates by it. */
@Command(
    name = "cert",
    mixinStandardHelpOptions = true,
    customSynopsis = "kumoctl cert init|node|client DIR [NAME...] [options]",
    description = {
      "Makes a secret and certificates for --secret-file and --cluster-cert of all programs, in a"
          + " folder that is its owner's alone. It asks no cluster, and needs no MANAGER.",
      "",
      "  kumoctl cert init DIR",
      "  kumoctl cert node DIR 10.0.0.3 db3.example.org   (for each machine)",
      "  kumoctl cert client DIR alice                    (for gateways' clients, and for tools)",
      "",
      "A machine gets ca.crt, its own certificate and key, and cluster.secret; never ca.key."
    })
public final class CertCommand implements Callable<Integer> {
  private static final String WHEN_EXPIRED =
      "How long it is to be good (default: ${DEFAULT-VALUE}).";

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Where everything is. */
  static final class FolderOptions {
    @Parameters(index = "0", paramLabel = "DIR", description = "Where the authority is.")
    private Path folder = Path.of("");

    CertificateFolder folder() {
      return new CertificateFolder(folder);
    }
  }

  @Override
  public Integer call() {
    throw CliException.usage("one of init, node and client is needed");
  }

  @Command(
      name = "init",
      mixinStandardHelpOptions = true,
      description = "Makes DIR with ca.crt, ca.key and cluster.secret.")
  int init(
      @Mixin FolderOptions folder,
      @Option(
              names = "--name",
              paramLabel = "NAME",
              defaultValue = "kumo cluster",
              description = "Of the cluster, for people (default: ${DEFAULT-VALUE}).")
          String name,
      @Option(
              names = "--validity",
              paramLabel = "TIME",
              defaultValue = "3650d",
              converter = DurationConverter.class,
              description = WHEN_EXPIRED)
          Duration validity)
      throws IOException {
    CertificateFolder made = folder.folder();
    try {
      made.init(new CertificateMaker(TimeSource.system(), validity), name);
    } catch (GeneralSecurityException e) {
      throw CliException.failed(String.valueOf(e.getMessage()));
    }
    return print(made.certificate("ca"), made.key("ca"), made.secret());
  }

  @Command(
      name = "node",
      mixinStandardHelpOptions = true,
      description = "Makes a certificate for the managers, servers and gateways of a machine.")
  int node(
      @Mixin FolderOptions folder,
      @Parameters(
              index = "1..*",
              arity = "1..*",
              paramLabel = "HOST",
              description =
                  "Every address and name by which others reach it; the first names files.")
          List<String> hosts,
      @Mixin ValidityOptions validity)
      throws IOException {
    return issue(folder, CertificateMaker.Purpose.NODE, hosts.get(0), hosts, validity);
  }

  @Command(
      name = "client",
      mixinStandardHelpOptions = true,
      description =
          "Makes a certificate for a client of gateways or a user of the tools; it is good for no"
              + " node.")
  int client(
      @Mixin FolderOptions folder,
      @Parameters(
              index = "1",
              paramLabel = "NAME",
              description = "Whose it is; it names the files.")
          String name,
      @Mixin ValidityOptions validity)
      throws IOException {
    return issue(folder, CertificateMaker.Purpose.CLIENT, name, List.of(), validity);
  }

  /** How long what is issued is good. */
  static final class ValidityOptions {
    @Option(
        names = "--validity",
        paramLabel = "TIME",
        defaultValue = "825d",
        converter = DurationConverter.class,
        description = WHEN_EXPIRED)
    private Duration validity = Duration.ofDays(825);
  }

  private int issue(
      FolderOptions place,
      CertificateMaker.Purpose purpose,
      String name,
      List<String> hosts,
      ValidityOptions validity)
      throws IOException {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._:-]*") || name.equals("ca")) {
      throw CliException.usage("'" + name + "' cannot be the name of a file");
    }
    CertificateFolder folder = place.folder();
    CertificateMaker.Identity authority = folder.authority();
    folder.requireNew(name);
    CertificateMaker maker = new CertificateMaker(TimeSource.system(), validity.validity);
    try {
      folder.write(name, maker.issue(authority, purpose, name, hosts));
    } catch (GeneralSecurityException e) {
      throw CliException.failed(String.valueOf(e.getMessage()));
    }
    return print(folder.certificate(name), folder.key(name));
  }

  private int print(Path... files) {
    PrintWriter out = spec.commandLine().getOut();
    for (Path file : files) {
      out.println(file);
    }
    out.flush();
    return ExitStatus.DONE.code();
  }
}
