package io.drawbridge.app.cli;

/** What {@code config init} writes. */
final class ConfigExample {
    static final String TEXT = """
            # A declarative configuration. Check it with 'drawbridge config parse FILE', write it to the database with
            # 'drawbridge config db_import FILE', or make it the whole configuration:
            #
            #   curl -X POST -H 'Content-Type: application/yaml' --data-binary @FILE localhost:8001/config/apply?dry_run=true

            # Required. "1.1" and "2.1" are read.
            _format_version: "2.1"

            # false: passwords are hashes already, as in an export. Default: true.
            _transform: true

            # One list per kind of entity. Children may stand within their parents, or on their own and refer to them by
            # name or id. Entities without an id get one that follows from their name: the same file makes the same
            # entities again.

            # services:
            # - name: example
            #   url: http://example.com
            #   tags: [team-a]
            #   routes:
            #   - name: example-route
            #     paths: [/example]
            #     plugins:
            #     - name: rate-limiting
            #       config: {minute: 60}

            # consumers:
            # - username: alice
            #   keyauth_credentials:
            #   - key: change-me
            #   acls:
            #   - group: readers

            # upstreams:
            # - name: backend
            #   targets:
            #   - target: 10.0.0.1:8080

            # plugins:
            # - name: key-auth
            #   service: example
            """;

    private ConfigExample() {}
}
