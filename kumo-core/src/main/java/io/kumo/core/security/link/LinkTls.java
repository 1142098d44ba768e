package io.kumo.core.security.link;

import io.kumo.core.security.ClientTls;
import io.kumo.core.security.ServerTls;

/** Both directions of TLS between nodes and tools. */
public record LinkTls(ServerTls server, ClientTls client) {}
