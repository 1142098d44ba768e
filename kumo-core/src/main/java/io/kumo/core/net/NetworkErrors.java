package io.kumo.core.net;

import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.net.ssl.SSLException;

/**
 * Tells what the network or the other end did from a bug, among what a channel's handlers throw.
 */
public final class NetworkErrors {
  private NetworkErrors() {}

  /**
   * Whether the connection failed, or its other end does not keep to TLS. Netty's native transports
   * throw an unchecked exception when a socket that has just gone is to be read on.
   */
  public static boolean include(Throwable error) {
    return error instanceof IOException
        || error instanceof UncheckedIOException
        || (error instanceof DecoderException && error.getCause() instanceof SSLException);
  }
}
