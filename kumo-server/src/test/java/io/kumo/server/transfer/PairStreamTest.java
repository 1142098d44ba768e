package io.kumo.server.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PairStreamTest {
  static List<GoldenStreams.Recorded> recorded() throws IOException {
    return GoldenStreams.all();
  }

  private static List<GoldenStreams.Pair> read(byte[] stream, int pieceBytes)
      throws MalformedMessageException {
    List<GoldenStreams.Pair> pairs = new ArrayList<>();
    boolean ended = false;
    try (PairInflater inflater = new PairInflater()) {
      for (int at = 0; at < stream.length; at += pieceBytes) {
        int length = Math.min(pieceBytes, stream.length - at);
        ended =
            inflater.read(
                Unpooled.wrappedBuffer(stream, at, length),
                (key, value) -> pairs.add(GoldenStreams.Pair.of(key, value)));
      }
    }
    assertThat(ended).isTrue();
    return pairs;
  }

  private static byte[] write(List<GoldenStreams.Pair> pairs, boolean flushing) {
    ByteBuf out = Unpooled.buffer();
    try (PairDeflater deflater = new PairDeflater()) {
      for (GoldenStreams.Pair pair : pairs) {
        deflater.add(pair.rawKey(), pair.rawValue(), out);
        if (flushing) {
          deflater.flush(out);
        }
      }
      deflater.finish(out);
    }
    return ByteBufUtil.getBytes(out);
  }

  private static byte[] inflate(byte[] stream) throws DataFormatException {
    Inflater inflater = new Inflater();
    inflater.setInput(stream);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] chunk = new byte[1000];
    while (!inflater.finished()) {
      out.write(chunk, 0, inflater.inflate(chunk));
    }
    assertThat(inflater.getRemaining()).isZero();
    inflater.end();
    return out.toByteArray();
  }

  private static byte[] deflate(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, new Deflater())) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void streamsOfTheOriginalAreReadInPiecesOfAnySize(GoldenStreams.Recorded stream)
      throws MalformedMessageException {
    List<GoldenStreams.Pair> whole = read(stream.senderSent(), Integer.MAX_VALUE / 2);
    assertThat(whole).isNotEmpty();
    assertThat(read(stream.senderSent(), 1)).isEqualTo(whole);
    assertThat(read(stream.senderSent(), 7)).isEqualTo(whole);
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void ourStreamInflatesToTheSameBytesAsTheOriginals(GoldenStreams.Recorded stream)
      throws MalformedMessageException, DataFormatException {
    List<GoldenStreams.Pair> pairs = read(stream.senderSent(), 1000);
    assertThat(inflate(write(pairs, false))).isEqualTo(stream.inflated());
    assertThat(inflate(write(pairs, true))).isEqualTo(stream.inflated());
  }

  @Test
  void bigAndIncompressibleValuesSurvive() throws MalformedMessageException {
    Random random = new Random(1);
    List<GoldenStreams.Pair> pairs = new ArrayList<>();
    for (int bytes : new int[] {8, 10, 31, 32, 65_535, 65_536, 3_000_000}) {
      byte[] key = new byte[8 + random.nextInt(250)];
      byte[] value = new byte[bytes];
      random.nextBytes(key);
      random.nextBytes(value);
      pairs.add(GoldenStreams.Pair.of(Unpooled.wrappedBuffer(key), Unpooled.wrappedBuffer(value)));
    }
    assertThat(read(write(pairs, false), 5000)).isEqualTo(pairs);
    assertThat(read(write(pairs, true), 5000)).isEqualTo(pairs);
  }

  @Test
  void aStreamOfManyPairsStaysInOrder() throws MalformedMessageException {
    List<GoldenStreams.Pair> pairs = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      pairs.add(new GoldenStreams.Pair("%016x".formatted(i), "%032x".formatted(i * 7L)));
    }
    assertThat(read(write(pairs, false), 10_000)).isEqualTo(pairs);
  }

  @Test
  void whatIsNoOfferIsRefused() {
    assertThatThrownBy(() -> read("GET / HTTP/1.0\r\n".getBytes(StandardCharsets.US_ASCII), 100))
        .isInstanceOf(MalformedMessageException.class);
    assertThatThrownBy(() -> read(deflate(new byte[] {(byte) 0x93, 1, 2, 3}), 100))
        .isInstanceOf(MalformedMessageException.class);
    byte[] hugeKey = {(byte) 0x92, (byte) 0xdb, 0x7f, 0, 0, 0};
    assertThatThrownBy(() -> read(deflate(hugeKey), 100))
        .isInstanceOf(MalformedMessageException.class);
    byte[] endsEarly = {(byte) 0x92, (byte) 0xa1, 1, (byte) 0xa1, 1};
    assertThatThrownBy(() -> read(deflate(endsEarly), 100))
        .isInstanceOf(MalformedMessageException.class);
  }
}
