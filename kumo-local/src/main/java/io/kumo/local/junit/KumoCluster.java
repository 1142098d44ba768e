package io.kumo.local.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class, and the classes nested in it, a cluster of its own; methods and constructors
 * with a parameter of type {@link io.kumo.local.LocalCluster} are given it.
 *
 * <pre>{@code
 * @KumoCluster
 * class SessionsTest {
 *   @Test
 *   void aSessionIsFound(LocalCluster kumo) {
 *     Sessions sessions = new Sessions(kumo.memcached());
 *     ...
 *   }
 * }
 * }</pre>
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(KumoExtension.class)
public @interface KumoCluster {
  /** How many servers; three hold each record three times, one is up soonest. */
  int servers() default 3;
}
