package io.kumo.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.ring.NodeAddress;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatePlaceTest {
  private static final NodeAddress SELF = NodeAddress.of(new byte[] {10, 0, 0, 7}, 19700);

  @Test
  void eachManagerHasAFolderOfItsOwnUnderTheStateOfTheUser() {
    Path home = StatePlace.byDefault(Map.of(), "/home/kim", SELF);
    assertThat(home).isEqualTo(Path.of("/home/kim/.local/state/kumo/manager-10.0.0.7-19700"));
    Map<String, String> named = Map.of("XDG_STATE_HOME", "/var/lib");
    assertThat(StatePlace.byDefault(named, "/home/kim", SELF))
        .isEqualTo(Path.of("/var/lib/kumo/manager-10.0.0.7-19700"));
  }

  @Test
  void aRelativeStateDirectoryIsIgnoredAsItsSpecificationSays() {
    Map<String, String> relative = Map.of("XDG_STATE_HOME", "state");
    assertThat(StatePlace.byDefault(relative, "/root", SELF))
        .isEqualTo(Path.of("/root/.local/state/kumo/manager-10.0.0.7-19700"));
  }
}
