package io.drawbridge.core.entity;

/** The kinds of value that a field can hold, and what is said when something else is given. */
public enum FieldType {
    STRING("expected a string"),
    INTEGER("expected an integer"),
    NUMBER("expected a number"),
    BOOLEAN("expected a boolean"),
    ARRAY("expected an array"),
    /** An array without duplicates; the order of first appearance is kept. */
    SET("expected a set"),
    MAP("expected a map"),
    RECORD("expected a record"),
    /** A reference to another entity: {@code {"id": "..."}}. */
    FOREIGN("missing primary key");

    private final String mismatch;

    FieldType(String mismatch) {
        this.mismatch = mismatch;
    }

    /** The text for a value of another kind. */
    public String mismatch() {
        return mismatch;
    }

    public boolean isList() {
        return this == ARRAY || this == SET;
    }
}
