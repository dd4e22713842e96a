package io.drawbridge.core.proxy.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Shows clients the certificate for the name that they ask for, by the newest configuration: nothing has to be opened anew when it
 * changes. Thread-safe.
 */
public final class NamedIdentities extends X509ExtendedKeyManager {
    /* What was chosen must be found a moment later although the configuration has changed meanwhile. */
    private static final int CHOSEN = 1024;

    private record Chosen(String alias, Identity identity) {}

    private final Supplier<Certificates> certificates;
    private final List<Identity> standard;
    private final Chosen[] chosen = new Chosen[CHOSEN];
    private final AtomicLong count = new AtomicLong();

    /** @param standard for names that there is none for, and clients that ask for none */
    public NamedIdentities(Supplier<Certificates> certificates, Identity standard) {
        this.certificates = certificates;
        this.standard = List.of(standard);
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        List<Identity> named = certificates.get().named(asked(engine.getHandshakeSession()));
        for (Identity identity : named.isEmpty() ? standard : named) {
            if (identity.fits(keyType)) {
                return keep(identity);
            }
        }
        return null;
    }

    /** The name that a client asked for, in lower case; null if it asked for none. */
    public static String asked(SSLSession session) {
        if (session instanceof ExtendedSSLSession extended) {
            for (SNIServerName name : extended.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName().toLowerCase(Locale.ROOT);
                }
            }
        }
        return null;
    }

    private String keep(Identity identity) {
        long number = count.getAndIncrement();
        String alias = Long.toString(number);
        synchronized (chosen) {
            chosen[(int) (number % CHOSEN)] = new Chosen(alias, identity);
        }
        return alias;
    }

    private Identity kept(String alias) {
        synchronized (chosen) {
            Chosen found = chosen[(int) (Long.parseLong(alias) % CHOSEN)];
            return found != null && found.alias.equals(alias) ? found.identity : null;
        }
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        Identity identity = kept(alias);
        return identity == null ? null : identity.chain();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        Identity identity = kept(alias);
        return identity == null ? null : identity.key();
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return new String[0];
    }

    @Override
    public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
        return null;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return new String[0];
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return null;
    }
}
