/** What Maven packs, installed and run as its users do. */
@NullMarked
package io.kumo.dist;

import org.jspecify.annotations.NullMarked;
