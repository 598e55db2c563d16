"""The certificate `fenji serve` makes: for this computer only, trusted by name, renewed in time."""

from __future__ import annotations

import datetime as dt
import os
import ssl
from pathlib import Path

import pytest

from addin.hosts.server import certificate

x509 = pytest.importorskip("cryptography.x509")


def read(path: Path):
    return x509.load_pem_x509_certificate(path.read_bytes())


def test_it_names_this_computer_and_signs_nothing(tmp_path: Path) -> None:
    made, key, is_new = certificate.own(tmp_path, "127.0.0.1")
    assert is_new
    names = read(made).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert [str(a) for a in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1", "::1"]
    assert read(made).extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False
    assert os.name == "nt" or key.stat().st_mode & 0o077 == 0
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(made, key)


def test_another_host_is_named_too(tmp_path: Path) -> None:
    made, _, _ = certificate.own(tmp_path, "grading.firm.example")
    names = read(made).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost", "grading.firm.example"]


def test_it_is_kept_until_it_ends_soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = certificate.own(tmp_path, "127.0.0.1")[0].read_bytes()
    again, _, is_new = certificate.own(tmp_path, "127.0.0.1")
    assert (again.read_bytes(), is_new) == (first, False)
    monkeypatch.setattr(certificate, "RENEWED_BEFORE", dt.timedelta(days=500))
    assert certificate.own(tmp_path, "127.0.0.1")[2]


def test_it_says_how_to_trust_it(tmp_path: Path) -> None:
    told = certificate.how_to_trust(tmp_path / "certificate.pem")
    for text in (told.zh, told.en):
        assert "certutil" in text
        assert "security add-trusted-cert" in text
