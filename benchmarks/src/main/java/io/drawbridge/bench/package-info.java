/** Measurements, each beside what it is compared with, in one run. Start with {@code benchmarks/run}. */
package io.drawbridge.bench;
