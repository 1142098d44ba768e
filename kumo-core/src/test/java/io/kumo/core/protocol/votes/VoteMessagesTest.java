package io.kumo.core.protocol.votes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.SampleViews;
import io.kumo.core.view.StandingOrders;
import io.kumo.core.view.Suspension;
import io.kumo.core.view.ViewFlush;
import io.kumo.core.view.ViewId;
import io.kumo.core.view.ViewLayout;
import io.kumo.core.view.ViewSettings;
import io.kumo.core.view.Voter;
import io.kumo.core.vote.Acceptance;
import io.kumo.core.vote.LeaseAnswer;
import io.kumo.core.vote.LeaseRequest;
import io.kumo.core.vote.PreVote;
import io.kumo.core.vote.Promise;
import io.kumo.core.vote.TermRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;

class VoteMessagesTest {
  private static final Voter VOTER = new Voter(SampleViews.S2, -5);
  private static final ClusterView VIEW =
      SampleViews.first()
          .next(SampleViews.voters(SampleViews.S1, SampleViews.S2), List.of(SampleViews.M2))
          .withFlush(new ViewFlush(-1, 6, 7))
          .withSettings(new ViewSettings(1500, true, false));

  @Test
  void everyMessageComesOutAsItWentIn() throws Exception {
    TermRequest term = new TermRequest(9, SampleViews.M1, -3, true);
    for (Message message :
        List.of(
            new AskFirst(term),
            new RequestTerm(term),
            new PublishView(VIEW, SampleViews.M1),
            new CommitView(VIEW, SampleViews.M2),
            new RequestLease(new LeaseRequest(VOTER, 3, new ViewId(4, 5), -6)),
            new ReleaseLease(VOTER, 8))) {
      ByteBuf bytes = Unpooled.buffer();
      message.encode(bytes);
      assertThat(message.method().decode(bytes)).isEqualTo(message);
      assertThat(bytes.isReadable()).isFalse();
      assertThat(Method.byId(message.method().id())).isEqualTo(message.method());
    }
  }

  @Test
  void everyAnswerComesOutAsItWentIn() throws Exception {
    ByteBuf bytes = Unpooled.buffer();
    PreVote vote = new PreVote(VOTER, true, 8, VIEW);
    Promise promise = new Promise(VOTER, false, 8, ClusterView.NONE);
    Acceptance accepted =
        new Acceptance(VOTER, Acceptance.Status.WAITING, new ViewId(1L << 40, 2), 3);
    LeaseAnswer lease = new LeaseAnswer(VOTER, false, VIEW);
    VoteAnswers.write(bytes, vote);
    VoteAnswers.write(bytes, promise);
    VoteAnswers.write(bytes, accepted);
    VoteAnswers.write(bytes, lease);
    assertThat(VoteAnswers.readPreVote(bytes)).isEqualTo(vote);
    assertThat(VoteAnswers.readPromise(bytes)).isEqualTo(promise);
    assertThat(VoteAnswers.readAcceptance(bytes)).isEqualTo(accepted);
    assertThat(VoteAnswers.readLeaseAnswer(bytes)).isEqualTo(lease);
    assertThat(bytes.isReadable()).isFalse();
  }

  @Test
  void aViewFromALaterProgramIsReadAsFarAsItIsKnown() throws Exception {
    ByteBuf bytes = Unpooled.buffer();
    ViewCodec.write(bytes, VIEW);
    ByteBuf longer = Unpooled.buffer();
    MsgPack.writeArrayHeader(longer, 9);
    longer.writeBytes(bytes, 1, bytes.readableBytes() - 1);
    MsgPack.writeArrayHeader(longer, 0);
    assertThat(ViewCodec.read(longer)).isEqualTo(VIEW);
    assertThat(longer.isReadable()).isFalse();
  }

  @Test
  void standingOrdersAreThereWhereThereAreSome() throws Exception {
    StandingOrders orders =
        StandingOrders.NONE
            .withPause(true)
            .withRate(1 << 20)
            .suspend(new Suspension(SampleViews.S2, 1_900_000_000L))
            .suspend(new Suspension(SampleViews.S1, 1_900_000_060L));
    ClusterView ordered = VIEW.withSettings(new ViewSettings(1500, true, false, orders));
    ByteBuf bytes = Unpooled.buffer();
    ViewCodec.write(bytes, ordered);
    assertThat(ViewCodec.read(bytes)).isEqualTo(ordered).isNotEqualTo(VIEW);
    assertThat(bytes.isReadable()).isFalse();
  }

  @Test
  void serversThatAreBehindAreNamedWhereThereAreSome() throws Exception {
    ViewLayout layout = VIEW.layout();
    ClusterView behind =
        VIEW.withLayout(
            new ViewLayout(
                layout.spaces(),
                layout.members(),
                layout.rebalance().withBehind(List.of(SampleViews.S3, SampleViews.S1)),
                layout.settledTime()));
    ByteBuf bytes = Unpooled.buffer();
    ViewCodec.write(bytes, behind);
    assertThat(ViewCodec.read(bytes)).isEqualTo(behind).isNotEqualTo(VIEW);
    assertThat(bytes.isReadable()).isFalse();
  }

  @Test
  void noTruncatedViewIsTakenForAWholeOne() {
    ByteBuf bytes = Unpooled.buffer();
    ViewCodec.write(bytes, VIEW);
    for (int length = 0; length < bytes.readableBytes(); length++) {
      ByteBuf part = bytes.slice(0, length);
      assertThatThrownBy(() -> ViewCodec.read(part)).isInstanceOf(MalformedMessageException.class);
    }
  }

  @Test
  void twoVotersOfOneAddressAreMalformed() {
    ByteBuf bytes = Unpooled.buffer();
    MsgPack.writeArrayHeader(bytes, 2);
    MsgPack.writeArrayHeader(bytes, 2);
    VoterCodec.write(bytes, new Voter(SampleViews.S1, 1));
    VoterCodec.write(bytes, new Voter(SampleViews.S1, 2));
    MsgPack.writeNil(bytes);
    assertThatThrownBy(() -> VoterCodec.readVoters(bytes))
        .isInstanceOf(MalformedMessageException.class);
  }
}
