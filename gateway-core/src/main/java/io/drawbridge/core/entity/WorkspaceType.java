package io.drawbridge.core.entity;

import io.drawbridge.core.entity.Field.Builder;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** {@code workspaces}: data only; URLs do not lead into one. */
final class WorkspaceType {
    /* In this order in the message. */
    private static final List<String> RESERVED = List.of(
            "workspaces",
            "consumers",
            "certificates",
            "services",
            "routes",
            "snis",
            "upstreams",
            "targets",
            "plugins",
            "tags",
            "ca_certificates",
            "clustering_data_planes",
            "parameters");

    static final EntityType TYPE = new EntityType(
            "workspaces",
            "workspaces",
            "workspaces",
            "name",
            false,
            Stream.of(
                            CommonFields.id(),
                            CommonFields.name().required().rule(Rule.noneOf(RESERVED)),
                            Field.string("comment"),
                            CommonFields.createdAt(),
                            Field.record("meta", List.of()).standard(Map.of()),
                            Field.record("config", List.of()).standard(Map.of()))
                    .map(Builder::build)
                    .toList(),
            List.of(),
            (input, found) -> {});

    private WorkspaceType() {}
}
