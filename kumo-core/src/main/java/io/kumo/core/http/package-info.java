/** What a process shows of itself over HTTP, to those who watch it. */
@NullMarked
package io.kumo.core.http;

import org.jspecify.annotations.NullMarked;
