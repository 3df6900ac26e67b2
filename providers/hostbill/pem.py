"""X.509 as portals send it, read into PEM; and a look at a request before it is ordered with."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from providers.http.bodies import BadBody, parse_json

BLOCK = re.compile(
    r"-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^-]{1,40000}-----END (?:X509 |TRUSTED )?CERTIFICATE-----"
)
BASE64 = re.compile(r"[A-Za-z0-9+/]{200,40000}={0,2}", re.ASCII)
MOST_CERTIFICATES = 20
DEEPEST = 5
DEEPEST_JSON = 20
UNFIT = (ValueError, UnsupportedAlgorithm, x509.InvalidVersion)


def certificates_in(body: bytes) -> bytes:
    """The certificates in an answer as PEM, in its order, each once and nothing else of it, above all no key; empty where there is
    none. The answer is PEM, DER, or JSON that holds either in its texts."""
    found: dict[bytes, None] = {}
    for one in islice(_certificates(body), MOST_CERTIFICATES):
        found.setdefault(one.public_bytes(Encoding.PEM))
    return b"".join(found)


def _certificates(body: bytes) -> Iterator[x509.Certificate]:
    yield from _read(x509.load_der_x509_certificate, body)
    data = json_in(body)
    for part in (body.decode("utf-8", "replace"),) if data is None else _texts(data, DEEPEST):
        yield from _in_text(part)


def _in_text(text: str) -> Iterator[x509.Certificate]:
    blocks = [match.group() for match in islice(BLOCK.finditer(text), MOST_CERTIFICATES)]
    for block in blocks:
        yield from _read(x509.load_pem_x509_certificate, re.sub("(?:X509|TRUSTED) ", "", block).encode())
    # blanks are taken out before the pattern sees the text, since it would try every way to share them out
    compact = "" if blocks else "".join(text.split())
    if BASE64.fullmatch(compact):
        try:
            yield from _read(x509.load_der_x509_certificate, base64.b64decode(compact, validate=True))
        except binascii.Error:
            return


def _read(load: Any, raw: bytes) -> Iterator[x509.Certificate]:
    """One certificate, none where it is not one. Its dates and names are read too: only that shows that it is whole."""
    try:
        found: x509.Certificate = load(raw)
        _ = (found.subject, found.issuer, found.not_valid_before_utc, found.not_valid_after_utc)
        yield found
    except UNFIT:
        return


def json_in(body: bytes) -> Any:
    """The JSON that an answer is, whatever it calls itself; None where it is none."""
    if body.lstrip()[:1] not in (b"{", b"[", b'"'):
        return None
    try:
        return parse_json(body, depth=DEEPEST_JSON)
    except BadBody:
        return None


def _texts(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        # a text may have its line ends written out
        yield value.replace("\\r", "").replace("\\n", "\n")
    elif depth and isinstance(value, Mapping | list):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(part, depth - 1)


def is_request(text: str) -> bool:
    """Whether this is a certificate request in PEM form."""
    try:
        request = x509.load_pem_x509_csr(text.strip().encode())
    except (*UNFIT, UnicodeError):
        return False
    return bool(request.subject.rdns or list(request.extensions))
