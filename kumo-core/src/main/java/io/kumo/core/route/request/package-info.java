/** What is asked of some keys, and what came of it, whoever asks: reused, one owner at a time. */
@NullMarked
package io.kumo.core.route.request;

import org.jspecify.annotations.NullMarked;
