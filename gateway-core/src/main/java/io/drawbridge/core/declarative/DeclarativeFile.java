package io.drawbridge.core.declarative;

import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Validator;
import java.util.List;
import java.util.Map;

/**
 * Reads documents of the declarative format, versions 1.1 and 2.1: a list per entity type, children within their parents
 * or on their own, references by name or id, and ids that follow from names. Thread-safe.
 */
public final class DeclarativeFile {
    static final String FORMAT_VERSION = "_format_version";

    private final EntityTypes types;
    private final List<EntityType> order;
    private final Validator validator;

    public DeclarativeFile(EntityTypes types, Validator validator) {
        this.types = types;
        this.order = Topology.order(types);
        this.validator = validator;
    }

    List<EntityType> order() {
        return order;
    }

    /**
     * The entities of a document that stands for itself.
     *
     * @param document as parsed from JSON or YAML: maps, lists, texts, numbers, booleans, nulls
     * @return to be closed
     * @throws DeclarativeException saying what is wrong
     */
    public Declaration read(Map<String, Object> document) {
        return read(Document.of(document));
    }

    /** As {@link #read(Map)}, of a document that need not fit into memory. */
    public Declaration read(Document document) {
        return read(document, Known.NOTHING);
    }

    /** @param known what the document may also refer to, and whose ids it takes over where it says none */
    Declaration read(Document document, Known known) {
        DocumentErrors errors = new DocumentErrors();
        try (Entries entries = new Entries(order, errors)) {
            document.read(entries);
            entries.requireHead();
            Declaration read = new Declaration();
            try {
                entries.skipped().forEach(read::skip);
                read.speaksOf(entries.workspace());
                new Resolution(types, validator, known, errors, entries, read).run(order);
                errors.throwIfAny();
                return read;
            } catch (RuntimeException wrong) {
                read.close();
                throw wrong;
            }
        }
    }
}
