package io.kumo.core.protocol.votes;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.NodeAddressCodec;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.Voter;
import io.kumo.core.view.Voters;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * A voter as {@code [address, id]}; voters as {@code [[voter, ...], address of the tie-breaker or
 * nil]}.
 */
public final class VoterCodec {
  /** Voters of one view: five servers and two managers. */
  static final int MAX_VOTERS = 7;

  private static final int VOTER_LENGTH = 2;
  private static final int VOTERS_LENGTH = 2;

  private VoterCodec() {}

  public static void write(ByteBuf out, Voter voter) {
    MsgPack.writeArrayHeader(out, VOTER_LENGTH);
    NodeAddressCodec.write(out, voter.address());
    MsgPack.writeUnsigned(out, voter.id());
  }

  public static Voter read(ByteBuf in) throws MalformedMessageException {
    int extra = MsgPack.readArrayHeader(in, VOTER_LENGTH) - VOTER_LENGTH;
    Voter voter = new Voter(NodeAddressCodec.read(in), MsgPack.readUnsigned(in));
    MsgPack.skip(in, extra);
    return voter;
  }

  static void write(ByteBuf out, Voters voters) {
    MsgPack.writeArrayHeader(out, VOTERS_LENGTH);
    MsgPack.writeArrayHeader(out, voters.members().size());
    voters.members().forEach(voter -> write(out, voter));
    if (voters.tieBreaker() == null) {
      MsgPack.writeNil(out);
    } else {
      NodeAddressCodec.write(out, voters.tieBreaker());
    }
  }

  static Voters readVoters(ByteBuf in) throws MalformedMessageException {
    int extra = MsgPack.readArrayHeader(in, VOTERS_LENGTH) - VOTERS_LENGTH;
    int count = MsgPack.readArrayHeader(in);
    if (count > MAX_VOTERS) {
      throw new MalformedMessageException("view of " + count + " voters");
    }
    List<Voter> members = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      members.add(read(in));
    }
    NodeAddress tieBreaker = MsgPack.tryReadNil(in) ? null : NodeAddressCodec.read(in);
    MsgPack.skip(in, extra);
    try {
      return new Voters(members, tieBreaker);
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException(String.valueOf(e.getMessage()));
    }
  }
}
