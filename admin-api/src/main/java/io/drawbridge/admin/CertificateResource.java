package io.drawbridge.admin;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Field;
import io.drawbridge.core.entity.Validator;
import io.drawbridge.core.entity.Violations;
import io.drawbridge.core.store.EntityAccess;
import io.drawbridge.core.store.EntityKey;
import io.drawbridge.core.store.EntityStore;
import io.drawbridge.core.store.PageRequest;
import io.drawbridge.core.store.StoreException;
import io.drawbridge.migration.Futures;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Certificates with the server names that they serve: a list {@code snis} in bodies, entities of their own in the database;
 * both change in one transaction. URLs name a certificate by id or by one of its server names. Thread-safe.
 */
final class CertificateResource {
    private static final String SNIS = "snis";
    /* As many as a page has; more of one certificate is refused. */
    private static final int SNIS_MAX = PageRequest.SIZE_MAX;

    private final EntityTypes types;
    private final EntityStore store;
    private final Inputs inputs;
    private final EntityType certificates;
    private final EntityType snis;
    private final Field name;

    CertificateResource(EntityTypes types, EntityStore store, Inputs inputs) {
        this.types = types;
        this.store = store;
        this.inputs = inputs;
        this.certificates = types.get("certificates");
        this.snis = types.get("snis");
        this.name = snis.field("name").orElseThrow();
    }

    void routes(RouteTable table) {
        table.at("/certificates").ofMany(certificates).get(this::list).post(this::insert);
        table.at("/certificates/{certificates}")
                .of(certificates)
                .get(request -> find(store, request.parameter(0)).compose(this::shown))
                .put(this::upsert)
                .patch(this::update)
                .delete(this::delete);
    }

    private Future<Reply> list(AdminRequest request) {
        PageRequest wanted = ListArguments.read(request, true, null);
        return store.page(certificates, wanted).compose(page -> {
            List<Map<String, Object>> data = new ArrayList<>();
            return Futures.forEach(
                            page.entities(),
                            certificate -> names(store, certificate.id()).<Void>map(names -> {
                                data.add(document(certificate, names));
                                return null;
                            }))
                    .map(all -> Reply.json(200, ListArguments.listed(data, page.next(), request, "/certificates")));
        });
    }

    private Future<Reply> insert(AdminRequest request) {
        return inputs.read(certificates, request, Map.of()).compose(input -> {
            Set<String> names = given(input).orElse(Set.of());
            Entity certificate = inputs.create(certificates, input);
            return store.transact(access -> access.insert(certificate)
                            .compose(made -> serve(access, made.id(), names).map(done -> document(made, names))))
                    .map(body -> Reply.json(201, body));
        });
    }

    private Future<Reply> upsert(AdminRequest request) {
        EntityKey key = EntityKey.parse(request.parameter(0));
        return inputs.read(certificates, request, Map.of()).compose(input -> {
            Set<String> names = new TreeSet<>(given(input).orElse(Set.of()));
            if (key.id() == null) {
                String wrong = Validator.wrong(name, key.name());
                if (wrong != null) {
                    throw Problem.invalidUnique("name", wrong);
                }
                names.add(key.name());
            }
            return store.transact(access -> id(access, key)
                    .compose(id -> {
                        Map<String, Object> whole = new LinkedHashMap<>(input);
                        whole.put("id", id.toString());
                        return access.upsert(inputs.create(certificates, whole), EntityKey.of(id));
                    })
                    .compose(made ->
                            serve(access, made.id(), names).map(done -> Reply.json(200, document(made, names)))));
        });
    }

    /** Of the certificate that the key names; a new one for a server name that nobody serves. */
    private Future<UUID> id(EntityAccess access, EntityKey key) {
        return key.id() != null
                ? Future.succeededFuture(key.id())
                : access.get(snis, key)
                        .map(found ->
                                found.map(sni -> sni.reference("certificate")).orElseGet(UUID::randomUUID));
    }

    private Future<Reply> update(AdminRequest request) {
        return inputs.read(certificates, request, Map.of()).compose(input -> {
            Optional<Set<String>> names = given(input);
            return store.transact(access -> find(access, request.parameter(0))
                            .compose(found -> access.update(
                                    certificates, EntityKey.of(found.id()), before -> inputs.change(before, input)))
                            .compose(changed -> names.isEmpty()
                                    ? Future.succeededFuture(changed)
                                    : serve(access, changed.id(), names.get()).map(changed)))
                    .compose(this::shown);
        });
    }

