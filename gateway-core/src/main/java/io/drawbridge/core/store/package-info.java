/**
 * Where entities are kept, behind the gate: {@link io.drawbridge.core.store.EntityStore} is the seam. Every write, whoever
 * asks for it, is refused while this node's release may not write.
 */
package io.drawbridge.core.store;
