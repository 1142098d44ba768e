package io.kumo.it.sim;

import io.kumo.core.ring.NodeAddress;
import java.util.List;
import java.util.stream.IntStream;

/** Who lives where. Each host has an IP address of its own. */
record Addresses(int managerCount, int serverCount, int gatewayCount) {
  private static final int FEW = 64;

  NodeAddress manager(int number) {
    return at(1 + number, 19700);
  }

  NodeAddress server(int number) {
    return serverAt(number, 19800);
  }

  NodeAddress stream(int number) {
    return serverAt(number, 19900);
  }

  /** The first share a network with the others, as in a small cluster. */
  private static NodeAddress serverAt(int number, int port) {
    return number < FEW
        ? at(20 + number, port)
        : NodeAddress.of(new byte[] {10, 1, (byte) (number >> 8), (byte) number}, port);
  }

  NodeAddress gateway(int number) {
    return at(100 + number, 11411);
  }

  NodeAddress operator() {
    return at(200, 50000);
  }

  List<NodeAddress> managers() {
    return IntStream.range(0, managerCount).mapToObj(this::manager).toList();
  }

  int managerIndex(int number) {
    return number;
  }

  int serverIndex(int number) {
    return managerCount + number;
  }

  int gatewayIndex(int number) {
    return managerCount + serverCount + number;
  }

  int operatorIndex() {
    return managerCount + serverCount + gatewayCount;
  }

  int hosts() {
    return operatorIndex() + 1;
  }

  private static NodeAddress at(int host, int port) {
    return NodeAddress.of(new byte[] {10, 0, 0, (byte) host}, port);
  }
}
