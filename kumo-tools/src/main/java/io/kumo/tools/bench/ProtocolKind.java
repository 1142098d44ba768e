package io.kumo.tools.bench;

/** The dialect of memcached that is spoken. */
enum ProtocolKind {
  /** get, set, delete, incr. */
  TEXT,
  /** mg, ms, md, ma. */
  META,
  /** The binary protocol. */
  BINARY;

  Codec codec(LoadSpec spec) {
    Values values = new Values(spec.valueSizes().mostBytes());
    ReplyCheck check = new ReplyCheck(spec.keySpace(), values, spec.verify());
    return switch (this) {
      case TEXT -> new TextCodec(spec.keySpace(), values, check);
      case META -> new MetaCodec(spec.keySpace(), values, check);
      case BINARY -> new BinaryCodec(spec.keySpace(), values, check);
    };
  }
}
