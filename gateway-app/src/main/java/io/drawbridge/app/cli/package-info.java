/** The command line: reads arguments, calls the parts below, prints. Start at {@link io.drawbridge.app.cli.Drawbridge}. */
package io.drawbridge.app.cli;
