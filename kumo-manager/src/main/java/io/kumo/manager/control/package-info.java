/** What a manager does with its decisions: carries them out and tells everybody. */
@NullMarked
package io.kumo.manager.control;

import org.jspecify.annotations.NullMarked;
