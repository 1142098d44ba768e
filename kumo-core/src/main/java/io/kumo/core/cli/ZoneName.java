package io.kumo.core.cli;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The name of a zone, as an option gives it. */
public final class ZoneName implements ITypeConverter<String> {
  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9._-]{1,63}");

  @Override
  public String convert(String value) {
    if (!VALID.matcher(value).matches()) {
      throw new TypeConversionException(
          "a zone has 1 to 63 letters, digits, dots, dashes and underscores, not: " + value);
    }
    return value;
  }
}
