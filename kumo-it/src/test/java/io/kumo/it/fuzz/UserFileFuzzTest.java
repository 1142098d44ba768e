package io.kumo.it.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.auth.User;
import io.kumo.core.auth.UserFile;
import io.kumo.core.auth.UserLines;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Whatever stands in a user file, it is refused with the number of a line and none of its words, or
 * names users that stay the same when the file is edited by kumoctl.
 */
class UserFileFuzzTest {
  @Test
  void anyFileIsRefusedOrNamesUsers() throws Exception {
    new Fuzzer("users", List.of()).run((input, random) -> check(input));
  }

  private static void check(byte[] input) throws IOException {
    UserFile file;
    try {
      file = UserFile.parse(input);
    } catch (IOException e) {
      assertThat(e).hasMessageMatching("line [0-9]+: [ -~]{1,100}");
      return;
    }
    List<User> users = List.copyOf(file.users());
    assertThat(usersOf(new UserLines(input))).isEqualTo(users);
    UserLines edited = new UserLines(input);
    users.forEach(edited::put);
    assertThat(usersOf(edited)).isEqualTo(users);
    UserLines written = new UserLines(new byte[0]);
    users.forEach(written::put);
    assertThat(usersOf(written)).isEqualTo(users);
    for (User user : users) {
      assertThat(user.password().matches("wrong\0".getBytes(ISO_8859_1))).isFalse();
      assertThat(edited.remove(user.name())).isTrue();
    }
    assertThat(usersOf(edited)).isEmpty();
  }

  private static List<User> usersOf(UserLines lines) throws IOException {
    return new ArrayList<>(UserFile.parse(lines.bytes()).users());
  }
}
