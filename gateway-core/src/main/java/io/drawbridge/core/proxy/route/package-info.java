/**
 * Which route a request takes, by Kong 2.5's rules: pure, without I/O. Start with {@link
 * io.drawbridge.core.proxy.route.Router}.
 */
package io.drawbridge.core.proxy.route;
