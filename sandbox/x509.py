"""Certificates and requests in PEM form that parsers can read.

The keys are random numbers and nothing is really signed: the names and dates are what a reader looks at.
"""

import base64
import hashlib
import random
from datetime import UTC, datetime
from textwrap import wrap

SHA256_WITH_RSA = "1.2.840.113549.1.1.11"
RSA = "1.2.840.113549.1.1.1"
COMMON_NAME = "2.5.4.3"
ORGANIZATION = "2.5.4.10"
ALTERNATIVE_NAMES = "2.5.29.17"


def tlv(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 128:
        return bytes((tag, length)) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 128 + len(size))) + size + content


def sequence(*parts: bytes) -> bytes:
    return tlv(0x30, b"".join(parts))


def integer(value: int) -> bytes:
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def identifier(dotted: str) -> bytes:
    first, second, *rest = (int(part) for part in dotted.split("."))
    body = bytes((first * 40 + second,))
    for number in rest:
        digits = [number & 127]
        while number > 127:
            number >>= 7
            digits.append(number & 127 | 128)
        body += bytes(reversed(digits))
    return tlv(0x06, body)


def bits(content: bytes) -> bytes:
    return tlv(0x03, b"\0" + content)


def name(common: str, organization: str) -> bytes:
    parts = ((ORGANIZATION, organization), (COMMON_NAME, common))
    return sequence(*(tlv(0x31, sequence(identifier(oid), tlv(0x0C, text.encode()))) for oid, text in parts if text))


def _moment(value: datetime) -> bytes:
    return tlv(0x17, value.astimezone(UTC).strftime("%y%m%d%H%M%SZ").encode())


def _public_key(chance: random.Random) -> bytes:
    modulus = chance.getrandbits(2048) | 1 << 2047 | 1
    algorithm = sequence(identifier(RSA), tlv(0x05, b""))
    return sequence(algorithm, bits(sequence(integer(modulus), integer(65537))))


def _alternatives(domain: str) -> bytes:
    names = sequence(*(tlv(0x82, one.encode()) for one in (domain, f"www.{domain}")))
    return sequence(identifier(ALTERNATIVE_NAMES), tlv(0x04, names))


def _pem(label: str, content: bytes) -> str:
    lines = "\n".join(wrap(base64.b64encode(content).decode(), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n"


def _unsigned(body: bytes) -> bytes:
    """Body, algorithm and 256 bytes where a signature belongs."""
    algorithm = sequence(identifier(SHA256_WITH_RSA), tlv(0x05, b""))
    return sequence(body, algorithm, bits(hashlib.sha512(body).digest() * 4))


def certificate(domain: str, issuer: str, begins: datetime, ends: datetime, chance: random.Random) -> str:
    algorithm = sequence(identifier(SHA256_WITH_RSA), tlv(0x05, b""))
    body = sequence(
        tlv(0xA0, integer(2)),
        integer(chance.getrandbits(120)),
        algorithm,
        name(issuer, "Sandbox Certification"),
        sequence(_moment(begins), _moment(ends)),
        name(domain, ""),
        _public_key(chance),
        tlv(0xA3, sequence(_alternatives(domain))),
    )
    return _pem("CERTIFICATE", _unsigned(body))


def request(domain: str, organization: str, chance: random.Random) -> str:
    body = sequence(integer(0), name(domain, organization), _public_key(chance), tlv(0xA0, b""))
    return _pem("CERTIFICATE REQUEST", _unsigned(body))
