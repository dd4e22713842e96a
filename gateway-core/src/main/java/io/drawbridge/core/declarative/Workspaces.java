package io.drawbridge.core.declarative;

import io.drawbridge.core.entity.EntityType;

/** Which workspace an entity of a document is in. */
final class Workspaces {
    /** The type's name. */
    static final String TYPE = "workspaces";

    /** In a document or an entry of its top level: the name of a workspace. */
    static final String MEMBER = "_workspace";

    /** Where everything is that says nothing else; every database has it. */
    static final String DEFAULT = "default";

    private Workspaces() {}

    /** Names are unique within this; of types that are in no workspace, everywhere. */
    static String scope(String workspace, EntityType type) {
        return type.workspaced() ? workspace : "";
    }

    /** What an id follows from: the same names in two workspaces are two entities. */
    static String key(String workspace, EntityType type, String key) {
        return !type.workspaced() || workspace.equals(DEFAULT) ? key : workspace + "/" + key;
    }
}
