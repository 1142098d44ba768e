package io.kumo.server;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.state.BackgroundVoteWriter;
import io.kumo.core.state.VoteFile;
import io.kumo.core.transport.Transport;
import io.kumo.core.vote.VoteRules;
import io.kumo.core.vote.VoteWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server's vote in the folder {@code vote} of its store: beside the records, so that it is lost
 * with them, and outside of what is wiped, backed up and restored. It counts for this very store
 * and address.
 */
final class StoredVote implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StoredVote.class);

  private final VoteFile file;
  private final BackgroundVoteWriter writer;

  private StoredVote(VoteFile file, Transport transport) {
    this.file = file;
    this.writer = new BackgroundVoteWriter(file, transport);
  }

  /**
   * Takes the vote up, or draws a new one. Blocks.
   *
   * @throws IOException if another process has it
   */
  static StoredVote open(Path storePath, long storeId, NodeAddress self, Transport transport)
      throws IOException {
    SecureRandom random = new SecureRandom();
    VoteFile file =
        VoteFile.open(VoteRules.SOUND, storePath.resolve("vote"), self, storeId, random::nextLong);
    return new StoredVote(file, transport);
  }

  VoteWriter writer() {
    return writer;
  }

  /** Lets another process take the vote up. Blocks. */
  @Override
  public void close() {
    writer.close();
    try {
      file.close();
    } catch (IOException e) {
      log.warn("cannot close the vote", e);
    }
  }
}
