package io.kumo.core.security.link;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.security.ClusterSecrets;
import io.kumo.core.security.Secret;
import io.kumo.core.transport.LinkProof;
import io.kumo.core.view.ClusterId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both ends of the handshake, back to back. */
class HandshakeTest {
  private static final Secret OLD = secret("the old secret, 24 bytes");
  private static final Secret NEW = secret("the new secret, 24 bytes");
  private static final ClusterId HERE = new ClusterId(0xabc, 0);
  private static final LinkProof CLIENT_CERTIFICATE = new LinkProof(false, true, false, Set.of());

  private final Random random = new Random(7);

  @ParameterizedTest
  @EnumSource(LinkRole.class)
  void whoHasTheSecretIsLetInAsWhatItIs(LinkRole role) {
    Pair pair = new Pair(party(role, HERE, OLD), party(LinkRole.SERVER, HERE, OLD));
    pair.talk();
    assertThat(pair.client).isEqualTo(Handshake.Step.DONE);
    assertThat(pair.server).isEqualTo(Handshake.Step.DONE);
    assertThat(pair.serving.proof().node()).isEqualTo(role.isNode());
    assertThat(pair.serving.proof()).hasToString("secret");
    assertThat(pair.connecting.proof().node()).isTrue();
  }

  @Test
  void aWrongSecretIsRefusedAndToldSo() {
    Pair pair = new Pair(party(LinkRole.TOOL, HERE, OLD), party(LinkRole.SERVER, HERE, NEW));
    pair.talk();
    assertThat(pair.server).isEqualTo(Handshake.Step.REFUSED);
    assertThat(pair.client).isEqualTo(Handshake.Step.REFUSED);
    assertThat(pair.connecting.why()).contains("its secret is not this cluster's");
  }

  @Test
  void noSecretIsRefusedWhereThereIsOne() {
    Pair pair = new Pair(party(LinkRole.TOOL, HERE), party(LinkRole.SERVER, HERE, NEW));
    pair.talk();
    assertThat(pair.connecting.why()).contains("it has no secret").contains("--secret-file");
  }

  @Test
  void anEndWithoutTheSecretIsNotTrustedByWhoHasOne() {
    Pair pair = new Pair(party(LinkRole.TOOL, HERE, OLD), party(LinkRole.SERVER, HERE));
    pair.talk();
    assertThat(pair.client).isEqualTo(Handshake.Step.REFUSED);
    assertThat(pair.connecting.why()).contains("it has no secret, and this process wants one");
  }

  @Test
  void twoSecretsCountWhileOneIsReplaced() {
    LinkParty before = party(LinkRole.SERVER, HERE, OLD);
    LinkParty added = party(LinkRole.SERVER, HERE, OLD, NEW);
    LinkParty swapped = party(LinkRole.SERVER, HERE, NEW, OLD);
    LinkParty after = party(LinkRole.SERVER, HERE, NEW);
    assertThat(List.of(works(before, added), works(added, before))).containsOnly(true);
    assertThat(List.of(works(added, swapped), works(swapped, added))).containsOnly(true);
    assertThat(List.of(works(swapped, after), works(after, swapped))).containsOnly(true);
    assertThat(List.of(works(before, after), works(after, before))).containsOnly(false);
  }

  @Test
  void aNodeOfAnotherClusterIsRefusedByName() {
    LinkParty there = party(LinkRole.SERVER, new ClusterId(0xdef, 0), OLD);
    Pair pair = new Pair(there, party(LinkRole.MANAGER, HERE, OLD));
    pair.talk();
    assertThat(pair.serving.why()).isEqualTo("it is of the cluster def, this is abc");
    assertThat(pair.connecting.why()).endsWith("it is of another cluster than abc");
  }

  @Test
  void whoKnowsNoClusterYetAndWhoIsOfTheParentAreLetIn() {
    LinkParty newcomer = party(LinkRole.SERVER, ClusterId.NONE, OLD);
    LinkParty child = party(LinkRole.SERVER, new ClusterId(0x123, HERE.id()), OLD);
    LinkParty here = party(LinkRole.SERVER, HERE, OLD);
    assertThat(List.of(works(newcomer, here), works(here, newcomer))).containsOnly(true);
    assertThat(List.of(works(child, here), works(here, child))).containsOnly(true);
  }

  @Test
  void aClientsCertificateIsNoNodes() {
    Pair pair = new Pair(party(LinkRole.SERVER, HERE), party(LinkRole.MANAGER, HERE));
    pair.serving = new ServerHandshake(pair.serving.self, CLIENT_CERTIFICATE);
    pair.talk();
    assertThat(pair.serving.why()).contains("its certificate is a client's");
    Pair tool = new Pair(party(LinkRole.TOOL, HERE), party(LinkRole.MANAGER, HERE));
    tool.serving = new ServerHandshake(tool.serving.self, CLIENT_CERTIFICATE);
    tool.talk();
    assertThat(tool.serving.proof()).hasToString("tls");
  }

