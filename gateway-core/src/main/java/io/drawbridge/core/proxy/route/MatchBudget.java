package io.drawbridge.core.proxy.route;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much work one request may make regular expressions do. Confined to one request. */
final class MatchBudget {
    /* Characters looked at. About a millisecond; a path of 8 KiB through twenty expressions that behave is less. */
    private static final int STEPS_MAX = 200_000;

    private int steps;
    private boolean exceeded;

    /** Where what an expression takes of a path's start ends; -1 if it does not match, or nobody knows. */
    int end(Pattern regex, String path) {
        if (exceeded) {
            return -1;
        }
        try {
            Matcher matcher = regex.matcher(new Counted(path, 0, path.length()));
            return matcher.lookingAt() ? matcher.end() : -1;
        } catch (Exceeded | StackOverflowError tooMuch) {
            exceeded = true;
            return -1;
        }
    }

    /** Whether an expression was given up, so that nobody knows whether it matches. */
    boolean exceeded() {
        return exceeded;
    }

    private final class Counted implements CharSequence {
        private final String text;
        private final int start;
        private final int end;

        Counted(String text, int start, int end) {
            this.text = text;
            this.start = start;
            this.end = end;
        }

        @Override
        public int length() {
            return end - start;
        }

        @Override
        public char charAt(int index) {
            if (++steps > STEPS_MAX) {
                throw new Exceeded();
            }
            return text.charAt(start + index);
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return new Counted(text, start + from, start + to);
        }

        @Override
        public String toString() {
            return text.substring(start, end);
        }
    }

    private static final class Exceeded extends RuntimeException {
        private static final long serialVersionUID = 1;

        Exceeded() {
            super(null, null, false, false);
        }
    }
}
