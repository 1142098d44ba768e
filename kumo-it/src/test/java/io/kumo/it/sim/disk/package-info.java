/** Simulated disks: what survives the end of a process, and what a power loss takes. */
@NullMarked
package io.kumo.it.sim.disk;

import org.jspecify.annotations.NullMarked;
