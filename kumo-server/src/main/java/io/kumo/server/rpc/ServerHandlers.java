package io.kumo.server.rpc;

import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.extended.ExtGet;
import io.kumo.core.protocol.extended.ExtMultiGet;
import io.kumo.core.protocol.extended.Fetch;
import io.kumo.core.protocol.extended.ListRecords;
import io.kumo.core.protocol.original.Delete;
import io.kumo.core.protocol.original.Get;
import io.kumo.core.protocol.original.GetIfModified;
import io.kumo.core.protocol.original.ReplicateDelete;
import io.kumo.core.protocol.original.ReplicateSet;
import io.kumo.core.protocol.original.Set;
import io.kumo.core.protocol.repair.DigestRanges;
import io.kumo.core.protocol.write.ExtReplicate;
import io.kumo.core.protocol.write.Mutate;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.server.read.CoordinatedReads;
import io.kumo.server.read.OriginalReads;
import io.kumo.server.repair.FetchHandler;
import io.kumo.server.repair.digest.DigestHandler;
import io.kumo.server.write.ClientWrites;
import io.kumo.server.write.round.ReplicaHandler;

/** Ties the requests about records to those who answer them. */
public final class ServerHandlers {
  private ServerHandlers() {}

  /** The reads and writes of gateways. */
  public static void registerClients(
      RpcEndpoint endpoint,
      OriginalReads originals,
      CoordinatedReads coordinated,
      ClientWrites writes) {
    endpoint.handle(Method.GET, Get.class, (m, caller, reply) -> originals.get(m, reply));
    endpoint.handle(
        Method.GET_IF_MODIFIED,
        GetIfModified.class,
        (m, caller, reply) -> originals.getIfModified(m, reply));
    endpoint.handle(Method.EXT_GET, ExtGet.class, (m, caller, reply) -> coordinated.get(m, reply));
    endpoint.handle(
        Method.EXT_MULTI_GET,
        ExtMultiGet.class,
        (m, caller, reply) -> coordinated.getAll(m, reply));
    endpoint.handle(Method.SET, Set.class, (m, caller, reply) -> writes.set(m, reply));
    endpoint.handle(Method.DELETE, Delete.class, (m, caller, reply) -> writes.delete(m, reply));
    endpoint.handle(Method.MUTATE, Mutate.class, (m, caller, reply) -> writes.mutate(m, reply));
  }

  /** The writes of coordinators. */
  public static void registerReplica(
      RpcEndpoint endpoint, ReplicaHandler replica, FetchHandler fetches, DigestHandler digests) {
    endpoint.handle(
        Method.DIGEST_RANGES, DigestRanges.class, (m, caller, reply) -> digests.digest(m, reply));
    endpoint.handle(
        Method.LIST_RECORDS, ListRecords.class, (m, caller, reply) -> fetches.list(m, reply));
    endpoint.handle(Method.FETCH, Fetch.class, (m, caller, reply) -> fetches.fetch(m, reply));
    endpoint.handle(
        Method.REPLICATE_SET,
        ReplicateSet.class,
        (m, caller, reply) -> replica.replicateSet(m, reply));
    endpoint.handle(
        Method.REPLICATE_DELETE,
        ReplicateDelete.class,
        (m, caller, reply) -> replica.replicateDelete(m, reply));
    endpoint.handle(
        Method.EXT_REPLICATE,
        ExtReplicate.class,
        (m, caller, reply) -> replica.replicate(m, new ReplicateAnswer(m.clockTime(), reply)));
  }
}
