/**
 * The plugins that come with the proxy; they know no more of it than any other plugin does. Start at
 * {@link io.drawbridge.core.proxy.plugin.builtin.BuiltIn}.
 */
package io.drawbridge.core.proxy.plugin.builtin;
