/** The release line: its units, the checks that guard them, and what a database made by Kong is taken for. */
package io.drawbridge.core.release;
