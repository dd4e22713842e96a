/** Drawbridge: gateway-core. */
package io.drawbridge.core;
