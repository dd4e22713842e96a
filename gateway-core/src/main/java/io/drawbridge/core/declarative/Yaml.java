package io.drawbridge.core.declarative;

import java.io.Reader;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.util.Map;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.representer.StandardRepresenter;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** YAML 1.2, its core schema: {@code no} is a text, a key that comes twice is an error, everything is bounded. */
public final class Yaml {
    /* Aliases can make much of little. */
    private static final int VALUES_MAX = 2_000_000;

    private Yaml() {}

    /**
     * A document as maps, lists, texts, {@code Long, Double, Boolean} and nulls.
     *
     * @throws DeclarativeException if it is no YAML, no map, or beyond a bound
     */
    public static Map<String, Object> parse(String text) {
        Collected whole = new Collected();
        read(new StringReader(text), new Size(VALUES_MAX), false, whole);
        return whole.document();
    }

    /** Entry by entry. */
    static void read(Reader text, Document.Members members) {
        read(text, new Size(Document.ENTRY_VALUES_MAX), true, members);
    }

    private static void read(Reader text, Size size, boolean apart, Document.Members members) {
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new CoreSchema())
                .setCodePointLimit(Integer.MAX_VALUE)
                .build();
        try {
            Iterable<Event> events = new Parse(settings).parseReader(text);
            new YamlEvents(events.iterator(), settings.getSchema(), size).document(members, apart);
        } catch (YamlEngineException wrong) {
            throw DeclarativeException.unparsed(text(wrong));
        }
    }

    /* Where it is, but not what stands there, which may be a secret. */
    private static String text(YamlEngineException wrong) {
        if (wrong.getCause() instanceof CharacterCodingException) {
            return "not UTF-8";
        }
        return wrong instanceof MarkedYamlEngineException marked
                        && marked.getProblemMark().isPresent()
                ? marked.getProblem() + " (line "
                        + (marked.getProblemMark().get().getLine() + 1) + ", column "
                        + (marked.getProblemMark().get().getColumn() + 1) + ")"
                : wrong.getMessage();
    }

    /** As a block that ends with a line break, which YAML 1.1 reads as the same. */
    static String text(Object value) {
        DumpSettings settings = DumpSettings.builder()
                .setSchema(new BothSchema())
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setDereferenceAliases(true)
                .setSplitLines(false)
                .build();
        return new Dump(settings, new Numbers(settings)).dumpToString(value);
    }

    /** The core schema, in which texts that are something else in YAML 1.1 need quotes. */
    private static final class BothSchema extends CoreSchema {
        /* Truth, merging, numbers of any base and by sixties, moments; a few more than there are. */
        private static final Pattern OTHER = Pattern.compile("(?i)y|yes|n|no|on|off|<<|=|[-+]?0[box][0-9a-f_]+"
                + "|[-+]?[0-9.][0-9_:.]*(e[-+]?[0-9]+)?|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([t ].*)?");

        @Override
        public ScalarResolver getScalarResolver() {
            ScalarResolver core = super.getScalarResolver();
            return (text, plain) -> {
                Tag tag = core.resolve(text, plain);
                return plain && tag.equals(Tag.STR) && OTHER.matcher(text).matches() ? Tag.BINARY : tag;
            };
        }
    }

    /** Fractions as YAML 1.1 knows them: with a point, and a sign in the exponent. */
    private static final class Numbers extends StandardRepresenter {
        Numbers(DumpSettings settings) {
            super(settings);
            representers.put(
                    Double.class,
                    number -> representScalar(
                            Tag.FLOAT, BigDecimal.valueOf((Double) number).toString()));
        }
    }
}
