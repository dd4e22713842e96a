/**
 * The whole configuration as one document: reading it ({@link io.drawbridge.core.declarative.DeclarativeFile}), writing it
 * to a store and out of it ({@link io.drawbridge.core.declarative.DeclarativeStore}), and YAML.
 */
package io.drawbridge.core.declarative;
