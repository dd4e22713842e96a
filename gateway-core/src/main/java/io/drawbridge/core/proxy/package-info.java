/**
 * Proxies traffic by the newest configuration: {@code ProxyRuntime} is the {@link io.drawbridge.core.config.ConfigSink} to start
 * with. Which route a request takes is decided in {@code route}; what plugins do with it in {@code plugin}.
 */
package io.drawbridge.core.proxy;
