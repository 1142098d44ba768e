package io.kumo.it.memcached;

/** The ways to store a value. */
enum Verb {
  SET("set", "S", 0x01),
  ADD("add", "E", 0x02),
  REPLACE("replace", "R", 0x03),
  APPEND("append", "A", 0x0e),
  PREPEND("prepend", "P", 0x0f);

  /** In the text protocol. */
  final String word;

  /** In the meta protocol. */
  final String mode;

  /** In the binary protocol. */
  final int opcode;

  Verb(String word, String mode, int opcode) {
    this.word = word;
    this.mode = mode;
    this.opcode = opcode;
  }

  /** In the binary protocol, silent on success. */
  int quietOpcode() {
    return opcode < 0x0e ? opcode + 0x10 : opcode + 0x0b;
  }
}
