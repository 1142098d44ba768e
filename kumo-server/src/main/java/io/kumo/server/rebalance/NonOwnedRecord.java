package io.kumo.server.rebalance;

import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * A record or tombstone that is here but belongs elsewhere.
 *
 * @param key raw key; a copy on the heap, which needs no release
 * @param owners the active servers that own it
 * @param owned whether this server owned it until the present replace
 */
record NonOwnedRecord(ByteBuf key, long clockTime, List<NodeAddress> owners, boolean owned) {}
