package io.kumo.core.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number of bytes, typed as {@code 64m}: k, m, g and t are powers of 1024; no unit is bytes. */
public record DataSize(long bytes) {

  private static final Pattern FORM = Pattern.compile("(\\d{1,18})([kmgt]?)b?");

  /** Throws {@link TypeConversionException} when {@code text} has another form or overflows. */
  public static DataSize parse(String text) {
    Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new TypeConversionException("'" + text + "' is not a size (examples: 100, 64k, 2g)");
    }
    long number = Long.parseLong(matcher.group(1));
    long unit = 1L << (10 * " kmgt".indexOf(matcher.group(2).isEmpty() ? " " : matcher.group(2)));
    if (number > Long.MAX_VALUE / unit) {
      throw new TypeConversionException("'" + text + "' is too large a size");
    }
    return new DataSize(number * unit);
  }

  /** The largest unit that divides the number, so that what is printed can be typed again. */
  @Override
  public String toString() {
    int unit = 0;
    long number = bytes;
    while (unit < 4 && number != 0 && number % 1024 == 0) {
      number /= 1024;
      unit++;
    }
    return number + (unit == 0 ? "" : String.valueOf(" kmgt".charAt(unit)));
  }

  /** For picocli. */
  public static final class Converter implements ITypeConverter<DataSize> {
    @Override
    public DataSize convert(String text) {
      return parse(text);
    }
  }
}
