/** Which route a request takes: pure, without I/O. Start with {@code Router}. */
package io.drawbridge.core.proxy.route;
