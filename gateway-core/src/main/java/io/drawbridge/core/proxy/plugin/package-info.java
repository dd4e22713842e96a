/**
 * What plugins are, and those that are built in. A gateway that embeds the proxy adds its own by {@link
 * io.drawbridge.core.proxy.plugin.PluginKind}.
 */
package io.drawbridge.core.proxy.plugin;
