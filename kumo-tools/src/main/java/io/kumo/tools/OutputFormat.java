package io.kumo.tools;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** In which form a program prints what it found. */
public enum OutputFormat {
  /** Lines for people. */
  TEXT,
  /** One object for programs. */
  JSON,
  /** A line for each node, short enough for most terminals. */
  TABLE,
  /** A line for each node, with all that is known of it. */
  WIDE;

  /** Of those programs that have no nodes to show. */
  public static final class TextOrJson implements ITypeConverter<OutputFormat> {
    @Override
    public OutputFormat convert(String value) {
      return switch (value.toLowerCase(Locale.ROOT)) {
        case "text" -> TEXT;
        case "json" -> JSON;
        default -> throw new TypeConversionException("'" + value + "' is neither text nor json");
      };
    }
  }
}
