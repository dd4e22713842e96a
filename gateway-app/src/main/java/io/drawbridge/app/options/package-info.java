/**
 * How this process runs: the list of keys, where their values come from, and the validated result. Start reading at
 * {@link io.drawbridge.app.options.OptionList}.
 */
package io.drawbridge.app.options;
