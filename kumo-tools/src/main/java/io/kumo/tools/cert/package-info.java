/** Makes the secret and the certificates of a cluster. */
@NullMarked
package io.kumo.tools.cert;

import org.jspecify.annotations.NullMarked;
