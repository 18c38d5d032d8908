"""A certificate for https on this machine only: cameras and service workers ask for it, even in a hall's network."""

import ipaddress
import os
import socket
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.core import clock

VALID_FOR = timedelta(days=397)  # the longest that browsers accept
RENEW_BEFORE = timedelta(days=7)


def local_certificate(folder: Path, host: str) -> tuple[Path, Path]:
    """The files of a self-signed certificate for `host` and its key; made anew when it expires or is for another host."""
    certfile, keyfile = folder / "certificate.pem", folder / "key.pem"
    if not (certfile.exists() and keyfile.exists() and is_good(x509.load_pem_x509_certificate(certfile.read_bytes()), host)):
        key = ec.generate_private_key(ec.SECP256R1())
        folder.mkdir(parents=True, exist_ok=True)
        certfile.write_bytes(signed(key, host).public_bytes(serialization.Encoding.PEM))
        with os.fdopen(os.open(keyfile, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as output:
            output.write(
                key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
            )
    return certfile, keyfile


def is_good(certificate: x509.Certificate, host: str) -> bool:
    """Whether the certificate is for `host` and lasts."""
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return general_name(host) in list(names) and certificate.not_valid_after_utc > clock.now() + RENEW_BEFORE


def signed(key: ec.EllipticCurvePrivateKey, host: str) -> x509.Certificate:
    """A certificate that vouches for itself."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Baiqau on this machine")])
    hosts = dict.fromkeys(general_name(one) for one in (host, "localhost", "127.0.0.1", socket.gethostname()))
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock.now() - timedelta(hours=1))
        .not_valid_after(clock.now() + VALID_FOR)
        .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )


def general_name(host: str) -> x509.GeneralName:
    """A host as certificates write it."""
    try:
        return x509.IPAddress(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return x509.DNSName(host)
