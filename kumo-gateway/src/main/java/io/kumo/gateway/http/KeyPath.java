package io.kumo.gateway.http;

import io.kumo.core.protocol.Limits;
import io.kumo.core.route.request.KeyList;
import io.netty.handler.codec.http.HttpResponseStatus;

/** The key in the path of a request: all behind {@value #PREFIX}, with {@code %xx} for any byte. */
final class KeyPath {
  static final String PREFIX = "/keys/";

  private KeyPath() {}

  /** Appends the key of a request target; returns what stands behind its question mark. */
  static String read(String target, KeyList keys) throws RefusedRequest {
    if (!target.startsWith(PREFIX)) {
      throw new RefusedRequest(HttpResponseStatus.NOT_FOUND, "keys are below " + PREFIX);
    }
    int question = target.indexOf('?');
    int end = question < 0 ? target.length() : question;
    byte[] key = new byte[Math.min(end - PREFIX.length(), Limits.MAX_KEY_BYTES + 1)];
    int length = 0;
    for (int at = PREFIX.length(); at < end && length < key.length; length++) {
      char c = target.charAt(at);
      key[length] = c == '%' ? escaped(target, at, end) : literal(c);
      at += c == '%' ? 3 : 1;
    }
    if (length == 0 || length > Limits.MAX_KEY_BYTES) {
      throw new RefusedRequest(
          HttpResponseStatus.BAD_REQUEST, "a key has from 1 to " + Limits.MAX_KEY_BYTES + " bytes");
    }
    keys.add(key, 0, length);
    return question < 0 ? "" : target.substring(question + 1);
  }

  private static byte literal(char c) throws RefusedRequest {
    if (c <= ' ' || c >= 0x7f) {
      throw new RefusedRequest(
          HttpResponseStatus.BAD_REQUEST,
          "bytes that are not printable ASCII are two hexadecimal digits after % in a key");
    }
    return (byte) c;
  }

  private static byte escaped(String target, int at, int end) throws RefusedRequest {
    int high = at + 2 < end ? Character.digit(target.charAt(at + 1), 16) : -1;
    int low = at + 2 < end ? Character.digit(target.charAt(at + 2), 16) : -1;
    if (high < 0 || low < 0) {
      throw new RefusedRequest(
          HttpResponseStatus.BAD_REQUEST, "two hexadecimal digits follow a percent sign");
    }
    return (byte) (high << 4 | low);
  }
}
