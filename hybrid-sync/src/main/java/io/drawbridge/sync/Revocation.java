package io.drawbridge.sync;

/** Whether data planes' certificates may have been taken back; asked by OCSP, with a certificate authority only. */
public enum Revocation {
    /** Nobody is asked. */
    OFF,
    /** Who is revoked, or cannot be asked about, is turned away. */
    ON,
    /** Who is revoked is turned away. */
    OPTIONAL
}
