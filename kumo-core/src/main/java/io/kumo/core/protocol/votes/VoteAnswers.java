package io.kumo.core.protocol.votes;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Voter;
import io.kumo.core.vote.Acceptance;
import io.kumo.core.vote.LeaseAnswer;
import io.kumo.core.vote.PreVote;
import io.kumo.core.vote.Promise;
import io.netty.buffer.ByteBuf;

/** Results of the messages of this package, each an array. */
public final class VoteAnswers {
  private static final int VOTE_LENGTH = 4;
  private static final int ACCEPTANCE_LENGTH = 5;
  private static final int LEASE_LENGTH = 3;

  private VoteAnswers() {}

  /** {@code [voter, granted, term, accepted view or nil]}. */
  public static void write(ByteBuf out, PreVote vote) {
    writeVote(out, vote.voter(), vote.granted(), vote.term(), vote.accepted());
  }

  public static PreVote readPreVote(ByteBuf in) throws MalformedMessageException {
    Promise same = readPromise(in);
    return new PreVote(same.voter(), same.granted(), same.term(), same.accepted());
  }

  /** {@code [voter, granted, term, accepted view or nil]}. */
  public static void write(ByteBuf out, Promise promise) {
    writeVote(out, promise.voter(), promise.granted(), promise.term(), promise.accepted());
  }

  public static Promise readPromise(ByteBuf in) throws MalformedMessageException {
    int extra = MsgPack.readArrayHeader(in, VOTE_LENGTH) - VOTE_LENGTH;
    Voter voter = VoterCodec.read(in);
    boolean granted = MsgPack.readBool(in);
    long term = ViewCodec.readCount(in);
    ClusterView accepted = ViewCodec.read(in);
    MsgPack.skip(in, extra);
    return new Promise(voter, granted, term, accepted);
  }

  private static void writeVote(
      ByteBuf out, Voter voter, boolean granted, long term, ClusterView accepted) {
    MsgPack.writeArrayHeader(out, VOTE_LENGTH);
    VoterCodec.write(out, voter);
    MsgPack.writeBool(out, granted);
    MsgPack.writeUnsigned(out, term);
    ViewCodec.write(out, accepted);
  }

  /** {@code [voter, status, term of the view, its version, promised term]}. */
  public static void write(ByteBuf out, Acceptance acceptance) {
    MsgPack.writeArrayHeader(out, ACCEPTANCE_LENGTH);
    VoterCodec.write(out, acceptance.voter());
    MsgPack.writeUnsigned(out, acceptance.status().id());
    ViewCodec.writeId(out, acceptance.id());
    MsgPack.writeUnsigned(out, acceptance.term());
  }

  public static Acceptance readAcceptance(ByteBuf in) throws MalformedMessageException {
    int extra = MsgPack.readArrayHeader(in, ACCEPTANCE_LENGTH) - ACCEPTANCE_LENGTH;
    Voter voter = VoterCodec.read(in);
    Acceptance.Status status = status(MsgPack.readUnsigned(in));
    Acceptance acceptance =
        new Acceptance(voter, status, ViewCodec.readId(in), ViewCodec.readCount(in));
    MsgPack.skip(in, extra);
    return acceptance;
  }

  private static Acceptance.Status status(long id) throws MalformedMessageException {
    for (Acceptance.Status status : Acceptance.Status.values()) {
      if (status.id() == id) {
        return status;
      }
    }
    throw new MalformedMessageException("no status of a vote: " + id);
  }

  /** {@code [voter, granted, newest view or nil]}. */
  public static void write(ByteBuf out, LeaseAnswer answer) {
    MsgPack.writeArrayHeader(out, LEASE_LENGTH);
    VoterCodec.write(out, answer.voter());
    MsgPack.writeBool(out, answer.granted());
    ViewCodec.write(out, answer.newest());
  }

  public static LeaseAnswer readLeaseAnswer(ByteBuf in) throws MalformedMessageException {
    int extra = MsgPack.readArrayHeader(in, LEASE_LENGTH) - LEASE_LENGTH;
    Voter voter = VoterCodec.read(in);
    boolean granted = MsgPack.readBool(in);
    ClusterView newest = ViewCodec.read(in);
    MsgPack.skip(in, extra);
    return new LeaseAnswer(voter, granted, newest);
  }
}
