package io.drawbridge.core.declarative;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A document as one map. Confined to the reading. */
final class Collected implements Document.Members {
    private final Map<String, Object> document = new LinkedHashMap<>();

    @Override
    public void member(String name, Object value) {
        document.put(name, value);
    }

    @Override
    @SuppressWarnings("unchecked")
    public void entry(String name, int number, Object value) {
        ((List<Object>) document.computeIfAbsent(name, none -> new ArrayList<>())).add(value);
    }

    Map<String, Object> document() {
        return document;
    }
}
