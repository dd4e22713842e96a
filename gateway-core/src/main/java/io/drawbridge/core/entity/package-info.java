/**
 * What the product manages: entity types as data, from which SQL, JSON, URLs and validation derive, and the entities
 * themselves. No I/O. Start at {@link io.drawbridge.core.entity.EntityTypes}.
 */
package io.drawbridge.core.entity;
