"""What a registrar keeps: no page shows the answers, so they are read in several spellings; what makes no sense is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from providers.errors import InvalidRequest, MalformedResponse, NotSupported
from providers.offers import Option
from providers.registrant import DnssecKey, DomainContacts, EmailForward, Person
from tests.providers.hostbill.desk import desk_for


def told(path: str, answer: Any, read: Any) -> Any:
    """What `read(domains)` makes of a portal that answers `answer` to `GET /domain/47` + path."""
    with desk_for({f"GET /domain/47{path}": answer}) as provider:
        return read(provider.domains)


@pytest.mark.parametrize(
    ("answer", "locked"),
    [
        ({"reglock": "1"}, True),
        ({"reglock": 0}, False),
        ({"registrar_lock": True}, True),
        ({"success": True, "locked": "no"}, False),
        ({"data": {"lock": "enabled"}}, True),
        ({"details": {"reglock": {"status": "Unlocked"}}}, False),
        ({"status": True}, True),
        ({"status": False}, False),
        ({"status": "locked"}, True),
        (True, True),
        ("off", False),
    ],
)
def test_a_lock_is_read_in_the_spellings_of_the_modules(answer, locked):
    assert told("/reglock", answer, lambda domains: domains.lock("47")) is locked


@pytest.mark.parametrize(
    ("answer", "on"), [({"autorenew": "1"}, True), ({"auto_renew": 0}, False), ({"status": False}, False), ("0", False)]
)
def test_renewal_by_itself_is_read_in_the_spellings_of_the_modules(answer, on):
    assert told("/autorenew", answer, lambda domains: domains.auto_renew("47")) is on


@pytest.mark.parametrize("answer", [{"reglock": "perhaps"}, {"success": True}, {"info": ["ok"]}, [], None, {"x": 1}, 2])
def test_a_switch_that_says_nothing_is_neither_on_nor_off(answer):
    for path, read in (
        ("/reglock", lambda domains: domains.lock("47")),
        ("/autorenew", lambda domains: domains.auto_renew("47")),
    ):
        with pytest.raises(MalformedResponse):
            told(path, answer, read)


def test_a_refusal_to_tell_the_lock_is_no_open_lock():
    for answer in ({"success": False}, {"status": False, "error": ["Registrar error"]}, {"error": ["Registrar error"]}):
        with pytest.raises(InvalidRequest):
            told("/reglock", answer, lambda domains: domains.lock("47"))


@pytest.mark.parametrize(
    "answer",
    [
        {"epp_code": "s3cr3t!"},
        {"success": True, "epp": " s3cr3t! "},
        {"details": {"authcode": "s3cr3t!"}},
        {"status": True, "code": "s3cr3t!", "info": ["Here it is"]},
        "s3cr3t!",
    ],
)
def test_an_epp_code_is_a_secret_in_every_spelling(answer):
    code = told("/epp", answer, lambda domains: domains.epp_code("47"))
    assert (code.value, code.words) == ("s3cr3t!", "")
    assert "s3cr3t" not in repr(code) + str(code)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"info": ["EPP code was sent to the registrant"]}, "EPP code was sent to the registrant"),
        ("The code was sent by e-mail", "The code was sent by e-mail"),
        ({"success": True}, "The portal named no code; it may have sent it to the registrant by e-mail."),
        ({"epp_code": ""}, "The portal named no code; it may have sent it to the registrant by e-mail."),
    ],
)
def test_a_code_that_is_mailed_is_none_and_says_so(answer, words):
    code = told("/epp", answer, lambda domains: domains.epp_code("47"))
    assert (code.value, code.words) == ("", words)


@pytest.mark.parametrize("answer", [{"epp_code": ["s3cr3t"]}, {"epp": "s3cr3t" * 60}, {"epp": "s3\r\ncr3t"}])
def test_what_is_no_code_is_not_shown_in_the_error_either(answer):
    with pytest.raises(MalformedResponse) as caught:
        told("/epp", answer, lambda domains: domains.epp_code("47"))
    assert "s3" not in str(caught.value) + repr(caught.value)


@pytest.mark.parametrize(
    "answer",
    [
        {"nameservers": ["ns1.x.com", "NS2.x.com."]},
        {"ns": {"ns1": "ns1.x.com", "ns2": "ns2.x.com"}},
        {"ns1": "ns1.x.com", "ns2": "ns2.x.com"},
        {"data": {"nameservers": "ns1.x.com,ns2.x.com"}},
        {"details": {"nameservers": [{"hostname": "ns1.x.com"}, {"hostname": "ns2.x.com"}]}},
        ["ns1.x.com", "", "ns2.x.com"],
        "ns1.x.com, ns2.x.com",
    ],
)
def test_name_servers_are_read_in_many_shapes(answer):
    assert told("/ns", answer, lambda domains: domains.nameservers("47")) == ("ns1.x.com", "ns2.x.com")


def test_name_servers_come_from_the_domain_where_the_module_has_no_such_question():
    row = {"id": "47", "name": "x.com", "status": "Active", "nameservers": ["ns1.x.com"]}
    with desk_for({"GET /domain/47": {"details": row}}) as provider:
        assert provider.domains.nameservers("47") == ("ns1.x.com",)
    with (
        desk_for({"GET /domain/47": {"details": {**row, "nameservers": None}}}) as provider,
        pytest.raises(NotSupported),
    ):
        provider.domains.nameservers("47")
    for answer in ({"nameservers": 7}, {"nameservers": ["a b c/"]}, None):
        with pytest.raises(MalformedResponse):
            told("/ns", answer, lambda domains: domains.nameservers("47"))


ANNA = {"firstname": "Anna", "lastname": "Bø", "email": "a@x.com", "address1": "Vej 1", "address2": "n/a", "vat": 7}
READ_ANNA = Person(first_name="Anna", last_name="Bø", email="a@x.com", address=("Vej 1",), extra={"vat": "7"})


@pytest.mark.parametrize(
    ("answer", "contacts"),
    [
        ({"contacts": {"registrant": ANNA, "tech": ANNA}}, DomainContacts(registrant=READ_ANNA, tech=READ_ANNA)),
        ({"contact_info": json.dumps({"Registrant": ANNA})}, DomainContacts(registrant=READ_ANNA)),
        (
            {"success": True, "owner": ANNA, "technical": ANNA, "x": 1},
            DomainContacts(registrant=READ_ANNA, tech=READ_ANNA),
        ),
        ({"data": {"administrative": ANNA, "bill": {}}}, DomainContacts(admin=READ_ANNA)),
        ({"contact": {**ANNA, "id": "9", "client_id": "1"}}, DomainContacts(registrant=READ_ANNA)),
        (
            {"registrant": {"FName": "Anna", "OrgName": "X ApS", "PostalCode": 6792, "Phone": "+45.1", "PreFix": True}},
            DomainContacts(
                registrant=Person(
                    first_name="Anna", company="X ApS", postcode="6792", phone="+45.1", extra={"PreFix": "1"}
                )
            ),
        ),
        ({"contacts": []}, DomainContacts()),
    ],
)
def test_people_are_read_in_the_spellings_of_the_modules(answer, contacts):
    assert told("/contact", answer, lambda domains: domains.contacts("47")) == contacts


@pytest.mark.parametrize("answer", [{"contacts": "{"}, {"contacts": 7}, {"contacts": ["x"]}, "[" * 5000, 7])
def test_people_that_can_not_be_read_are_not_made_up(answer):
    with pytest.raises(MalformedResponse):
        told("/contact", answer, lambda domains: domains.contacts("47"))


INFO, REST = EmailForward(alias="info", to="a@x.com"), EmailForward(alias="*", to="b@x.com")


@pytest.mark.parametrize(
    ("answer", "forwards"),
    [
        ({"emforwarding": [{"from": "info@mine.com", "to": "a@x.com"}, {"from": "*", "to": "b@x.com"}]}, (INFO, REST)),
        ({"from": "Info", "to": "a@x.com"}, (INFO,)),
        ({"from": ["info", "@"], "to": ["a@x.com", "b@x.com"]}, (INFO, REST)),
        (
            {"0": {"address": "info", "forwardto": "a@x.com"}, "1": {"address": "", "forwardto": "b@x.com"}},
            (INFO, REST),
        ),
        ({"forwardings": {"info": "a@x.com", "catchall": "b@x.com"}}, (INFO, REST)),
        ({"info": "a@x.com"}, (INFO,)),
        ([{"alias": "info", "destination": "a@x.com, b@x.com"}], (INFO, EmailForward(alias="info", to="b@x.com"))),
        ([{"address": "", "forwardto": ""}], ()),
        ({"success": True}, ()),
        ([], ()),
    ],
)
def test_forwardings_are_read_in_the_spellings_of_the_modules(answer, forwards):
    assert told("/emforwarding", answer, lambda domains: domains.email_forwards("47")) == forwards


@pytest.mark.parametrize(
    "answer",
    [
        ["info"],
        [{"from": "info"}],
        [{"from": "info", "to": "nobody"}],
        {"from": ["a", "b"], "to": ["a@x.com"]},
        {"emforwarding": "a@x.com"},
        {"emforwarding": [{"from": {"x": 1}, "to": "a@x.com"}]},
        7,
    ],
)
def test_a_forwarding_that_can_not_be_read_spoils_the_list_since_it_would_be_lost(answer):
    with pytest.raises(MalformedResponse):
        told("/emforwarding", answer, lambda domains: domains.email_forwards("47"))


@pytest.mark.parametrize(
    "answer",
    [
        {"flags": [{"id": "257", "name": "KSK"}, {"id": 256, "name": "ZSK"}]},
        {"flags": {"257": "KSK", "256": "ZSK"}},
        {"257": "KSK", "256": "ZSK"},
        {"available_flags": [{"value": "257", "label": "KSK"}, {"value": "256", "label": "ZSK"}]},
        {"flags": {"257": {"name": "KSK"}, "256": {"name": "ZSK"}}},
    ],
)
def test_flags_are_read_in_many_shapes(answer):
    flags = told("/dnssec/flags", answer, lambda domains: domains.dnssec_flags("47"))
    assert flags == (Option(id="257", name="KSK"), Option(id="256", name="ZSK"))


def test_flags_come_with_their_algorithms_or_not_at_all():
    answer = {"flags": ["257"], "algorithms": {"13": "ECDSAP256SHA256"}}
    flags = told("/dnssec/flags", answer, lambda domains: domains.dnssec_flags("47"))
    assert flags == (Option(id="257", name="257"), Option(id="13", name="ECDSAP256SHA256"))
    assert told("/dnssec/flags", [], lambda domains: domains.dnssec_flags("47")) == ()
    nonsense: tuple[Any, ...] = ({"flags": 7}, {"flags": [{}]}, "x")
    for wrong in nonsense:
        with pytest.raises(MalformedResponse):
            told("/dnssec/flags", wrong, lambda domains: domains.dnssec_flags("47"))


DS = DnssecKey(id="12345", algorithm=13, key_tag=12345, digest_type=2, digest="AB" * 32)


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        ({"keys": [{"key": "12345", "alg": "13", "digest_type": "2", "digest": "ab" * 32}]}, DS),
        ({"dnssec": {"12345": {"keytag": 12345, "algorithm": 13, "digesttype": 2, "digest": "AB" * 32}}}, DS),
        ([{"key_tag": "12345", "algorithm": "ECDSA-P256-SHA256".replace("-", ""), "digest_type": "SHA256",
           "digest": "AB " * 32}], DS),
        (
            {"dnssec": [{"id": 9, "flags": "257", "alg": 8, "protocol": 3, "pubkey": "AwEA AQ=="}]},
            DnssecKey(id="9", algorithm=8, flags=257, public_key="AwEAAQ=="),
        ),
        (
            {"dnssec": {"id": "9", "flags": 257, "alg": 8, "key": "AwEAAQ=="}},
            DnssecKey(id="9", algorithm=8, flags=257, public_key="AwEAAQ=="),
        ),
    ],
)  # fmt: skip
def test_keys_are_read_in_the_spellings_of_the_modules(answer, key):
    assert told("/dnssec", answer, lambda domains: domains.dnssec_keys("47")) == (key,)


@pytest.mark.parametrize(
    "answer",
    [
        {"dnssec": [{"id": "1"}]},
        {"dnssec": [{"alg": 8}]},
        {"dnssec": [{"id": "1", "alg": 900}]},
        {"dnssec": [{"id": "1", "alg": "ROT13"}]},
        {"dnssec": [{"id": "1", "alg": 8, "flags": "many"}]},
        {"dnssec": ["x"]},
        {"dnssec": 7},
        "x",
    ],
)
def test_a_key_that_can_not_be_read_is_not_left_out(answer):
    with pytest.raises(MalformedResponse):
        told("/dnssec", answer, lambda domains: domains.dnssec_keys("47"))
