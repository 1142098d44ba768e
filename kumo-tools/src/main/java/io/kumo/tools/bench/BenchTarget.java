package io.kumo.tools.bench;

import io.kumo.core.cli.AddressConverter;
import java.net.InetSocketAddress;

/** A server under load, typed as {@code [NAME=]HOST[:PORT]}. */
record BenchTarget(String name, InetSocketAddress address) {

  static final int DEFAULT_PORT = 11211;

  static BenchTarget parse(String text) {
    int equals = text.indexOf('=');
    String address = text.substring(equals + 1);
    return new BenchTarget(
        equals > 0 ? text.substring(0, equals) : address,
        AddressConverter.parseArgument(address, DEFAULT_PORT));
  }
}
