package io.kumo.tools.bench.workload;

import io.kumo.tools.bench.codec.BinaryCodec;
import io.kumo.tools.bench.codec.Codec;
import io.kumo.tools.bench.codec.MetaCodec;
import io.kumo.tools.bench.codec.ReplyCheck;
import io.kumo.tools.bench.codec.TextCodec;
import io.kumo.tools.bench.codec.Values;

/** The dialect of memcached that is spoken. */
public enum ProtocolKind {
  /** get, set, delete, incr. */
  TEXT,
  /** mg, ms, md, ma. */
  META,
  /** The binary protocol. */
  BINARY;

  public Codec codec(LoadSpec spec) {
    Values values = new Values(spec.valueSizes().mostBytes());
    ReplyCheck check = new ReplyCheck(spec.keySpace(), values, spec.verify());
    return switch (this) {
      case TEXT -> new TextCodec(spec.keySpace(), values, check);
      case META -> new MetaCodec(spec.keySpace(), values, check);
      case BINARY -> new BinaryCodec(spec.keySpace(), values, check);
    };
  }
}
