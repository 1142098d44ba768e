package io.kumo.tools.bench;

import io.kumo.tools.bench.codec.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Operations with their weights, typed as {@code get=9,set=1} or just {@code get}. Immutable. */
final class Mix {

  private static final int MAX_WEIGHT = 1_000;

  private final String text;
  private final Operation[] lottery;

  private Mix(String text, Operation[] lottery) {
    this.text = text;
    this.lottery = lottery;
  }

  static Mix parse(String text) {
    List<Operation> tickets = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      Operation operation = operation(equals < 0 ? part : part.substring(0, equals));
      int weight = equals < 0 ? 1 : weight(part.substring(equals + 1));
      for (int i = 0; i < weight; i++) {
        tickets.add(operation);
      }
    }
    if (tickets.isEmpty()) {
      throw new TypeConversionException("'" + text + "' has no weight above 0");
    }
    return new Mix(text, tickets.toArray(new Operation[0]));
  }

  private static Operation operation(String name) {
    for (Operation operation : Operation.values()) {
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

  Operation next(SplittableRandom random) {
    return lottery.length == 1 ? lottery[0] : lottery[random.nextInt(lottery.length)];
  }

  boolean contains(Operation operation) {
    return List.of(lottery).contains(operation);
  }

  @Override
  public String toString() {
    return text;
  }

  /** For picocli. */
  static final class Converter implements ITypeConverter<Mix> {
    @Override
    public Mix convert(String text) {
      return parse(text);
    }
  }
}
