package io.drawbridge.app.options;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Values by key and where each came from: command line over {@code DRAWBRIDGE_<KEY>} over {@code KONG_<KEY>} over file over
 * default. Immutable.
 *
 * @param values parsed, of all keys
 * @param places where a given value came from; keys left to their default are missing
 * @param shown as texts, secrets hidden
 * @param notes what a person should know although it is no error
 */
record OptionSources(
        Map<String, Object> values, Map<String, String> places, Map<String, String> shown, List<String> notes) {
    private static final String OURS = "DRAWBRIDGE_";
    private static final String KONG = "KONG_";

    /** Of the launcher, not of the gateway. */
    private static final Set<String> LAUNCHER = Set.of("DRAWBRIDGE_JAVA_OPTS", "DRAWBRIDGE_JAVA");

    /** @param file may be null */
    static OptionSources resolve(Map<String, String> commandLine, Map<String, String> environment, OptionsFile file) {
        List<String> problems = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        Map<String, String> texts = new LinkedHashMap<>();
        Map<String, String> places = new HashMap<>();
        if (file != null) {
            fromFile(file, texts, places, problems, notes);
        }
        fromEnvironment(KONG, environment, texts, places, problems, notes);
        fromEnvironment(OURS, environment, texts, places, problems, notes);
        commandLine.forEach((key, text) -> put(key, text, "command line", texts, places));
        Map<String, Object> values = new HashMap<>();
        Map<String, String> shown = new HashMap<>();
        for (Option option : OptionList.all()) {
            String text = texts.getOrDefault(option.key(), "");
            try {
                String effective = text.isEmpty() ? option.fallback() : text;
                if (!effective.isEmpty()) {
                    values.put(option.key(), option.kind().parser().parse(effective));
                    shown.put(option.key(), option.shown(effective));
                }
            } catch (IllegalArgumentException refused) {
                problems.add(option.key() + " (" + places.get(option.key()) + "): bad value '" + option.shown(text)
                        + "'; allowed: " + option.kind().allowed());
            }
            if (text.isEmpty()) {
                places.remove(option.key());
            }
        }
        if (!problems.isEmpty()) {
            throw new OptionsException(problems);
        }
        return new OptionSources(Map.copyOf(values), Map.copyOf(places), Map.copyOf(shown), List.copyOf(notes));
    }

    boolean given(String key) {
        return places.containsKey(key);
    }

    private static void fromFile(
            OptionsFile file,
            Map<String, String> texts,
            Map<String, String> places,
            List<String> problems,
            List<String> notes) {
        file.entries().forEach((key, entry) -> {
            String place = file.path() + " line " + entry.line();
            if (OptionList.find(key).isPresent()) {
                put(key, entry.value(), place, texts, places);
            } else if (KongKeys.unused(key)) {
                notes.add(key + " (" + place + "): a key of Kong, not used here");
            } else {
                problems.add(key + " (" + place + "): unknown key" + suggestion(key));
            }
        });
    }

    private static void fromEnvironment(
            String prefix,
            Map<String, String> environment,
            Map<String, String> texts,
            Map<String, String> places,
            List<String> problems,
            List<String> notes) {
        new TreeMap<>(environment).forEach((name, text) -> {
            if (!name.startsWith(prefix) || LAUNCHER.contains(name)) {
                return;
            }
            String key = name.substring(prefix.length()).toLowerCase(Locale.ROOT);
            String place = "environment " + name;
            boolean kong = prefix.equals(KONG);
            if (OptionList.find(key).filter(option -> option.kong() || !kong).isPresent()) {
                put(key, text.strip(), place, texts, places);
            } else if (KongKeys.unused(key)) {
                notes.add(key + " (" + place + "): a key of Kong, not used here");
            } else if (kong) {
                /* Kong does not look at names that it does not know. */
                notes.add(key + " (" + place + "): not a key, ignored as Kong does");
            } else {
                problems.add(key + " (" + place + "): unknown key" + suggestion(key));
            }
        });
    }

    private static void put(
            String key, String text, String place, Map<String, String> texts, Map<String, String> places) {
        texts.put(key, text);
        places.put(key, place);
    }

    private static String suggestion(String key) {
        String nearest = null;
        int least = Math.max(2, key.length() / 3) + 1;
        for (Option option : OptionList.all()) {
            int distance = distance(key, option.key());
            if (distance < least) {
                least = distance;
                nearest = option.key();
            }
        }
        return nearest == null ? "; 'drawbridge check --keys' lists them all" : "; did you mean '" + nearest + "'?";
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }

    String text(String key) {
        Object value = values.get(key);
        return value == null ? "" : value.toString();
    }

    Path path(String key) {
        return (Path) values.get(key);
    }

    @SuppressWarnings("unchecked")
    List<String> strings(String key) {
        return (List<String>) values.getOrDefault(key, List.of());
    }

    @SuppressWarnings("unchecked")
    List<ListenAddress> addresses(String key) {
        return (List<ListenAddress>) values.get(key);
    }

    /** A file that a key names; empty if it names none. Adds a problem if it cannot be read. */
    Optional<Path> file(String key, List<String> problems) {
        Optional<Path> named =
                Optional.of(text(key)).filter(text -> !text.isEmpty()).map(Path::of);
        if (named.isPresent() && !Files.isReadable(named.get())) {
            problems.add(key + " (" + places.get(key) + "): bad value; allowed: a file that can be read");
        }
        return named;
    }
}
