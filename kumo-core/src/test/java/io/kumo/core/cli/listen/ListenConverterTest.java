package io.kumo.core.cli.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ListenConverterTest {
  private final ListenConverter converter = new ListenConverter.Text();

  @ParameterizedTest
  @CsvSource({
    "11211,127.0.0.1:11211,true",
    ":11211,127.0.0.1:11211,true",
    "10.0.0.1,10.0.0.1:11411,false",
    "0.0.0.0:1,0.0.0.0:1,false",
    "[::1]:11211,[0:0:0:0:0:0:0:1]:11211,true",
    "[::1],[0:0:0:0:0:0:0:1]:11411,true",
    "[::]:11211,[0:0:0:0:0:0:0:0]:11211,false",
    "unix:/run/kumo.sock,unix:/run/kumo.sock,true",
  })
  void whatIsTypedIsUnderstood(String typed, String meant, boolean local) {
    assertThat(converter.convert(typed).addresses())
        .singleElement()
        .matches(address -> ListenAddress.text(address).equals(meant))
        .matches(address -> ListenAddress.isLocal(address) == local);
  }

  @Test
  void aNameMeansAllItsAddresses() {
    for (SocketAddress address : converter.convert("localhost:5").addresses()) {
      assertThat(((InetSocketAddress) address).getAddress().isLoopbackAddress()).isTrue();
      assertThat(((InetSocketAddress) address).getPort()).isEqualTo(5);
    }
    assertThat(converter.convert("localhost:5").addresses()).isNotEmpty().doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::1",
        "::1:11211",
        "[::1",
        "[::1]11211",
        "[::1]:x",
        "[::1]:99999",
        "[10.0.0.1]:1",
        "[x:y]:1",
        "unix:",
        "1.2.3.4:99999",
        "no-such-host.invalid",
      })
  void whatIsNoAddressIsRefused(String typed) {
    assertThatThrownBy(() -> converter.convert(typed)).isInstanceOf(TypeConversionException.class);
  }

  @Test
  void aPathThatTheKernelDoesNotTakeIsRefused() {
    assertThatThrownBy(() -> converter.convert("unix:/" + "x".repeat(107)))
        .hasMessageContaining("107");
  }
}
