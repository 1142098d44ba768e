package io.kumo.it.fuzz;

import io.kumo.core.transport.Link;
import io.kumo.core.transport.LinkListener;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Sends its bytes in two pieces: when it is connected, and when it is told. Reads all it gets. */
final class PieceSender implements LinkListener {
  private final byte[] input;
  private final int cut;
  private final boolean answers;
  private boolean told;
  private @Nullable Link link;

  /**
   * @param cut length of the first piece
   * @param answers whether it sends the second also when it hears anything
   */
  PieceSender(byte[] input, int cut, boolean answers) {
    this.input = input;
    this.cut = cut;
    this.answers = answers;
  }

  @Override
  public void opened(Link opened) {
    link = opened;
    opened.out().writeBytes(input, 0, cut);
  }

  void sendRest() {
    if (link != null && link.isOpen() && !told) {
      told = true;
      link.out().writeBytes(input, cut, input.length - cut);
    }
  }

  @Override
  public void received(ByteBuf in) {
    in.skipBytes(in.readableBytes());
    if (answers) {
      sendRest();
    }
  }

  @Override
  public void closed(@Nullable Throwable cause) {}
}
