package io.kumo.gateway.http;

import io.netty.handler.codec.http.HttpResponseStatus;

/** A request that is answered without asking a server: whoever sent it did something wrong. */
final class RefusedRequest extends Exception {
  private static final long serialVersionUID = 1;

  private final transient HttpResponseStatus status;

  RefusedRequest(HttpResponseStatus status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  HttpResponseStatus status() {
    return status;
  }
}
