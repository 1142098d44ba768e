/** Where clients are served: ports, IPv6 addresses, names, sockets in the file system. */
@NullMarked
package io.kumo.core.cli.listen;

import org.jspecify.annotations.NullMarked;
