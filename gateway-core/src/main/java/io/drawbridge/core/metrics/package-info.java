/** What a node measures of itself. */
package io.drawbridge.core.metrics;
