package io.kumo.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class NetworkErrorsTest {
  @Test
  void whatSocketsAndTlsThrowIsNoBug() {
    assertThat(NetworkErrors.include(new SocketException("Connection reset"))).isTrue();
    IOException gone = new IOException("epoll_ctl(..) failed with error(-2)");
    assertThat(NetworkErrors.include(new UncheckedIOException(gone))).isTrue();
    SSLHandshakeException refused = new SSLHandshakeException("no common cipher");
    assertThat(NetworkErrors.include(new DecoderException(refused))).isTrue();
  }

  @Test
  void anythingElseIs() {
    assertThat(NetworkErrors.include(new IllegalStateException("unknown state"))).isFalse();
    assertThat(NetworkErrors.include(new DecoderException(new ArithmeticException()))).isFalse();
    assertThat(NetworkErrors.include(new AssertionError())).isFalse();
  }
}
