from datetime import timedelta

from cryptography import x509

from app.core import clock
from app.tls import local_certificate


def test_certificate_is_accepted_for_its_host_by_who_trusts_it(tmp_path):
    certfile, keyfile = local_certificate(tmp_path, "192.168.1.20")

    certificate = x509.load_pem_x509_certificate(certfile.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value

    assert "192.168.1.20" in [str(address) for address in names.get_values_for_type(x509.IPAddress)]
    assert "localhost" in names.get_values_for_type(x509.DNSName)
    certificate.verify_directly_issued_by(certificate)
    assert keyfile.stat().st_mode & 0o777 == 0o600


def test_certificate_is_kept_until_it_expires_or_the_host_changes(tmp_path, at):
    now = clock.now()
    first = local_certificate(tmp_path, "example.kz")[0].read_bytes()

    at(now + timedelta(days=380))
    assert local_certificate(tmp_path, "example.kz")[0].read_bytes() == first

    at(now + timedelta(days=392))
    renewed = local_certificate(tmp_path, "example.kz")[0].read_bytes()
    assert renewed != first

    assert local_certificate(tmp_path, "other.kz")[0].read_bytes() != renewed
