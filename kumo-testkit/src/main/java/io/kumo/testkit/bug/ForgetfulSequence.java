package io.kumo.testkit.bug;

import io.kumo.core.route.RequestSequence;

/** Numbers every attempt as if it were a request of its own. */
final class ForgetfulSequence extends RequestSequence {
  @Override
  public long ofAttempt(long sequence) {
    return next();
  }
}