  @Test
  void anAnswerRecordedBeforeIsWorthNothing() {
    Pair honest = new Pair(party(LinkRole.TOOL, HERE, OLD), party(LinkRole.SERVER, HERE, OLD));
    honest.talk();
    ServerHandshake again = new ServerHandshake(party(LinkRole.SERVER, HERE, OLD), LinkProof.OPEN);
    ByteBuf out = Unpooled.buffer();
    assertThat(again.receive(Unpooled.wrappedBuffer(honest.sentByClient()), out))
        .isEqualTo(Handshake.Step.REFUSED);
    ClientHandshake client = new ClientHandshake(party(LinkRole.TOOL, HERE, OLD), LinkProof.OPEN);
    assertThat(client.receive(Unpooled.wrappedBuffer(honest.sentByServer()), out))
        .isEqualTo(Handshake.Step.REFUSED);
  }

  @Test
  void whatTheClientProvesDoesNotServeAsTheServersProof() {
    LinkParty party = party(LinkRole.SERVER, HERE, OLD);
    ClientHandshake victim = new ClientHandshake(party, LinkProof.OPEN);
    ByteBuf hello = Unpooled.buffer();
    victim.begin(hello);
    ByteBuf challenge = hello.copy();
    challenge.setByte(5, Greeting.CHALLENGE);
    ByteBuf proof = Unpooled.buffer();
    assertThat(victim.receive(challenge, proof)).isEqualTo(Handshake.Step.MORE);
    proof.setByte(0, Handshake.WELCOME);
    assertThat(victim.receive(proof, Unpooled.buffer())).isEqualTo(Handshake.Step.REFUSED);
  }

  @Test
  void theBytesAreThoseOfTheDocumentation() {
    Pair pair =
        new Pair(party(LinkRole.GATEWAY, ClusterId.NONE, OLD), party(LinkRole.SERVER, HERE, OLD));
    pair.talk();
    String hello = ByteBufUtil.hexDump(pair.sentByClient());
    assertThat(hello).startsWith("4b554d4f" + "01" + "48" + "03" + "01");
    assertThat(hello.substring(80, 112)).isEqualTo("0".repeat(32));
    assertThat(hello.substring(112, 114)).isEqualTo("50");
    assertThat(hello).hasSize(2 * (56 + 33));
    String answer = ByteBufUtil.hexDump(pair.sentByServer());
    assertThat(answer).startsWith("4b554d4f" + "01" + "43" + "02" + "01");
    assertThat(answer.substring(80, 112)).isEqualTo("0000000000000abc" + "0".repeat(16));
    assertThat(answer.substring(112, 114)).isEqualTo("57");
  }

  private boolean works(LinkParty client, LinkParty server) {
    Pair pair = new Pair(client, server);
    pair.talk();
    assertThat(pair.client).isEqualTo(pair.server);
    return pair.client == Handshake.Step.DONE;
  }

  private static Secret secret(String text) {
    return new Secret(text.getBytes(US_ASCII));
  }

  private LinkParty party(LinkRole role, ClusterId cluster, Secret... secrets) {
    ClusterSecrets all = secrets.length == 0 ? null : new ClusterSecrets(List.of(secrets));
    return new LinkParty(
        role,
        () -> cluster,
        all == null ? null : () -> all,
        count -> {
          byte[] nonce = new byte[count];
          random.nextBytes(nonce);
          return nonce;
        });
  }

  /** Two ends, and what went between them: byte by byte, as a slow network would bring it. */
  private static final class Pair {
    private final ClientHandshake connecting;
    private ServerHandshake serving;
    private final ByteBuf toServer = Unpooled.buffer();
    private final ByteBuf toClient = Unpooled.buffer();
    private Handshake.@Nullable Step client;
    private Handshake.@Nullable Step server;

    Pair(LinkParty client, LinkParty server) {
      connecting = new ClientHandshake(client, LinkProof.OPEN);
      serving = new ServerHandshake(server, LinkProof.OPEN);
    }

    void talk() {
      client = Handshake.Step.MORE;
      server = Handshake.Step.MORE;
      connecting.begin(toServer);
      int sent = 0;
      int answered = 0;
      while (sent < toServer.writerIndex() || answered < toClient.writerIndex()) {
        if (sent < toServer.writerIndex()) {
          sent++;
          server = step(serving, toServer, sent, toClient, server);
        } else {
          answered++;
          client = step(connecting, toClient, answered, toServer, client);
        }
      }
    }

    private static Handshake.Step step(
        Handshake end, ByteBuf in, int upTo, ByteBuf out, Handshake.@Nullable Step before) {
      if (before != Handshake.Step.MORE) {
        return before == null ? Handshake.Step.MORE : before;
      }
      ByteBuf seen = in.slice(in.readerIndex(), upTo - in.readerIndex());
      Handshake.Step after = end.receive(seen, out);
      in.skipBytes(seen.readerIndex());
      return after;
    }

    byte[] sentByClient() {
      return ByteBufUtil.getBytes(toServer, 0, toServer.writerIndex());
    }

    byte[] sentByServer() {
      return ByteBufUtil.getBytes(toClient, 0, toClient.writerIndex());
    }
  }
}
