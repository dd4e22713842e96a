package io.drawbridge.migration;

import io.drawbridge.migration.MigrationBackend.AuditNote;
import io.vertx.core.Future;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What stands before every operation: the engine's own tables are there, or the operation is refused. Immutable. */
final class Preparation<S extends Step> {
    private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);

    private final MigrationBackend<S> backend;
    private final Catalog<S> catalog;
    private final MigrationOptions options;

    Preparation(MigrationBackend<S> backend, Catalog<S> catalog, MigrationOptions options) {
        this.backend = backend;
        this.catalog = catalog;
        this.options = options;
    }

    /**
     * Makes the tables where this intent may, taking over what another system made.
     *
     * @param from the release to assume of a database that is taken over; null: as its bookkeeping says
     */
    Future<Void> ensure(Intent intent, Release from) {
        return backend.survey().compose(survey -> {
            Optional<MigrationException> unfit = StatusReader.unfit(survey);
            if (unfit.isPresent()) {
                return Future.failedFuture(unfit.get());
            }
            return switch (survey.kind()) {
                case OURS -> Future.<Void>succeededFuture();
                case FOREIGN -> Future.<Void>failedFuture(StatusReader.foreignDatabase(survey));
                case EMPTY ->
                    intent.bootstrap()
                            ? backend.prepare(Gate.empty(), Journal.empty(), note("first contact: empty database"))
                            : Future.<Void>failedFuture(new MigrationException(
                                    MigrationError.NOT_BOOTSTRAPPED, "the database needs bootstrapping"));
                case ADOPTABLE -> takeOver(survey, from);
            };
        });
    }

    private Future<Void> takeOver(Survey survey, Release from) {
        Takeover takeover = Takeover.of(
                catalog, survey.executed(), !survey.othersConnected().isEmpty(), options.release(), from);
        if (!takeover.unknown().isEmpty()) {
            return Future.failedFuture(new MigrationException(
                    MigrationError.PREFLIGHT_BLOCKED,
                    "the database has migrations that this product does not know: a newer release made it",
                    takeover.unknown()));
        }
        String reason = "taken over as " + takeover.gate() + ": its units are those of releases " + takeover.lowest()
                + " to " + takeover.highest() + (from == null ? "" : ", told to assume " + from) + ", "
                + survey.othersConnected().size() + " other connections";
        LOG.info(
                "database taken over state={} lowest={} highest={}",
                takeover.gate(),
                takeover.lowest(),
                takeover.highest());
        return backend.prepare(takeover.gate(), takeover.journal(), note(reason));
    }

    private AuditNote note(String reason) {
        return new AuditNote(options.member(), options.release(), reason);
    }
}
