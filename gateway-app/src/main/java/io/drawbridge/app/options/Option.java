package io.drawbridge.app.options;

/**
 * One key. Immutable.
 *
 * @param key as in the file; in the environment {@code DRAWBRIDGE_} and its upper case
 * @param group heading in the example file
 * @param kind what values it takes
 * @param fallback the value when none is given; empty for none
 * @param secret whether its value must not be shown
 * @param kong whether it has this meaning in Kong's file too, so that {@code KONG_...} sets it
 * @param help what it does, in lines of a file
 */
record Option(String key, String group, Kind kind, String fallback, boolean secret, boolean kong, String help) {

    /** How its value may be shown. */
    String shown(String value) {
        return secret && !value.isEmpty() ? "******" : value;
    }
}
