package io.drawbridge.core.declarative;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.events.StreamEndEvent;
import org.snakeyaml.engine.v2.events.StreamStartEvent;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.Schema;

/** Makes values of a document's events, an entry of a list at a time. Confined to one reading. */
final class YamlEvents {
    private static final Set<String> COLLECTIONS = Set.of("!", Tag.MAP.getValue(), Tag.SEQ.getValue());
    /* Anchored values stay in memory. */
    private static final int ANCHORS_MAX = 1000;
    private static final int ALIASES_MAX = 1000;

    private final Iterator<Event> events;
    private final ScalarResolver resolver;
    private final Map<Tag, ConstructNode> makers;
    private final Size size;
    private final Map<Anchor, Anchored> anchors = new HashMap<>();
    private int aliases;

    YamlEvents(Iterator<Event> events, Schema schema, Size size) {
        this.events = events;
        this.resolver = schema.getScalarResolver();
        this.makers = schema.getSchemaTagConstructors();
        this.size = size;
    }

    /** @param size how many values it consists of */
    private record Anchored(Object value, int size) {}

    /** @param apart whether each entry may be as large as is allowed, or all together */
    void document(Document.Members members, boolean apart) {
        Event first = events.next();
        while (first instanceof StreamStartEvent || first instanceof DocumentStartEvent) {
            first = events.next();
        }
        if (!(first instanceof MappingStartEvent)) {
            throw DeclarativeException.unparsed("expected an object");
        }
        Map<String, Object> seen = new HashMap<>();
        for (Event event = events.next(); !(event instanceof MappingEndEvent); event = events.next()) {
            String name = key(event, seen);
            seen.put(name, null);
            Event value = events.next();
            boolean plain = value instanceof SequenceStartEvent list
                    && list.getAnchor().isEmpty()
                    && list.getTag().isEmpty();
            if (!plain) {
                restart(apart);
                members.member(name, value(value));
                continue;
            }
            size.open();
            int number = 0;
            for (Event entry = events.next(); !(entry instanceof SequenceEndEvent); entry = events.next()) {
                restart(apart);
                members.entry(name, ++number, value(entry));
            }
            size.close();
            if (number == 0) {
                members.member(name, List.of());
            }
        }
        events.next();
        Event end = events.next();
        if (!(end instanceof StreamEndEvent)) {
            throw new ParserException("expected a single document", end.getStartMark());
        }
    }

    private void restart(boolean apart) {
        if (apart) {
            size.restart();
        }
    }

    private Object value(Event event) {
        if (event instanceof AliasEvent alias) {
            return aliased(alias);
        }
        Optional<Anchor> anchor = ((NodeEvent) event).getAnchor();
        int before = size.values();
        anchor.ifPresent(anchors::remove);
        Object value = event instanceof ScalarEvent scalar ? scalar(scalar) : collection((CollectionStartEvent) event);
        if (anchor.isPresent()) {
            anchors.put(anchor.get(), new Anchored(value, size.values() - before));
            if (anchors.size() > ANCHORS_MAX) {
                throw new ParserException("more than " + ANCHORS_MAX + " anchors", event.getStartMark());
            }
        }
        return value;
    }

    private Object aliased(AliasEvent alias) {
        Anchored anchored = anchors.get(alias.getAlias());
        if (anchored == null) {
            /* Of what is not complete yet, or nowhere. */
            throw new ParserException("found an alias of what is not there yet", alias.getStartMark());
        }
        if (!(anchored.value() instanceof String) && ++aliases > ALIASES_MAX) {
            throw new ParserException("more than " + ALIASES_MAX + " aliases", alias.getStartMark());
        }
        size.more(anchored.size());
        return anchored.value();
    }

    private Object collection(CollectionStartEvent start) {
        if (start.getTag().isPresent() && !COLLECTIONS.contains(start.getTag().get())) {
            throw new ParserException("unknown tag", start.getStartMark());
        }
        size.open();
        Object made;
        if (start instanceof SequenceStartEvent) {
            List<Object> list = new ArrayList<>();
            for (Event each = events.next(); !(each instanceof SequenceEndEvent); each = events.next()) {
                list.add(value(each));
            }
            made = list;
        } else {
            made = map();
        }
        size.close();
        return made;
    }

    private Map<String, Object> map() {
        Map<String, Object> map = new LinkedHashMap<>();
        List<Object> merged = new ArrayList<>();
        for (Event each = events.next(); !(each instanceof MappingEndEvent); each = events.next()) {
            if (each instanceof ScalarEvent key
                    && key.isPlain()
                    && key.getValue().equals("<<")) {
                Object given = value(events.next());
                merged.addAll(given instanceof List<?> several ? several : List.of(given == null ? Map.of() : given));
            } else {
                String key = key(each, map);
                map.put(key, value(events.next()));
            }
        }
        for (Object each : merged) {
            if (!(each instanceof Map<?, ?> other)) {
                throw DeclarativeException.unparsed("expected an object after '<<'");
            }
            other.forEach((key, value) -> map.putIfAbsent(String.valueOf(key), value));
        }
        return map;
    }

    private String key(Event event, Map<String, Object> taken) {
        Object value = event instanceof AliasEvent alias ? aliased(alias) : null;
        if (event instanceof ScalarEvent) {
            value = value(event);
        } else if (!(event instanceof AliasEvent) || value instanceof Map || value instanceof List) {
            throw new ParserException("expected a text as key", event.getStartMark());
        }
        String key = String.valueOf(value);
        if (taken.containsKey(key)) {
            throw new ParserException("found duplicate key " + key, event.getStartMark());
        }
        return key;
    }

    private Object scalar(ScalarEvent event) {
        size.one();
        Tag tag = event.getTag()
                .filter(given -> !given.equals("!"))
                .map(Tag::new)
                .orElseGet(() ->
                        resolver.resolve(event.getValue(), event.getImplicit().canOmitTagInPlainScalar()));
        if (tag.equals(Tag.STR)) {
            return event.getValue();
        }
        ConstructNode maker = makers.get(tag);
        if (maker == null) {
            throw new ParserException("unknown tag", event.getStartMark());
        }
        Object value = maker.construct(new ScalarNode(tag, event.getValue(), event.getScalarStyle()));
        if (value instanceof Integer number) {
            return number.longValue();
        }
        if (value instanceof BigInteger number) {
            return number.doubleValue();
        }
        return value == null || value instanceof Number || value instanceof Boolean ? value : value.toString();
    }
}
