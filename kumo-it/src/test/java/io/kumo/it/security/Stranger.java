package io.kumo.it.security;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.wire.Frames;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * What somebody can send to a port who has read docs/internals/handshake.md and has no credential,
 * or not the right one. It shakes hands by its own code, so that it can do it wrong.
 */
final class Stranger {
  static final int HELLO_BYTES = 56;
  static final int REFUSAL_BYTES = 10;
  static final byte REFUSED = 'R';
  private static final int PATIENCE_MS = 20_000;
  private static final int LONG = 1 << 16;

  private Stranger() {}

  /** What is no handshake, by what it is. */
  static Map<String, byte[]> noise(Random random) throws IOException, GeneralSecurityException {
    Map<String, byte[]> all = new LinkedHashMap<>();
    for (int i = 0; i < 5; i++) {
      byte[] bytes = new byte[random.nextInt(LONG) + 1];
      random.nextBytes(bytes);
      all.put("random bytes " + i, bytes);
    }
    all.put("HTTP", "GET / HTTP/1.1\r\nHost: kumo\r\n\r\n".getBytes(US_ASCII));
    all.put("memcached", "stats\r\n".getBytes(US_ASCII));
    all.put("TLS", tlsHello());
    all.put("a huge array", new byte[] {(byte) 0xdd, -1, -1, -1, -1, 0});
    all.put("a huge string", new byte[] {(byte) 0xdb, 0x7f, -1, -1, -1, 0});
    all.put("deep nesting", nested());
    all.put("a greeting too long", join("KUMO\1H\4\1".getBytes(US_ASCII), new byte[LONG]));
    all.put("another version", join("KUMO\7H\4\1".getBytes(US_ASCII), new byte[48]));
    all.put("a proof alone", join(new byte[] {'P'}, new byte[32]));
    return all;
  }

  private static byte[] nested() {
    byte[] bytes = new byte[LONG];
    Arrays.fill(bytes, (byte) 0x91);
    return bytes;
  }

  private static byte[] tlsHello() throws IOException, GeneralSecurityException {
    SSLEngine engine = SSLContext.getDefault().createSSLEngine("kumo", 1);
    engine.setUseClientMode(true);
    ByteBuffer out = ByteBuffer.allocate(LONG);
    engine.wrap(ByteBuffer.allocate(0), out);
    byte[] hello = new byte[out.flip().remaining()];
    out.get(hello);
    return hello;
  }

  /** A request of every method, first as a tool sends it, then as a node does. */
  static byte[] everyMethod(NodeAddress self, boolean node) {
    ByteBuf out = Unpooled.buffer();
    if (node) {
      Frames.clusterInit(out, self, Role.MANAGER, 0, 0);
    }
    return join(ByteBufUtil.getBytes(out), methods(List.of(Method.values())));
  }

  /** A request of each of these. */
  static byte[] methods(Collection<Method> methods) {
    ByteBuf out = Unpooled.buffer();
    int id = 0;
    for (Method method : methods) {
      Frames.requestHeader(out, ++id, method.id());
      MsgPack.writeArrayHeader(out, 0);
    }
    return ByteBufUtil.getBytes(out);
  }

  /** A request with this id and no parameters. */
  static byte[] request(int methodId) {
    ByteBuf out = Unpooled.buffer();
    Frames.requestHeader(out, 1, methodId);
    MsgPack.writeArrayHeader(out, 0);
    return ByteBufUtil.getBytes(out);
  }

  /** A greeting as one who connects. */
  static byte[] hello(int role, long cluster) {
    return ByteBuffer.allocate(HELLO_BYTES)
        .put("KUMO\1H".getBytes(US_ASCII))
        .put((byte) role)
        .put((byte) 1)
        .put(new byte[32])
        .putLong(cluster)
        .putLong(0)
        .array();
  }

  /** Its proof by any secret, over what was said. */
  static byte[] proof(String secret, byte[] hello, byte[] challenge) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(US_ASCII), "HmacSHA256"));
      mac.update("kumo client".getBytes(US_ASCII));
      mac.update(hello);
      mac.update(challenge);
      return join(new byte[] {'P'}, mac.doFinal());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] join(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  /** Sends it, and gives what came until the other end closed; an error when it does not close. */
  static byte[] answerTo(Socket socket, byte[] bytes) throws IOException {
    socket.setSoTimeout(PATIENCE_MS);
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try {
      socket.getOutputStream().write(bytes);
      for (int next = read(socket); next >= 0; next = read(socket)) {
        answer.write(next);
      }
    } catch (SocketException e) {
      return answer.toByteArray(); // it was closed with bytes of ours unread
    }
    return answer.toByteArray();
  }

  private static int read(Socket socket) throws IOException {
    return socket.getInputStream().read();
  }
}
