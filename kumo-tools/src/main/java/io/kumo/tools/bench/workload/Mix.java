package io.kumo.tools.bench.workload;

import io.kumo.tools.bench.codec.BenchOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Operations with their weights, typed as {@code get=9,set=1} or just {@code get}. Immutable. */
public final class Mix {

  private static final int MAX_WEIGHT = 1_000;

  private final String text;
  private final BenchOperation[] lottery;

  private Mix(String text, BenchOperation[] lottery) {
    this.text = text;
    this.lottery = lottery;
  }

  public static Mix parse(String text) {
    List<BenchOperation> tickets = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      BenchOperation operation = operation(equals < 0 ? part : part.substring(0, equals));
      int weight = equals < 0 ? 1 : weight(part.substring(equals + 1));
      for (int i = 0; i < weight; i++) {
        tickets.add(operation);
      }
    }
    if (tickets.isEmpty()) {
      throw new TypeConversionException("'" + text + "' has no weight above 0");
    }
    return new Mix(text, tickets.toArray(new BenchOperation[0]));
  }

  private static BenchOperation operation(String name) {
    for (BenchOperation operation : BenchOperation.values()) {
      if (operation.label().equals(name.toLowerCase(Locale.ROOT))) {
        return operation;
      }
    }
    throw new TypeConversionException("'" + name + "' is not one of get, set, delete, incr, mget");
  }

  private static int weight(String digits) {
    if (!digits.matches("\\d{1,4}") || Integer.parseInt(digits) > MAX_WEIGHT) {
      throw new TypeConversionException("a weight is a number up to " + MAX_WEIGHT);
    }
    return Integer.parseInt(digits);
  }

  BenchOperation next(SplittableRandom random) {
    return lottery.length == 1 ? lottery[0] : lottery[random.nextInt(lottery.length)];
  }

  public boolean contains(BenchOperation operation) {
    return List.of(lottery).contains(operation);
  }

  @Override
  public String toString() {
    return text;
  }

  /** For picocli. */
  public static final class Converter implements ITypeConverter<Mix> {
    @Override
    public Mix convert(String text) {
      return parse(text);
    }
  }
}
