package io.kumo.tools.bench;

import io.kumo.core.cli.AddressConverter;
import java.net.InetSocketAddress;
import picocli.CommandLine.ITypeConverter;

/** A server under load, typed as {@code [NAME=]HOST[:PORT]}. */
record Target(String name, InetSocketAddress address) {

  static final int DEFAULT_PORT = 11211;

  static Target parse(String text) {
    int equals = text.indexOf('=');
    String address = text.substring(equals + 1);
    return new Target(
        equals > 0 ? text.substring(0, equals) : address,
        AddressConverter.parse(address, DEFAULT_PORT));
  }

  /** For picocli. */
  static final class Converter implements ITypeConverter<Target> {
    @Override
    public Target convert(String text) {
      return parse(text);
    }
  }
}
