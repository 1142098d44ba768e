package io.kumo.gateway.client;

/** What a connection hears from the handlers before it. */
public enum ClientEvent {
  /** The client has shown what TLS asks of it; everything from now on is encrypted. */
  SECURED
}
