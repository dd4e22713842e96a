/** From the options to what the database client wants. */
package io.drawbridge.app.postgres;
