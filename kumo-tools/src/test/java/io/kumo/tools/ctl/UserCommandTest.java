package io.kumo.tools.ctl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.auth.User;
import io.kumo.core.auth.UserFile;
import io.kumo.core.cli.Cli;
import io.kumo.tools.WithoutManager;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class UserCommandTest {
  private static final InputStream KEYBOARD = System.in;

  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @AfterEach
  void giveBackInput() {
    System.setIn(KEYBOARD);
  }

  private Path file() {
    return directory.resolve("users");
  }

  private int user(String input, String... arguments) {
    System.setIn(new ByteArrayInputStream(input.getBytes(UTF_8)));
    CommandLine line = Cli.commandLine(new KumoctlMain());
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add(0, "user");
    all.add(2, file().toString());
    return line.execute(WithoutManager.complete(all.toArray(new String[0])));
  }

  private User inFile(String name) throws IOException {
    return Objects.requireNonNull(UserFile.parse(Files.readAllBytes(file())).user(name));
  }

  @Test
  void aUserIsAddedWithAHashThatOnlyTheOwnerReads() throws IOException {
    assertThat(user("secret\n", "add", "alice")).as("%s", err).isZero();
    assertThat(inFile("alice").password().matches("secret".getBytes(UTF_8))).isTrue();
    assertThat(Files.readString(file())).doesNotContain("secret");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void aUserThatIsThereGetsAnotherPasswordAndOtherRights() throws IOException {
    user("secret\n", "add", "alice");
    user("other\n", "add", "bob", "--read-only", "--prefix", "a/", "--prefix", "b/");
    assertThat(user("better\n", "add", "alice", "--flush")).isZero();
    assertThat(inFile("alice").password().matches("better".getBytes(UTF_8))).isTrue();
    assertThat(inFile("alice").rights().mayFlush()).isTrue();
    assertThat(user("", "list")).isZero();
    assertThat(out.toString())
        .isEqualTo(
            """
            alice                a hashed password, flush
            bob                  a hashed password, read-only,prefix=a/,prefix=b/
            """);
  }

  @Test
  void aUserIsTakenOutAndTheOthersStay() throws IOException {
    Files.writeString(file(), "# ours\nalice:secret\nbob:x\n");
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-------"));
    assertThat(user("", "remove", "alice")).isZero();
    assertThat(Files.readString(file())).isEqualTo("# ours\nbob:x\n");
    assertThat(user("", "remove", "alice")).isEqualTo(1);
    assertThat(err.toString()).contains("has no user alice");
  }

  @Test
  void whatCannotBeIsRefused() throws IOException {
    assertThat(user("\n", "add", "alice")).isEqualTo(2);
    assertThat(user("", "add", "alice")).isEqualTo(2);
    assertThat(user("secret\n", "add", "al ice")).isEqualTo(2);
    assertThat(user("secret\n", "add", "al:ice")).isEqualTo(2);
    assertThat(user("secret\n", "add", "alice", "--flush", "--read-only")).isEqualTo(2);
    assertThat(user("secret\n", "add", "alice", "--prefix", "a,b")).isEqualTo(2);
    assertThat(user("", "list")).isEqualTo(1);
    assertThat(file()).doesNotExist();
    Files.writeString(file(), "nonsense\n");
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-------"));
    assertThat(user("secret\n", "add", "alice")).isEqualTo(1);
    assertThat(Files.readString(file())).isEqualTo("nonsense\n");
    assertThat(err.toString()).contains("line 1").doesNotContain("secret");
  }

  @Test
  void aFileThatOthersMayReadIsRefused() throws IOException {
    Files.writeString(file(), "alice:secret\n");
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(user("", "list")).isEqualTo(1);
    assertThat(err.toString()).contains("chmod 600");
  }
}
