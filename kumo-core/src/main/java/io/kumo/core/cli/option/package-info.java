/** Options that several programs have, each group a mixin of picocli. */
@NullMarked
package io.kumo.core.cli.option;

import org.jspecify.annotations.NullMarked;
