package io.kumo.gateway.memcached.meta;

/** What a reply can say beside its code. */
enum MetaAnswer {
  /** Only what repeats the request. */
  NOTHING,
  /** The outcome of a store or a delete. */
  STORE,
  COUNTER,
  ITEM
}
