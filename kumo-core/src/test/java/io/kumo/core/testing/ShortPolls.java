package io.kumo.core.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Every test asks at once for what it waits for, and often: the tenth of a second that Awaitility
 * leaves between two questions adds up to minutes. It has a minute to come, since more tests run at
 * once than there are processors. JUnit finds this by its services file.
 */
public final class ShortPolls implements BeforeAllCallback {
  private static final Duration INTERVAL = Duration.ofMillis(10);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultPollDelay(Duration.ZERO);
    Awaitility.setDefaultPollInterval(INTERVAL);
    Awaitility.setDefaultTimeout(PATIENCE);
  }
}
