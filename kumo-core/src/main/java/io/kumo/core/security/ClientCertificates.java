package io.kumo.core.security;

import io.netty.handler.ssl.ClientAuth;

/** What a listener asks of those who connect. */
public enum ClientCertificates {
  /** Nothing. */
  NONE(ClientAuth.NONE),
  /** One that its authority has made, if they have any. */
  WANTED(ClientAuth.OPTIONAL),
  /** One that its authority has made. */
  REQUIRED(ClientAuth.REQUIRE);

  final ClientAuth netty;

  ClientCertificates(ClientAuth netty) {
    this.netty = netty;
  }
}
