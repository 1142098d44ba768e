package io.kumo.core.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * The standard output of this process, which remembers why something could not be written: {@link
 * System#out} swallows that, and a program whose output is lost must not look like one that worked.
 */
final class StandardOutput {
  private static final int BUFFER_BYTES = 8 << 10;

  private volatile @Nullable IOException failure;

  /** Takes the place of {@link System#out}. */
  static StandardOutput install() {
    StandardOutput output = new StandardOutput();
    OutputStream remembering = output.new Remembering(new FileOutputStream(FileDescriptor.out));
    System.setOut(
        new PrintStream(
            new BufferedOutputStream(remembering, BUFFER_BYTES), true, Charset.defaultCharset()));
    return output;
  }

  /**
   * Writes out what is buffered. A reader that has had enough ({@code | head}) is no failure.
   *
   * @return why not everything that was printed has been written; null if it has
   */
  @Nullable String whyLost() {
    System.out.flush();
    IOException why = failure;
    String reason = why == null ? null : Cli.describe(why);
    return reason == null || reason.contains("Broken pipe") ? null : reason;
  }

  private final class Remembering extends FilterOutputStream {
    Remembering(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        failure = failure == null ? e : failure;
        throw e;
      }
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }
  }
}
