package io.kumo.core.security;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the parts of TLS are, all in PEM form.
 *
 * @param certificate this process's own, and behind it those between it and its authority
 * @param key of the certificate; only its owner may read it
 * @param authority whom the other end has to be certified by; null: for a client those that the JDK
 *     trusts, for a listener nobody, since it asks for no certificate
 */
public record TlsFiles(Path certificate, Path key, @Nullable Path authority) {
  List<Path> all() {
    List<Path> files = new ArrayList<>(List.of(certificate, key));
    if (authority != null) {
      files.add(authority);
    }
    return files;
  }
}
