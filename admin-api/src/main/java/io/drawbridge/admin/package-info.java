/**
 * The Admin API over HTTP. Start at {@link io.drawbridge.admin.AdminServer}: its URL table is one method; a request's way
 * is {@code Pipeline}; what errors look like is {@code Problem}.
 */
package io.drawbridge.admin;
