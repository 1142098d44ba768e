package io.kumo.core.protocol.votes;

import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.DelayedFlush;
import io.kumo.core.protocol.NodeExtras;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.ViewFlush;
import io.kumo.core.view.ViewMember;
import java.util.List;

/** What a view that was voted on says in the words of those that know no votes. */
public final class InstalledSpaces {
  private InstalledSpaces() {}

  /**
   * The hash spaces of a view, and what comes with them but the managers: a server follows those of
   * the view itself, a gateway those of its command line or of a manager's word.
   */
  public static PublishedSpaces of(ClusterView view) {
    List<NodeExtras> nodes =
        view.layout().members().stream().map(InstalledSpaces::extrasOf).toList();
    ViewFlush flush = view.flush();
    return new PublishedSpaces(
        view.layout().spaces(),
        new ClusterExtras(
            nodes,
            flush.time(),
            view.layout().settledTime(),
            new DelayedFlush(flush.orderedTime(), flush.dueSeconds())));
  }

  private static NodeExtras extrasOf(ViewMember member) {
    return new NodeExtras(
        member.address(), member.capabilities(), member.incarnation(), member.zone());
  }
}
