package io.kumo.core.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserFileTest {
  /** The password is "password"; both are from the documentation of passlib. */
  private static final String OF_PASSLIB =
      "$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44";

  private static final String OF_PASSLIB_8000 =
      "$pbkdf2-sha256$8000$XAuBMIYQQogxRg$tRRlz8hYn63B9LYiCd6PRo6FMiunY9ozmMMI3srxeRE";

  private static UserFile parse(String text) throws IOException {
    return UserFile.parse(text.getBytes(ISO_8859_1));
  }

  private static User user(String text, String name) throws IOException {
    return Objects.requireNonNull(parse(text).user(name));
  }

  private static boolean matches(User user, String password) {
    return user.password().matches(password.getBytes(UTF_8));
  }

  @Test
  void aLineOfMemcachedNamesAUserWhoMayDoAllButFlush() throws IOException {
    User user = user("# mine\n\nalice:se:cret word\r\n", "alice");
    assertThat(matches(user, "se:cret word")).isTrue();
    assertThat(matches(user, "se:cret")).isFalse();
    assertThat(user.rights().mayWrite()).isTrue();
    assertThat(user.rights().mayFlush()).isFalse();
    assertThat(user.password().isSlow()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {OF_PASSLIB, OF_PASSLIB_8000})
  void hashesOfPasslibAreUnderstood(String hash) throws IOException {
    User user = user("bob:" + hash, "bob");
    assertThat(matches(user, "password")).isTrue();
    assertThat(matches(user, "passwore")).isFalse();
    assertThat(matches(user, "")).isFalse();
    assertThat(user.password().matches(new byte[] {(byte) 0xff})).isFalse();
    assertThat(user.password().text()).isEqualTo(hash);
  }

  @Test
  void whatIsHashedHereIsUnderstoodHere() throws IOException {
    byte[] password = "pässword".getBytes(UTF_8);
    HashedPassword hashed = HashedPassword.of(password, new SecureRandom());
    User user = user("bob:" + hashed.text() + ":read-only,prefix=a/,prefix=b/", "bob");
    assertThat(user.password().matches(password)).isTrue();
    assertThat(user.rights()).isEqualTo(new Rights(false, false, List.of("a/", "b/")));
    assertThat(hashed.text()).isNotEqualTo(HashedPassword.of(password, new SecureRandom()).text());
    assertThat(HashedPassword.ofNobody().matches(password)).isFalse();
  }

  @Test
  void aPrefixHoldsForTheBeginningOfAKey() {
    Rights rights = new Rights(true, false, List.of("app/", "tmp"));
    byte[] key = "xapp/1".getBytes(ISO_8859_1);
    assertThat(rights.owns(key, 1, 5)).isTrue();
    assertThat(rights.owns(key, 1, 4)).isTrue();
    assertThat(rights.owns(key, 1, 3)).isFalse();
    assertThat(rights.owns(key, 0, 6)).isFalse();
    assertThat(Rights.DEFAULT.owns(key, 0, 6)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alice",
        ":secret",
        "alice:sec\tret",
        "alice:$pbkdf2-sha256$",
        "alice:$pbkdf2-sha256$6400$abc$def",
        "alice:$pbkdf2-sha256$1$XAuBMIYQQogxRg$tRRlz8hYn63B9LYiCd6PRo6FMiunY9ozmMMI3srxeRE",
        "alice:$pbkdf2-sha256$999999999$XAuBMIYQQogxRg$tRRlz8hYn63B9LYiCd6PRo6FMiunY9ozmMMI3srxeRE",
        "alice:" + OF_PASSLIB + ":",
        "alice:" + OF_PASSLIB + ":read",
        "alice:" + OF_PASSLIB + ":prefix=",
        "alice:" + OF_PASSLIB + ":flush,read-only",
        "alice:" + OF_PASSLIB + ":flush,prefix=a",
        "bob:x",
      })
  void whatIsNotUnderstoodIsRefusedWithItsLineAndWithoutItsWords(String line) {
    assertThatThrownBy(() -> parse("bob:secret\n" + line))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("line 2: ")
        .hasMessageNotContaining("secret")
        .hasMessageNotContaining("XAuBM");
  }

  @Test
  void editingLeavesOtherLinesAlone() throws IOException {
    UserLines lines = new UserLines("# ours\nalice:x\n\nbob:y".getBytes(ISO_8859_1));
    lines.put(new User("alice", new PlainPassword("z"), Rights.DEFAULT));
    lines.put(user("carol:" + OF_PASSLIB + ":flush", "carol"));
    assertThat(lines.remove("bob")).isTrue();
    assertThat(lines.remove("bo")).isFalse();
    assertThat(new String(lines.bytes(), ISO_8859_1))
        .isEqualTo("# ours\nalice:z\n\ncarol:" + OF_PASSLIB + ":flush\n");
    assertThat(UserFile.parse(lines.bytes()).users()).hasSize(2);
    assertThat(new UserLines(new byte[0]).bytes()).isEmpty();
  }

  @Test
  void passwordsAreNotShownByAccident() throws IOException {
    assertThat(parse("alice:secret").users().toString()).doesNotContain("secret");
    assertThat(parse("bob:" + OF_PASSLIB).users().toString()).doesNotContain("XAuBM", "98jZ");
  }
}
