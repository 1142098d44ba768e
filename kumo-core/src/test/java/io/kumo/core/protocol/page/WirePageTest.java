package io.kumo.core.protocol.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.extended.ExtGetResult;
import io.kumo.core.protocol.extended.FetchResult;
import io.kumo.core.protocol.votes.ViewCodec;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.write.ExtReplicateResult;
import io.kumo.core.protocol.write.MutateOptions;
import io.kumo.core.protocol.write.MutateStatus;
import io.kumo.core.protocol.write.Operation;
import io.kumo.core.view.ClusterView;
import io.kumo.core.vote.Acceptance;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * docs/wire.md and the code say the same. With {@code -Dkumo.page.write=true} what follows the mark
 * is written anew.
 */
class WirePageTest {

  @Test
  void thePageShowsWhatTheCodeWrites() throws Exception {
    String page = Files.readString(WirePage.FILE);
    String written = page.substring(0, page.indexOf(WirePage.MARK)) + WirePage.text();
    if (Boolean.getBoolean("kumo.page.write")) {
      Files.writeString(WirePage.FILE, written);
    }
    assertThat(Files.readString(WirePage.FILE)).isEqualTo(written);
  }

  @Test
  void everyExtendedMethodIsThere() {
    List<Method> extended = Stream.of(Method.values()).filter(Method::isExtended).toList();
    assertThat(WirePage.entries())
        .extracting(entry -> entry.message().method())
        .containsExactlyInAnyOrderElementsOf(extended);
  }

  @Test
  void whatIsShownIsUnderstood() throws Exception {
    for (WireEntry entry : WirePage.entries()) {
      Message message = entry.message();
      ByteBuf request = entry.request().bytes().duplicate();
      assertThat(message.method().decode(request)).isEqualTo(message);
      assertThat(request.isReadable()).as("behind %s", message).isFalse();
      ByteBuf result = entry.result().bytes().duplicate();
      assertThat(entry.reader().read(result)).isNotNull();
      assertThat(result.isReadable()).as("behind the result of %s", message).isFalse();
    }
    ByteBuf view = VoteMessages.view().bytes().duplicate();
    ByteBuf again = WireSample.of(out -> ViewCodec.write(out, read(view))).bytes();
    assertThat(ByteBufUtil.hexDump(again))
        .isEqualTo(ByteBufUtil.hexDump(VoteMessages.view().bytes()));
  }

  private static ClusterView read(ByteBuf view) {
    try {
      return ViewCodec.read(view);
    } catch (MalformedMessageException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void numbersOfOperationsStatusesAndBitsAreThere() throws Exception {
    String page = Files.readString(WirePage.FILE);
    for (Operation operation : Operation.values()) {
      assertThat(page).contains("| " + operation.id() + " | `" + operation + "` |");
    }
    for (MutateStatus status : MutateStatus.values()) {
      assertThat(page).contains("| " + status.id() + " | `" + status + "` |");
    }
    for (ErrorCode code : ErrorCode.values()) {
      assertThat(page).contains("| " + code.id() + " | `" + code + "` |");
    }
    assertThat(page).contains(row("EXT_GET", ExtGetResult.Status.values()));
    assertThat(page).contains(row("EXT_REPLICATE", ExtReplicateResult.Status.values()));
    assertThat(page).contains(row("FETCH", FetchResult.Status.values()));
    assertThat(page).contains(row("PUBLISH_VIEW", Acceptance.Status.values()));
    for (Class<?> bits : List.of(MutateOptions.class, Capabilities.class)) {
      for (Field bit : bits.getFields()) {
        if (Modifier.isStatic(bit.getModifiers()) && !bit.getName().equals("OURS")) {
          int place = Integer.numberOfTrailingZeros(bit.getInt(null));
          assertThat(page).contains("| " + place + " | `" + bit.getName() + "` |");
        }
      }
    }
  }

  /** Their ids are their places, which {@link #whatIsShownIsUnderstood} would not notice. */
  private static String row(String method, Enum<?>[] statuses) {
    List<String> cells =
        IntStream.range(0, statuses.length).mapToObj(i -> i + " `" + statuses[i] + "`").toList();
    return "| " + method + " | " + String.join(", ", cells) + " |";
  }
}
