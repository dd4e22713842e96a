package io.drawbridge.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;

/** The package picture of docs/architecture.md. */
@AnalyzeClasses(packages = "io.drawbridge", importOptions = ImportOption.DoNotIncludeTests.class)
class PackagesTest {
    @ArchTest
    static final ArchRule THE_ENGINE_KNOWS_NO_GATEWAY = noClasses()
            .that()
            .resideInAPackage("io.drawbridge.migration..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.drawbridge.core..", "io.drawbridge.admin..", "io.drawbridge.app..", "io.drawbridge.postgres..");

    @ArchTest
    static final ArchRule THE_CORE_KNOWS_NEITHER_ADMIN_NOR_APP = noClasses()
            .that()
            .resideInAPackage("io.drawbridge.core..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.drawbridge.admin..", "io.drawbridge.sync..", "io.drawbridge.app..", "io.drawbridge.postgres..");

    @ArchTest
    static final ArchRule ADMIN_KNOWS_NEITHER_SYNC_NOR_APP = noClasses()
            .that()
            .resideInAPackage("io.drawbridge.admin..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.drawbridge.sync..", "io.drawbridge.app..", "io.drawbridge.postgres..");

    @ArchTest
    static final ArchRule SYNC_KNOWS_NEITHER_ADMIN_NOR_APP = noClasses()
            .that()
            .resideInAPackage("io.drawbridge.sync..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.drawbridge.admin..", "io.drawbridge.app..", "io.drawbridge.postgres..");

    @ArchTest
    static final ArchRule THE_SERVER_STANDS_ALONE = noClasses()
            .that()
            .resideInAPackage("io.drawbridge.postgres..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.drawbridge.migration..",
                    "io.drawbridge.core..",
                    "io.drawbridge.admin..",
                    "io.drawbridge.app..");

    @ArchTest
    static final ArchRule ONLY_POSTGRES_PACKAGES_KNOW_THE_CLIENT = noClasses()
            .that()
            .resideOutsideOfPackage("..postgres..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx.pgclient..", "org.postgresql..", "java.sql..");

    @ArchTest
    static final ArchRule ENTITIES_ARE_THE_BOTTOM_OF_THE_CORE = noClasses()
            .that()
            .resideInAPackage("io.drawbridge.core.entity..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.drawbridge.core.store..",
                    "io.drawbridge.core.release.postgres..",
                    "io.drawbridge.core.config..",
                    "io.drawbridge.core.node..");

    @ArchTest
    static final ArchRule THE_NODE_KNOWS_NO_STORE = noClasses()
            .that()
            .resideInAPackage("io.drawbridge.core.node..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.drawbridge.core.store..", "io.drawbridge.core.entity..");

    @ArchTest
    static final ArchRule PACKAGES_OF_THE_ENGINE_ARE_FREE_OF_CYCLES =
            slices().matching("io.drawbridge.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule OPTIONS_ARE_READ_IN_ONE_PLACE = noClasses()
            .that()
            .resideOutsideOfPackages("io.drawbridge.app..", "io.drawbridge.postgres..")
            .should()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(System.class, "getenv", String.class);

    /* A node whose clock is an hour off leads and follows as any other: time is the database's, or monotonic. */
    @ArchTest
    static final ArchRule NOBODY_DECIDES_BY_THE_NODES_CLOCK = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.drawbridge.migration",
                    "io.drawbridge.migration.postgres",
                    "io.drawbridge.core.node..",
                    "io.drawbridge.core.config..",
                    "io.drawbridge.core.release..")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(LocalDateTime.class, "now")
            .orShould()
            .callMethod(OffsetDateTime.class, "now");

    @ArchTest
    static final ArchRule ONLY_MAIN_ENDS_THE_PROCESS = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.drawbridge.app.Main")
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "halt", int.class);

    @ArchTest
    static final ArchRule THE_COMMANDS_ARE_NOBODYS_BUSINESS = classes()
            .that()
            .resideInAPackage("io.drawbridge.app.cli..")
            .should()
            .onlyBeAccessed()
            .byAnyPackage("io.drawbridge.app..");
}
