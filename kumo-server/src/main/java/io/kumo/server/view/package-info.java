/**
 * What this server takes the cluster to be: the hash spaces that are installed, and where they are
 * kept.
 */
@NullMarked
package io.kumo.server.view;

import org.jspecify.annotations.NullMarked;
