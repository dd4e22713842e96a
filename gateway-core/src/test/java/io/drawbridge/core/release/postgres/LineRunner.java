package io.drawbridge.core.release.postgres;

import io.drawbridge.migration.*;
import io.drawbridge.postgres.Database;
import io.vertx.core.Vertx;

final class LineRunner {
    public static void main(String[] a) {
        Vertx vertx = Vertx.vertx();
        try {
            for (int i = 1; i < a.length; i++) {
                String[] p = a[i].split(":");
                Line line = new Line(vertx, new Database("127.0.0.1", Integer.parseInt(a[0]), p[0], "postgres", "x"));
                Release r = Release.parse(p[2]);
                long t = System.nanoTime();
                try {
                    Outcome o = switch (p[1]) {
                        case "bootstrap" -> line.bootstrap(r);
                        case "up" -> line.up(r);
                        case "upfrom" -> line.upFrom(r, Release.parse(p[3]));
                        case "finish" -> line.finish(r);
                        case "repair" -> line.repair(r);
                        case "abort" -> line.abort(r);
                        case "keep" -> line.finishKeepingForeignWriters(r);
                        default -> throw new IllegalArgumentException(p[1]);
                    };
                    System.out.println(
                            a[i] + " " + o.gate() + " executed=" + o.executed().size() + " pending="
                                    + o.pending().size() + " ms=" + (System.nanoTime() - t) / 1_000_000);
                } catch (MigrationException e) {
                    System.out.println(a[i] + " FAILED " + e.error() + " " + e.getMessage() + " " + e.details());
                    if (e.getCause() != null) e.getCause().printStackTrace(System.out);
                }
            }
        } finally {
            vertx.close();
        }
    }
}
