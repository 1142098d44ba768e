/** The program kumoctl; its commands are in the packages below. */
@NullMarked
package io.kumo.tools.ctl;

import org.jspecify.annotations.NullMarked;
