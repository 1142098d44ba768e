package io.kumo.core.security.link;

import io.kumo.core.transport.Link;
import io.kumo.core.transport.LinkProof;
import io.netty.buffer.ByteBuf;

/** A link whose other end has proved itself. Confined to its loop. */
final class ProvedLink implements Link {
  private final Link link;
  private final LinkProof proof;

  ProvedLink(Link link, LinkProof proof) {
    this.link = link;
    this.proof = proof;
  }

  @Override
  public LinkProof proof() {
    return proof;
  }

  @Override
  public ByteBuf out() {
    return link.out();
  }

  @Override
  public long pendingBytes() {
    return link.pendingBytes();
  }

  @Override
  public long takenBytes() {
    return link.takenBytes();
  }

  @Override
  public void setReading(boolean reading) {
    link.setReading(reading);
  }

  @Override
  public void setNoDelay(boolean noDelay) {
    link.setNoDelay(noDelay);
  }

  @Override
  public void redeliver() {
    link.redeliver();
  }

  @Override
  public void abort() {
    link.abort();
  }

  @Override
  public void close() {
    link.close();
  }

  @Override
  public boolean isOpen() {
    return link.isOpen();
  }

  @Override
  public String remote() {
    return link.remote();
  }

  @Override
  public String remoteHost() {
    return link.remoteHost();
  }
}
