/** What a node that proxies says of itself to those who look after it. Start at {@link io.drawbridge.core.proxy.status.StatusServer}. */
package io.drawbridge.core.proxy.status;
