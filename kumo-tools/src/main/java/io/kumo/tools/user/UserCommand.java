package io.kumo.tools.user;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.kumo.core.auth.HashedPassword;
import io.kumo.core.auth.Rights;
import io.kumo.core.auth.User;
import io.kumo.core.auth.UserFile;
import io.kumo.core.auth.UserLines;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.cli.Version;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Who may use gateways: edits the file that they are started with. */
@Command(
    name = "user",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    customSynopsis = "kumoctl user add|remove|list FILE [USER]",
    description =
        "Edits a user file, which gateways take with --auth-file. Needs no manager; gateways read"
            + " the file again when it changes.")
public final class UserCommand implements Callable<Integer> {
  private static final int MAX_NAME_BYTES = 256;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw CliException.usage("a command is missing: user add, user remove or user list");
  }

  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description =
          "Add a user, or give one another password and other rights. The password is asked for, or"
              + " is the first line of standard input; the file keeps its hash. Makes the file when"
              + " there is none.")
  int add(
      @Parameters(index = "0", paramLabel = "FILE", description = "The user file.") Path file,
      @Parameters(index = "1", paramLabel = "USER", description = "The user's name.") String name,
      @Mixin RightsOptions given)
      throws IOException {
    Rights rights = given.rights();
    String known = nameInFile(name);
    UserLines lines = UserFiles.read(file, true);
    byte[] password = Passwords.ask(spec.commandLine().getErr(), name);
    lines.put(new User(known, HashedPassword.of(password, new SecureRandom()), rights));
    UserFiles.write(file, lines);
    return ExitStatus.DONE.code();
  }

  /** A character a byte, as the user file is read. */
  static String bytesOf(String text) {
    return new String(text.getBytes(UTF_8), ISO_8859_1);
  }

  /** Clients of text cannot say a blank, and a colon ends it. */
  private static String nameInFile(String name) {
    String bytes = bytesOf(name);
    boolean bad =
        name.isEmpty()
            || name.startsWith("#")
            || bytes.length() > MAX_NAME_BYTES
            || name.chars().anyMatch(c -> c <= ' ' || c == ':' || c == 0x7F);
    if (bad) {
      throw CliException.usage(
          "a name has up to 256 bytes, no blank and no colon, and does not begin with #");
    }
    return bytes;
  }

  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description = "Take a user out of the file: what is connected with its name is closed.")
  int remove(
      @Parameters(index = "0", paramLabel = "FILE", description = "The user file.") Path file,
      @Parameters(index = "1", paramLabel = "USER", description = "The user's name.") String name)
      throws IOException {
    UserLines lines = UserFiles.read(file, false);
    if (!lines.remove(bytesOf(name))) {
      throw new CliException(ExitStatus.FAILED, file + " has no user " + name);
    }
    UserFiles.write(file, lines);
    return ExitStatus.DONE.code();
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Show the users of the file, and what each may do.")
  int list(@Parameters(index = "0", paramLabel = "FILE", description = "The user file.") Path file)
      throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    UserFile users = UserFiles.parse(file, UserFiles.read(file, false).bytes());
    for (User user : users.users()) {
      String name = new String(user.name().getBytes(ISO_8859_1), UTF_8);
      out.printf("%-20s %s, %s%n", name, user.password(), user.rights());
    }
    out.flush();
    return ExitStatus.DONE.code();
  }
}
