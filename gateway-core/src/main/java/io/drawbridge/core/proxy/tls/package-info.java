/** Certificates of the proxy: its own, by the name a client asks for, and those that upstreams see and show. */
package io.drawbridge.core.proxy.tls;
