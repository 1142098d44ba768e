package io.kumo.core.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the classes. */
public final class Version implements IVersionProvider {

  private static final String CURRENT = load();

  /** Such as {@code 1.0.0}. */
  public static String current() {
    return CURRENT;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"kumo " + CURRENT};
  }

  private static String load() {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "unknown");
  }
}
