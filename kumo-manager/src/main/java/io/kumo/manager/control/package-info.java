/** What a manager does with its decisions: makes hash spaces of them and tells everybody. */
@NullMarked
package io.kumo.manager.control;

import org.jspecify.annotations.NullMarked;
