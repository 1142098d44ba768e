package io.kumo.manager;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.state.BackgroundVoteWriter;
import io.kumo.core.state.VoteFile;
import io.kumo.core.transport.Transport;
import io.kumo.core.vote.VoteRules;
import io.kumo.core.vote.VoteWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The folder in which a manager keeps its vote, and the thread that writes there. */
final class StatePlace implements AutoCloseable {
  private static final long UNBOUND = 0;

  private final VoteFile file;
  private final BackgroundVoteWriter writer;

  private StatePlace(VoteFile file, BackgroundVoteWriter writer) {
    this.file = file;
    this.writer = writer;
  }

  /**
   * Takes the vote up that is kept there, or draws one.
   *
   * @param random draws ids
   * @throws IOException if another process has it
   */
  static StatePlace open(Path folder, NodeAddress self, Transport transport, LongSupplier random)
      throws IOException {
    VoteFile file = VoteFile.open(VoteRules.SOUND, folder, self, UNBOUND, random);
    return new StatePlace(file, new BackgroundVoteWriter(file, transport));
  }

  /**
   * The folder that is used when none is named: one for each manager, under the user's state
   * directory, as the XDG Base Directory Specification has it.
   *
   * @param environment of the process
   * @param home of the user
   */
  static Path byDefault(Map<String, String> environment, String home, NodeAddress self) {
    @Nullable String named = environment.get("XDG_STATE_HOME");
    Path state =
        named == null || !Path.of(named).isAbsolute()
            ? Path.of(home, ".local", "state")
            : Path.of(named);
    return state.resolve("kumo").resolve("manager-" + self.host() + "-" + self.port());
  }

  VoteWriter writer() {
    return writer;
  }

  @Override
  public void close() throws IOException {
    writer.close();
    file.close();
  }
}
