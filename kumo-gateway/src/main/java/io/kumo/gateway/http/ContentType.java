package io.kumo.gateway.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The content types that a value can be stored with. A record has no room for one but in its flags:
 * there they are a number that begins with {@link #MARK}, which clients of memcached see as such.
 * None of them is run by a browser.
 */
enum ContentType {
  /** Of values with any other flags: nobody has said. */
  BYTES(0, "application/octet-stream"),
  TEXT(1, "text/plain"),
  TEXT_UTF_8(2, "text/plain; charset=utf-8"),
  JSON(3, "application/json"),
  CSV(4, "text/csv"),
  XML(5, "application/xml"),
  YAML(6, "application/yaml"),
  CBOR(7, "application/cbor"),
  MESSAGE_PACK(8, "application/vnd.msgpack"),
  PROTOBUF(9, "application/protobuf"),
  PNG(10, "image/png"),
  JPEG(11, "image/jpeg"),
  GIF(12, "image/gif"),
  WEBP(13, "image/webp"),
  PDF(14, "application/pdf"),
  GZIP(15, "application/gzip");

  /** The greater half of the flags, "KH". */
  private static final int MARK = 0x4b48_0000;

  /** What curl says of a body when nothing else is said. */
  private static final String FORM = "application/x-www-form-urlencoded";

  private static final ContentType[] ALL = values();

  private final int number;
  private final String text;

  ContentType(int number, String text) {
    this.number = number;
    this.text = text;
  }

  /** As in a header field. */
  String text() {
    return text;
  }

  /** The flags of a value of this type. */
  int flags() {
    return this == BYTES ? 0 : MARK | number;
  }

  /** What flags say; {@link #BYTES} when they say something else. */
  static ContentType of(int flags) {
    int index = flags ^ MARK;
    return index > 0 && index < ALL.length ? ALL[index] : BYTES;
  }

  /** What a header field says, whatever its case and blanks; null for what is not in the list. */
  static @Nullable ContentType of(@Nullable String field) {
    if (field == null) {
      return BYTES;
    }
    String asked = plain(field);
    if (asked.equals(FORM)) {
      return BYTES;
    }
    for (ContentType type : ALL) {
      if (plain(type.text).equals(asked)) {
        return type;
      }
    }
    return null;
  }

  private static String plain(String field) {
    return field.replaceAll("[\\s\"]", "").toLowerCase(Locale.ROOT);
  }
}
