package io.kumo.core.vote;

import java.util.List;

/** What a proposer has to say, as it stands. */
final class ProposerMessages {
  private ProposerMessages() {}

  /** What is to be sent again to who has not answered it; empty if nothing is. */
  static List<ProposerAction> outstanding(Proposer by) {
    return switch (by.phase()) {
      case IDLE -> List.of();
      case ASKING -> List.of(askFirst(by));
      case REQUESTING, FOUNDING -> List.of(askTerm(by));
      case DIRECTING -> directions(by);
    };
  }

  /** Nodes that have not promised the term are asked for it for as long as it lasts. */
  private static List<ProposerAction> directions(Proposer by) {
    Publication out = by.publication();
    ProposerAction tells = out == null ? new ProposerAction.Commit(by.committed()) : publish(out);
    return List.of(askTerm(by), tells);
  }

  static ProposerAction askFirst(Proposer by) {
    return new ProposerAction.AskFirst(inquiry(by));
  }

  static ProposerAction askTerm(Proposer by) {
    return new ProposerAction.AskTerm(request(by, by.term()));
  }

  /** What a manager asks of whoever comes, to learn what it knows. */
  static TermRequest inquiry(Proposer by) {
    return request(by, by.highest());
  }

  private static TermRequest request(Proposer by, long asked) {
    return new TermRequest(asked, by.self(), by.newest().cluster().id(), by.byOperator());
  }

  static ProposerAction publish(Publication out) {
    return new ProposerAction.Publish(out.view(), out.managersFirst());
  }
}
