package io.kumo.tools;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.DataSize;
import io.kumo.core.cli.DurationConverter;
import io.kumo.core.protocol.desk.NodeSetting;
import io.kumo.core.route.request.ReadLevel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.TypeConversionException;

/** Settings of nodes as they are typed and shown. */
public final class SettingText {
  private static final String NONE = "off";
  private static final String NEVER = "never";

  private SettingText() {}

  /** Throws {@link CliException} when there is no such setting. */
  public static NodeSetting named(String option) {
    return Arrays.stream(NodeSetting.values())
        .filter(setting -> setting.option().equals(option))
        .findFirst()
        .orElseThrow(() -> CliException.usage("no setting '" + option + "'; there are " + all()));
  }

  /** All of them. */
  public static String all() {
    return Arrays.stream(NodeSetting.values())
        .map(NodeSetting::option)
        .collect(Collectors.joining(", "));
  }

  /** Throws {@link CliException} when it is none. */
  public static long parse(NodeSetting setting, String text) {
    long value;
    try {
      value = read(setting, text);
    } catch (TypeConversionException e) {
      throw CliException.usage(setting.option() + ": " + e.getMessage());
    }
    if (!setting.allows(value)) {
      throw CliException.usage(
          setting.option()
              + " must be from "
              + of(setting, setting.least())
              + " to "
              + of(setting, setting.most()));
    }
    return value;
  }

  private static long read(NodeSetting setting, String text) {
    return switch (setting) {
      case THROTTLE, SCRUB_RATE -> text.equals(NONE) ? 0 : DataSize.parse(text).bytes();
      case MAX_ITEM_SIZE -> DataSize.parse(text).bytes();
      case SLOW_WRITE, KEEPALIVE_INTERVAL -> new DurationConverter().convert(text).toNanos();
      case REJOIN_AFTER ->
          text.equals(NEVER) ? -1 : new DurationConverter().convert(text).toNanos();
      case MAX_CONNECTIONS -> number(text);
      case READS -> level(text);
    };
  }

  private static long number(String text) {
    if (!text.matches("[0-9]{1,18}")) {
      throw new TypeConversionException("'" + text + "' is no number");
    }
    return Long.parseLong(text);
  }

  private static long level(String text) {
    for (ReadLevel level : ReadLevel.values()) {
      if (word(level).equals(text)) {
        return level.id();
      }
    }
    throw new TypeConversionException("'" + text + "' is neither linearizable nor available");
  }

  private static String word(ReadLevel level) {
    return level.name().toLowerCase(Locale.ROOT);
  }

  /** So that it can be typed again. */
  public static String of(NodeSetting setting, long value) {
    return switch (setting) {
      case THROTTLE, SCRUB_RATE -> value == 0 ? NONE : new DataSize(value).toString();
      case SLOW_WRITE, KEEPALIVE_INTERVAL -> span(value);
      case MAX_ITEM_SIZE -> new DataSize(value).toString();
      case MAX_CONNECTIONS -> Long.toString(value);
      case READS -> word(ReadLevel.byId(value));
      case REJOIN_AFTER -> value < 0 ? NEVER : span(value);
    };
  }

  private static String span(long ns) {
    long ms = Duration.ofNanos(ns).toMillis();
    return ms % 1000 == 0 ? ms / 1000 + "s" : ms + "ms";
  }
}
