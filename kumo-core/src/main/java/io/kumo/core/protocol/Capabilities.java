package io.kumo.core.protocol;

/** Bits of what a node can do beyond kumofs 0.4.13, as it announces them. */
public final class Capabilities {
  /** Understands the methods of version 1, the fence, and request ids. */
  public static final int EXTENDED = 1;

  private Capabilities() {}

  public static boolean isExtended(int capabilities) {
    return (capabilities & EXTENDED) != 0;
  }
}
