package io.kumo.gateway.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.Random;

/** Random requests, right and wrong ones, of each protocol. */
public final class RequestScript {
  private static final int KEYS = 12;

  private final Random random;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  public RequestScript(long seed) {
    this.random = new Random(seed);
  }

  public static byte[] text(long seed, int requests) {
    RequestScript script = new RequestScript(seed);
    for (int i = 0; i < requests; i++) {
      script.text(script.random.nextInt(20));
    }
    return script.out.toByteArray();
  }

  /** Requests of text behind logins, most of them wrong; the right one is alice, secret. */
  public static byte[] textLogins(long seed, int requests) {
    RequestScript script = new RequestScript(seed);
    for (int i = script.random.nextInt(4); i >= 0; i--) {
      script.put("set x 0 0 12\r\nalice " + script.password() + "\r\n");
    }
    script.out.writeBytes(text(seed, requests));
    return script.out.toByteArray();
  }

  /** The same of binary: any order of list, start and step. */
  public static byte[] saslLogins(long seed, int requests) {
    RequestScript script = new RequestScript(seed);
    for (int i = script.random.nextInt(4); i >= 0; i--) {
      int opcode = 0x20 + script.random.nextInt(3);
      String mechanism = opcode == 0x20 ? "" : "PLAIN";
      String message = script.random.nextInt(4) == 0 ? "" : "\0alice\0" + script.password();
      script.out.writeBytes(
          BinaryMessage.request(opcode, mechanism, "", opcode == 0x20 ? "" : message).encoded());
    }
    script.out.writeBytes(binary(seed, requests));
    return script.out.toByteArray();
  }

  /** The same of keys over HTTP, where each request has its own. */
  public static byte[] basicLogins(long seed, int requests) {
    RequestScript script = new RequestScript(seed);
    String[] methods = {"GET", "PUT", "DELETE", "HEAD", "POST"};
    for (int i = 0; i < requests; i++) {
      String said = "alice:" + script.password();
      String body = "x".repeat(script.random.nextInt(3));
      script.put(
          "%s /keys/a%d HTTP/1.1\r\n%sContent-Length: %d\r\n\r\n%s"
              .formatted(
                  methods[script.random.nextInt(methods.length)],
                  script.random.nextInt(KEYS),
                  script.random.nextInt(5) == 0 ? "" : basic(said),
                  body.length(),
                  body));
    }
    return script.out.toByteArray();
  }

  private static String basic(String said) {
    String encoded = Base64.getEncoder().encodeToString(said.getBytes(ISO_8859_1));
    return "Authorization: Basic " + encoded + "\r\n";
  }

  private String password() {
    return random.nextInt(4) == 0 ? "secret" : "secreT";
  }

  public static byte[] meta(long seed, int requests) {
    RequestScript script = new RequestScript(seed);
    for (int i = 0; i < requests; i++) {
      script.meta(script.random.nextInt(12));
    }
    return script.out.toByteArray();
  }

  public static byte[] binary(long seed, int requests) {
    RequestScript script = new RequestScript(seed);
    for (int i = 0; i < requests; i++) {
      script.binary(i);
    }
    return script.out.toByteArray();
  }

  private void put(String text) {
    out.writeBytes(text.getBytes(ISO_8859_1));
  }

  private String key() {
    int number = random.nextInt(KEYS);
    return number == 0 ? "k".repeat(250) : "key" + number;
  }

  private String value() {
    int length = random.nextInt(20) == 0 ? random.nextInt(40_000) : random.nextInt(40);
    if (random.nextBoolean()) {
      return Integer.toString(random.nextInt(1000));
    }
    return "\r\nx\0".repeat(1 + length / 4).substring(0, length);
  }

