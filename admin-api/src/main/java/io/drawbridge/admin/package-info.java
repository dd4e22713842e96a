/** Drawbridge: admin-api. */
package io.drawbridge.admin;
