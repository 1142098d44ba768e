package io.kumo.tools;

/** In which form a program prints what it found. */
public enum OutputFormat {
  /** Lines for people. */
  TEXT,
  /** One object for programs. */
  JSON
}
