/** Gives tests of JUnit 5 a cluster; the only package that needs JUnit. */
@NullMarked
package io.kumo.local.junit;

import org.jspecify.annotations.NullMarked;
