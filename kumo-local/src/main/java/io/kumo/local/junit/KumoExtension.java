package io.kumo.local.junit;

import io.kumo.local.LocalCluster;
import io.kumo.local.LocalConfig;
import java.io.IOException;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * What {@link KumoCluster} brings: a cluster from before the first test of a class to after its
 * last.
 */
public final class KumoExtension implements BeforeAllCallback, AfterAllCallback, ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(KumoExtension.class);

  /** Nested classes share the cluster of the one around them. */
  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    ExtensionContext.Store store = context.getStore(NAMESPACE);
    if (store.get(LocalCluster.class) == null) {
      LocalConfig config =
          AnnotationSupport.findAnnotation(context.getRequiredTestClass(), KumoCluster.class)
              .map(asked -> LocalConfig.DEFAULT.withServers(asked.servers()))
              .orElse(LocalConfig.DEFAULT);
      store.put(LocalCluster.class, LocalCluster.start(config));
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    LocalCluster own = context.getStore(NAMESPACE).remove(LocalCluster.class, LocalCluster.class);
    if (own != null) {
      own.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == LocalCluster.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    LocalCluster cluster = context.getStore(NAMESPACE).get(LocalCluster.class, LocalCluster.class);
    if (cluster == null) {
      throw new ParameterResolutionException("there is no cluster outside of a test class");
    }
    return cluster;
  }
}