    private Future<Reply> delete(AdminRequest request) {
        EntityKey key = EntityKey.parse(request.parameter(0));
        return store.transact(access -> key.id() == null
                        ? find(access, key.name()).compose(found -> remove(access, found.id()))
                        : remove(access, key.id()))
                .map(gone -> Reply.empty(204));
    }

    private Future<Boolean> remove(EntityAccess access, UUID id) {
        return serve(access, id, Set.of()).compose(done -> access.delete(certificates, EntityKey.of(id), null));
    }

    private Future<Entity> find(EntityAccess access, String segment) {
        return find(types, access, segment);
    }

    /** The certificate of that id, or the one that serves the name. */
    static Future<Entity> find(EntityTypes types, EntityAccess access, String segment) {
        EntityType certificates = types.get("certificates");
        EntityKey key = EntityKey.parse(segment);
        if (key.id() != null) {
            return access.get(certificates, key).map(found -> found.orElseThrow(StoreException::notFound));
        }
        return access.get(types.get(SNIS), key)
                .map(found -> found.orElseThrow(() -> new AdminException(Reply.message(404, "SNI not found"))))
                .compose(sni -> access.get(certificates, EntityKey.of(sni.reference("certificate"))))
                .map(found -> found.orElseThrow(StoreException::notFound));
    }

    private Future<Reply> shown(Entity certificate) {
        return names(store, certificate.id()).map(names -> Reply.json(200, document(certificate, names)));
    }

    private static Map<String, Object> document(Entity certificate, Set<String> names) {
        Map<String, Object> document = new LinkedHashMap<>(certificate.values());
        document.put(SNIS, List.copyOf(new TreeSet<>(names)));
        return document;
    }

    /** Makes the certificate serve these names and no others. */
    private Future<Void> serve(EntityAccess access, UUID certificate, Set<String> wanted) {
        return names(access, certificate).compose(served -> {
            List<String> gone =
                    served.stream().filter(each -> !wanted.contains(each)).toList();
            List<String> more =
                    wanted.stream().filter(each -> !served.contains(each)).toList();
            return Futures.forEach(
                            gone,
                            each -> access.delete(snis, EntityKey.named(each), null)
                                    .mapEmpty())
                    .compose(removed -> Futures.forEach(more, each -> serve(access, certificate, each)));
        });
    }

    private Future<Void> serve(EntityAccess access, UUID certificate, String server) {
        return access.get(snis, EntityKey.named(server)).compose(other -> {
            if (other.isPresent()) {
                throw Problem.schemaViolation(Violations.of(
                        SNIS,
                        server + " already associated with existing certificate '"
                                + other.get().reference("certificate") + "'"));
            }
            Entity sni =
                    inputs.create(snis, Map.of("name", server, "certificate", Map.of("id", certificate.toString())));
            return access.insert(sni).mapEmpty();
        });
    }

    private Future<Set<String>> names(EntityAccess access, UUID certificate) {
        PageRequest all = PageRequest.first(SNIS_MAX).of(new PageRequest.Parent("certificate", certificate));
        return access.page(snis, all).map(page -> {
            Set<String> names = new TreeSet<>();
            page.entities().forEach(sni -> names.add((String) sni.get("name")));
            return names;
        });
    }

    /** Takes the names out of the input. Empty if it has none; an empty set for null. Throws a schema violation. */
    private Optional<Set<String>> given(Map<String, Object> input) {
        if (!input.containsKey(SNIS)) {
            return Optional.empty();
        }
        Object value = input.remove(SNIS);
        Set<String> names = new TreeSet<>();
        List<?> list = value == null
                ? List.of()
                : value instanceof List<?> several ? several : value instanceof String one ? List.of(one) : null;
        if (list == null || list.size() > SNIS_MAX) {
            throw Problem.schemaViolation(
                    Violations.of(SNIS, list == null ? "expected a set" : "length must be at most " + SNIS_MAX));
        }
        for (Object each : list) {
            String wrong = each instanceof String text ? Validator.wrong(name, text) : "expected a string";
            if (wrong == null && !names.add((String) each)) {
                wrong = each + " is duplicated";
            }
            if (wrong != null) {
                throw Problem.schemaViolation(Violations.of(SNIS, wrong));
            }
        }
        return Optional.of(names);
    }
}
