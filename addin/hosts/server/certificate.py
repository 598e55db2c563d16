"""A certificate for this computer: Office loads add-ins over https only, on the user's own computer too.

It names this computer alone and signs nothing else, so trusting it opens no other door.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
from pathlib import Path
from typing import Any

from udfs.texts import Text

CERTIFICATE, KEY = "certificate.pem", "key.pem"
DAYS = 397  # no longer: browsers refuse more
RENEWED_BEFORE = dt.timedelta(days=14)
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def own(folder: Path, host: str) -> tuple[Path, Path, bool]:
    """Certificate and key in the server's folder, made where there are none or they end soon.

    Returns
    -------
    tuple of Path, Path and bool
        The certificate, its key, and whether they are new, so that the user has to trust them first.
    """
    certificate, key = folder / CERTIFICATE, folder / KEY
    if certificate.exists() and key.exists() and not _ends_soon(certificate):
        return certificate, key, False
    _make(certificate, key, host)
    return certificate, key, True


def how_to_trust(certificate: Path) -> Text:
    """What to do once, on each computer that uses the server."""
    path = certificate.resolve()
    return Text(
        zh=f"这台电脑要先信任证书 {path}，只需一次：\n"
        f'  Windows：certutil -user -addstore Root "{path}"\n'
        f'  macOS：security add-trusted-cert -p ssl -k ~/Library/Keychains/login.keychain-db "{path}"\n'
        "公司服务器请用公司的证书：--certificate 和 --key。",
        en=f"This computer has to trust the certificate {path} first, once:\n"
        f'  Windows: certutil -user -addstore Root "{path}"\n'
        f'  macOS: security add-trusted-cert -p ssl -k ~/Library/Keychains/login.keychain-db "{path}"\n'
        "On a company's server use the company's certificate: --certificate and --key.",
    )


def _ends_soon(certificate: Path) -> bool:
    from cryptography import x509

    end = x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc
    return end - dt.datetime.now(dt.UTC) < RENEWED_BEFORE


def _make(certificate: Path, key: Path, host: str) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "fenji (this computer)")])
    now = dt.datetime.now(dt.UTC)
    hosts = dict.fromkeys((*LOOPBACK, *([] if host in ("0.0.0.0", "::") else [host])))
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=DAYS))
        .add_extension(x509.SubjectAlternativeName([_named(h) for h in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(secret, hashes.SHA256())
    )
    key.touch(mode=0o600)
    key.write_bytes(
        secret.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))


def _named(host: str) -> Any:  # an x509.GeneralName; the library is there with the server only
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
