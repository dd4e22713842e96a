package io.drawbridge.app.options;

/** Writes {@code drawbridge.conf.default}: every key with its default, commented out. */
public final class ExampleFile {
    private ExampleFile() {}

    public static String text() {
        StringBuilder text = new StringBuilder("""
                # Drawbridge, every key with its default.
                #
                # Copy this file to drawbridge.conf beside the launcher (or to /etc/drawbridge/) and
                # uncomment what you change, or name another file with -c. Each key can also be set in
                # the environment: DRAWBRIDGE_<KEY> goes over KONG_<KEY> goes over this file.
                # '#' begins a comment; write \\# for the sign itself. A bad value or unknown key keeps
                # the gateway from starting; 'drawbridge check' tells.
                """);
        String group = "";
        for (Option option : OptionList.all()) {
            if (!option.group().equals(group)) {
                group = option.group();
                text.append("\n#").append("-".repeat(78)).append("\n# ").append(group);
                text.append("\n#").append("-".repeat(78)).append("\n");
            }
            text.append("\n#")
                    .append(option.key())
                    .append(" = ")
                    .append(option.fallback())
                    .append('\n');
            option.help()
                    .lines()
                    .forEach(line -> text.append("#   ").append(line).append('\n'));
            text.append("#   Allowed: ").append(option.kind().allowed()).append(".\n");
        }
        return text.toString().replace(" \n", "\n");
    }
}
