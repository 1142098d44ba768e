package io.kumo.core.security.link;

import io.kumo.core.protocol.Limits;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The connections of one listener whose other end has not proved anything yet. When there is one
 * too many the one that has taken longest is closed: an honest one is through in milliseconds,
 * however many strangers keep theirs open. Confined to the loop of its listener.
 */
public final class UnderWay {
  private final Set<Runnable> open = new LinkedHashSet<>();

  /**
   * One more.
   *
   * @param close closes it; its identity is what {@link #ended} goes by
   */
  public void began(Runnable close) {
    open.add(close);
    if (open.size() > Limits.MAX_HANDSHAKES) {
      Runnable oldest = open.iterator().next();
      open.remove(oldest);
      oldest.run();
    }
  }

  /** It is through, or closed. */
  public void ended(Runnable close) {
    open.remove(close);
  }

  int size() {
    return open.size();
  }
}
