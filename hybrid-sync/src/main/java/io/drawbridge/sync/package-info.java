/**
 * Hybrid mode: a control plane pushes the configuration to data planes over WebSockets with mutual TLS, in the protocol that data
 * planes of Kong 2.x speak. Start at {@link io.drawbridge.sync.ControlPlane}.
 */
package io.drawbridge.sync;
