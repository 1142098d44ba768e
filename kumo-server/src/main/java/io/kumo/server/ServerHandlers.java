package io.kumo.server;

import io.kumo.core.protocol.Delete;
import io.kumo.core.protocol.ExtGet;
import io.kumo.core.protocol.ExtMultiGet;
import io.kumo.core.protocol.ExtReplicate;
import io.kumo.core.protocol.Fetch;
import io.kumo.core.protocol.Get;
import io.kumo.core.protocol.GetIfModified;
import io.kumo.core.protocol.ListRecords;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.Mutate;
import io.kumo.core.protocol.ReplicateDelete;
import io.kumo.core.protocol.ReplicateSet;
import io.kumo.core.protocol.Set;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.server.replicate.ClientWrites;
import io.kumo.server.replicate.CoordinatedReads;
import io.kumo.server.replicate.FetchHandler;
import io.kumo.server.replicate.Reads;
import io.kumo.server.replicate.ReplicaHandler;
import io.kumo.server.replicate.ReplicateAnswer;

/** Ties the requests about records to those who answer them. */
final class ServerHandlers {
  private ServerHandlers() {}

  /** The reads and writes of gateways. */
  static void registerClients(
      RpcEndpoint endpoint, Reads reads, CoordinatedReads coordinated, ClientWrites writes) {
    endpoint.handle(Method.GET, Get.class, (m, caller, reply) -> reads.get(m, reply));
    endpoint.handle(
        Method.GET_IF_MODIFIED,
        GetIfModified.class,
        (m, caller, reply) -> reads.getIfModified(m, reply));
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
  static void registerReplica(RpcEndpoint endpoint, ReplicaHandler replica, FetchHandler fetches) {
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
