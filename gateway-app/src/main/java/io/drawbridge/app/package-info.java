/** Drawbridge: gateway-app. */
package io.drawbridge.app;