  private String noreply() {
    return random.nextInt(4) == 0 ? " noreply" : "";
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private void text(int kind) {
    String eol = random.nextInt(5) == 0 ? "\n" : "\r\n";
    switch (kind) {
      case 0, 1, 2, 3 -> {
        String value = value();
        String word = pick("set", "set", "add", "replace", "append", "prepend");
        String line = word + " " + key() + " " + random.nextInt() / 2 * -1 + " 0 ";
        put(line.replace(" -", " ") + value.length() + noreply() + eol + value + "\r\n");
      }
      case 4 -> {
        String value = value();
        int cas = random.nextInt(30);
        put("cas " + key() + " 5 0 " + value.length() + " " + cas + noreply() + eol);
        put(value + "\r\n");
      }
      case 5, 6, 7, 8 -> put(pick("get ", "gets ", "gat 0 ", "gats 100 ") + key() + eol);
      case 9 -> {
        put("get");
        for (int i = random.nextInt(60); i >= 0; i--) {
          put(" " + key());
        }
        put(eol);
      }
      case 10 -> put("delete " + key() + pick("", " 0", " 5", " junk") + noreply() + eol);
      case 11, 12 ->
          put(pick("incr ", "decr ") + key() + " " + random.nextInt(9) + noreply() + eol);
      case 13 -> put("touch " + key() + " " + pick("0", "-1", "100", "x") + noreply() + eol);
      case 14 ->
          put(pick("version", "verbosity 1", "verbosity", "mn", "flush_all", "nonsense") + eol);
      case 15 -> put("set " + key() + pick(" x 0 3", " 0 x 3", " -1 0 3") + eol + "abc\r\n");
      case 16 -> put("set " + key() + "k".repeat(251) + " 0 0 3" + eol + "abc\r\n");
      case 17 -> put(pick("get", "gat", "touch a", "incr a", "set a 0", "", "   ") + eol);
      case 18 -> put("set " + key() + " 0 0 3" + noreply() + eol + "abcdef");
      default -> put("set  " + key() + "   1 -1  0 " + eol + "\r\n");
    }
  }

  private void meta(int kind) {
    switch (kind) {
      case 0, 1, 2 -> {
        String value = value();
        put("ms " + key() + " " + value.length() + pick("", " MA", " ME", " MP", " MR", " MA N0"));
        put(pick("", " c", " k O12", " q", " T100", " F77", " C3", " C4 I", " E900", " s"));
        put("\r\n" + value + "\r\n");
      }
      case 3, 4, 5 -> {
        put("mg " + key() + pick("", " v", " v q", " v k t f c s", " h l"));
        put(pick("", " N30", " R60", " T100", " O99", " u P1 Lx") + "\r\n");
      }
      case 6 -> put("md " + key() + pick("", " q", " k O1", " I", " I T30", " x", " C3") + "\r\n");
      case 7, 8 -> {
        put("ma " + key() + pick("", " v", " q", " N0 J7", " MD", " D5", " t c v"));
        put(pick("", " T100", " k", " O7", " C2") + "\r\n");
      }
      case 9 -> put(pick("mn", "me key1", "mx a", "mg", "mg a v v", "ms a", "ms a 1 Z") + "\r\n");
      case 10 -> put("ms a2V5 1 b k" + pick("", " q", " !") + "\r\nx\r\nmg a2V5 b k v\r\n");
      default -> text(random.nextInt(20));
    }
  }

  private void binary(int opaque) {
    int opcode = random.nextInt(6) == 0 ? random.nextInt(0x50) : random.nextInt(0x1f);
    String key = key();
    String value = value();
    String flagsAndExpiry = BinaryMessage.store(random.nextInt(100), 0);
    BinaryMessage request =
        switch (opcode) {
          case 0x01, 0x02, 0x03, 0x11, 0x12, 0x13 ->
              BinaryMessage.request(opcode, key, flagsAndExpiry, value);
          case 0x0e, 0x0f, 0x19, 0x1a -> BinaryMessage.request(opcode, key, "", value);
          case 0x05, 0x06, 0x15, 0x16 ->
              BinaryMessage.request(
                  opcode, key, BinaryMessage.counter(3, 9, random.nextBoolean() ? 0 : -1), "");
          case 0x1c, 0x1d, 0x1e, 0x23, 0x24 ->
              BinaryMessage.request(opcode, key, BinaryMessage.number(100), "");
          case 0x07, 0x17, 0x08, 0x18, 0x0a, 0x0b ->
              BinaryMessage.request(opcode < 0x0a || opcode > 0x10 ? 0x0a : opcode, "", "", "");
          case 0x1b -> BinaryMessage.request(opcode, "", BinaryMessage.number(1), "");
          case 0x10 -> BinaryMessage.request(opcode, "", "", "");
          default -> BinaryMessage.request(opcode, key, "", "");
        };
    int cas = random.nextInt(3) == 0 ? random.nextInt(20) : 0;
    out.writeBytes(request.withOpaque(opaque).withCas(cas).encoded());
  }
}
