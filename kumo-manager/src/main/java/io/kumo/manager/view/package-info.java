/** What a manager has decided, and how that is voted on and becomes the view of the cluster. */
@NullMarked
package io.kumo.manager.view;

import org.jspecify.annotations.NullMarked;
