/** Every meter of the product: names, units and tags, in {@link io.drawbridge.core.metrics.GatewayMetrics}. */
package io.drawbridge.core.metrics;
