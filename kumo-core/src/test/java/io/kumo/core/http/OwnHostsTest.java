package io.kumo.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnHostsTest {
  private static final OwnHosts LOOPBACK = OwnHosts.of(named("desk.example", 127, 0, 0, 1));

  private static InetSocketAddress named(String name, int... ipv4) {
    byte[] bytes = {(byte) ipv4[0], (byte) ipv4[1], (byte) ipv4[2], (byte) ipv4[3]};
    try {
      return new InetSocketAddress(InetAddress.getByAddress(name, bytes), 9900);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost:9900",
        "LocalHost.",
        "kumo.localhost:1",
        "127.0.0.1",
        "127.1.2.3:9900",
        "[::1]:9900",
        "[::1]",
        "[0:0::1]:80",
        "desk.example",
        "Desk.Example:9900"
      })
  void itsOwnNamesAreAnswered(String host) {
    assertThat(LOOPBACK.allow(List.of(host))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:9900",
        "localhost.evil.example",
        "notlocalhost",
        "127.0.0.1.evil.example",
        "1127.0.0.1",
        "10.0.0.1",
        "[::2]:9900",
        "localhost:9900:evil",
        "localhost@evil.example",
        "",
        ":9900"
      })
  void othersAreNot(String host) {
    assertThat(LOOPBACK.allow(List.of(host))).isFalse();
    assertThat(LOOPBACK.allow(List.of("localhost", host))).as("two of them").isFalse();
  }

  @Test
  void whoNamesNoneIsNoBrowser() {
    assertThat(LOOPBACK.allow(null)).isTrue();
    assertThat(LOOPBACK.allow(List.of())).isTrue();
  }

  @Test
  void portsThatOthersReachAndThoseOfFilesHaveNoNames() {
    for (OwnHosts any :
        List.of(
            OwnHosts.of(named("desk.example", 10, 0, 0, 1)),
            OwnHosts.of(new InetSocketAddress("0.0.0.0", 9900)),
            OwnHosts.of(UnixDomainSocketAddress.of("/tmp/kumo.sock")))) {
      assertThat(any.allow(List.of("evil.example"))).isTrue();
    }
  }
}
