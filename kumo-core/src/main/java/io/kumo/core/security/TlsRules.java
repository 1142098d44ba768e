package io.kumo.core.security;

/** What the JDK's TLS is told before it is used for the first time. */
final class TlsRules {
  private static final String NO_RENEGOTIATION = "jdk.tls.rejectClientInitiatedRenegotiation";

  private TlsRules() {}

  /**
   * Has those who connect shake hands once: with TLS 1.2 a stranger could have a listener sign
   * again and again on a connection that nothing bounds any more. OpenSSL, as netty-tcnative has
   * it, does not do it anyway.
   */
  static void apply() {
    if (System.getProperty(NO_RENEGOTIATION) == null) {
      System.setProperty(NO_RENEGOTIATION, "true");
    }
  }
}
