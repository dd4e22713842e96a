package io.drawbridge.app;

/** What this build is. */
public final class Product {
    public static final String NAME = "Drawbridge";

    private Product() {}

    /** The build's version, e.g. 2.5.0. */
    public static String version() {
        String version = Product.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
