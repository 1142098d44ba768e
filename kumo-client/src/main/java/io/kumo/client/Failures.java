package io.kumo.client;

import io.kumo.client.KumoException.Reason;
import io.kumo.core.route.request.KeyStatus;
import org.jspecify.annotations.Nullable;

/** Says what the ends of requests mean that are errors. */
final class Failures {
  private Failures() {}

  /**
   * Of a status that is an error.
   *
   * @param said why a server could not do it, in its words
   */
  static KumoException of(KeyStatus status, @Nullable String said) {
    String more = said == null ? "" : ": " + said;
    return switch (status) {
      case GET_FAILED -> new KumoException(Reason.UNAVAILABLE, "no server answered in time" + more);
      case STORE_FAILED, DELETE_FAILED ->
          new KumoException(Reason.UNKNOWN_OUTCOME, "nobody can tell whether it was done" + more);
      case TOO_LARGE -> new KumoException(Reason.TOO_LARGE, "the value is too large");
      case NON_NUMERIC -> new KumoException(Reason.NOT_A_NUMBER, "the value is not a number");
      case GET_OUT_OF_MEMORY ->
          new KumoException(Reason.BUSY, "the values found are more than may be held");
      case FETCHED, STORED, NOT_STORED, EXISTS, NOT_FOUND, DELETED, TOUCHED, COUNTED ->
          throw new IllegalArgumentException(status + " is no error");
    };
  }

  static KumoException busy() {
    return new KumoException(Reason.BUSY, "too much is under way");
  }

  static KumoException closed() {
    return new KumoException(Reason.CLOSED, "the client is closed");
  }
}
