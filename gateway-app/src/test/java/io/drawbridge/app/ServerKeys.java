package io.drawbridge.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A certificate for 127.0.0.1, its key, the authority that signed it and another one that did not, as PEM files, made with
 * the JDK's keytool. Immutable.
 */
record ServerKeys(Path certificate, Path key, Path authority, Path otherAuthority) {
    private static final String PASSWORD = "changeit";

    /** @param folder that the database server's user can enter */
    static ServerKeys make(Path folder) throws Exception {
        Path store = folder.resolve("keys.p12");
        generate(store, "authority", "-ext", "bc:c");
        generate(store, "other", "-ext", "bc:c");
        generate(store, "server", "-signer", "authority", "-ext", "san=ip:127.0.0.1");
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        Key key = keys.getKey("server", PASSWORD.toCharArray());
        Path keyFile = pem(folder.resolve("server.key"), "PRIVATE KEY", key.getEncoded());
        Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-------"));
        if (System.getProperty("user.name").equals("root")) {
            /* Root's servers run as nobody, and must own their key. */
            Files.setOwner(
                    keyFile,
                    folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        }
        return new ServerKeys(
                certificate(folder, keys, "server"),
                keyFile,
                certificate(folder, keys, "authority"),
                certificate(folder, keys, "other"));
    }

    private static void generate(Path store, String alias, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + alias));
        command.addAll(List.of(more));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes());
        assertThat(keytool.waitFor()).as(said).isZero();
    }

    private static Path certificate(Path folder, KeyStore keys, String alias) throws Exception {
        Certificate certificate = keys.getCertificate(alias);
        return pem(folder.resolve(alias + ".pem"), "CERTIFICATE", certificate.getEncoded());
    }

    private static Path pem(Path file, String label, byte[] der) throws Exception {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return Files.writeString(file, "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n");
    }
}
