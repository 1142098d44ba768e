/** Answers what kumoctl and gateways ask of a manager. */
@NullMarked
package io.kumo.manager.admin;

import org.jspecify.annotations.NullMarked;
