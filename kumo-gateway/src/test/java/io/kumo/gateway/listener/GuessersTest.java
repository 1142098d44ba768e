package io.kumo.gateway.listener;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.auth.HashedPassword;
import io.kumo.core.auth.UserFile;
import io.kumo.gateway.testing.RawClient;
import io.kumo.gateway.testing.TestGateway;
import io.kumo.gateway.testing.TestUsers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who guesses passwords from many addresses of one network, where comparing one takes long. */
class GuessersTest {
  private static final int ADDRESSES = 40;
  private static final int OF_EACH = 4;

  private final UserFile users =
      TestUsers.of(
          "bob:"
              + HashedPassword.of("secret".getBytes(US_ASCII), new SecureRandom()).text()
              + "\n");

  @Test
  void keepNobodyElseOutWhoComesFromThere() throws IOException {
    List<RawClient> guessers = new ArrayList<>();
    try (TestGateway gateway = TestGateway.start(TestGateway.Setup.DEFAULT.with(() -> users))) {
      for (int i = 0; i < ADDRESSES * OF_EACH; i++) {
        RawClient guesser = from(gateway, 2 + i / OF_EACH);
        guessers.add(guesser);
        guesser.send("set x 0 0 10\r\nbob " + (100_000 + i) + "\r\n");
      }
      try (RawClient honest = from(gateway, 250)) {
        honest.send("set x 0 0 10\r\nbob secret\r\n");
        assertThat(honest.line()).isEqualTo("STORED\r\n");
      }
    } finally {
      for (RawClient guesser : guessers) {
        guesser.close();
      }
    }
  }

  private static RawClient from(TestGateway gateway, int last) throws IOException {
    InetAddress to = InetAddress.getLoopbackAddress();
    byte[] own = {127, 0, 0, (byte) last};
    return new RawClient(new Socket(to, gateway.port(), InetAddress.getByAddress(own), 0));
  }
}
