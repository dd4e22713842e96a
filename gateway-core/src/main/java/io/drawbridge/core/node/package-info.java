/** The life of a node: register, migrate or wait, open up, stay ready, drain. Start at {@link io.drawbridge.core.node.Node}. */
package io.drawbridge.core.node;
