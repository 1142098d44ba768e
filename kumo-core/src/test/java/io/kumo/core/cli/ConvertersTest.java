package io.kumo.core.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ConvertersTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1:19700",
    "127.0.0.1:5, 127.0.0.1:5",
    "0.0.0.0:5, 0.0.0.0:5",
    "11211, 127.0.0.1:11211",
    ":11211, 127.0.0.1:11211",
    "localhost, 127.0.0.1:19700",
    "localhost:0, 127.0.0.1:0",
  })
  void anAddressMayLeaveOutTheHostOrThePort(String text, String expected) {
    var address = AddressConverter.parse(text, DefaultPorts.MANAGER);
    assertThat(address.getAddress().getHostAddress() + ":" + address.getPort()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "host:", "127.0.0.1:65536", "65536", "1.2.3.4:-1", "::1", "a:b:1"})
  void anAddressOfAnotherFormIsRefused(String text) {
    assertThatThrownBy(() -> AddressConverter.parse(text, 1))
        .isInstanceOf(TypeConversionException.class);
  }

  @Test
  void anUnresolvableHostIsNamed() {
    assertThatThrownBy(() -> AddressConverter.parse("no-such-host.invalid:1", 1))
        .isInstanceOf(TypeConversionException.class)
        .hasMessage("cannot resolve host 'no-such-host.invalid'");
  }

  @ParameterizedTest
  @CsvSource({
    "2,2000",
    "2s,2000",
    "0.5,500",
    "500ms,500",
    "1.5m,90000",
    "2h,7200000",
    "1d,86400000"
  })
  void aDurationHasAUnitOrIsInSeconds(String text, long millis) {
    assertThat(new DurationConverter().convert(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "-1", "1 s", "1x", "1e3", "999999999999d"})
  void aDurationOfAnotherFormIsRefused(String text) {
    assertThatThrownBy(() -> new DurationConverter().convert(text))
        .isInstanceOf(TypeConversionException.class);
  }

  @ParameterizedTest
  @CsvSource({"0,0", "100,100", "1k,1024", "64m,67108864", "2G,2147483648", "1t,1099511627776"})
  void aSizeHasAUnitOrIsInBytes(String text, long bytes) {
    assertThat(DataSize.parse(text).bytes()).isEqualTo(bytes);
    assertThat(DataSize.parse(DataSize.parse(text).toString()).bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "m", "-1", "1x", "1.5m", "99999999999999999t"})
  void aSizeOfAnotherFormIsRefused(String text) {
    assertThatThrownBy(() -> DataSize.parse(text)).isInstanceOf(TypeConversionException.class);
  }

  @Test
  void aManagerMayBeNamedBeforeItsNameMeansAnything() {
    var manager = AddressConverter.parseNamed("no-such-host.invalid", DefaultPorts.MANAGER);
    assertThat(manager.toString()).isEqualTo("no-such-host.invalid:19700");
    assertThat(manager.address()).isNull();
    assertThat(AddressConverter.parseNamed("127.0.0.1:5", 1).address()).hasToString("127.0.0.1:5");
    assertThatThrownBy(() -> AddressConverter.parseNamed("999.1.1.1", 1))
        .hasMessageContaining("999.1.1.1");
    assertThatThrownBy(() -> AddressConverter.parseNamed("host:99999", 1))
        .hasMessageContaining("port");
  }
}
