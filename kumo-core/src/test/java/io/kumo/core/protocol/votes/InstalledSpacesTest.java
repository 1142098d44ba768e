package io.kumo.core.protocol.votes;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.DelayedFlush;
import io.kumo.core.protocol.ManagerList;
import io.kumo.core.protocol.NodeExtras;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.SampleViews;
import io.kumo.core.view.ViewFlush;
import org.junit.jupiter.api.Test;

class InstalledSpacesTest {
  private static final ClusterView VIEW = SampleViews.first().withFlush(new ViewFlush(8, 9, 10));

  @Test
  void saysAllThatAViewSaysOfHashSpacesNodesAndFlushes() {
    PublishedSpaces spaces = InstalledSpaces.of(VIEW);
    assertThat(spaces.spaces()).isEqualTo(VIEW.layout().spaces());
    assertThat(spaces.extras().nodes())
        .hasSize(3)
        .contains(new NodeExtras(SampleViews.S1, 7, SampleViews.S1.port(), "zone 11"));
    assertThat(spaces.extras().flushClockTime()).isEqualTo(8);
    assertThat(spaces.extras().delayedFlush()).isEqualTo(new DelayedFlush(9, 10));
    assertThat(spaces.extras().completedClockTime()).isEqualTo(5);
  }

  @Test
  void namesNoManagersAsTheViewItselfDoes() {
    assertThat(InstalledSpaces.of(VIEW).extras().managers()).isEqualTo(ManagerList.NONE);
  }
}
