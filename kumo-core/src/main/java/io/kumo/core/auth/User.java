package io.kumo.core.auth;

/**
 * One who may use a gateway.
 *
 * @param name its bytes, each a character
 */
public record User(String name, StoredPassword password, Rights rights) {
  /** The line of the user file. */
  String line() {
    String given = rights.text();
    return name + ':' + password.text() + (given.isEmpty() ? "" : ':' + given);
  }
}
