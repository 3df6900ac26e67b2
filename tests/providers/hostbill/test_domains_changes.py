"""Changes at the registrar: what is sent, once, and what an answer makes of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from providers.errors import InvalidRequest, NotFound, NotSupported, OutcomeUnknown
from providers.registrant import DnssecKeyDraft, DomainContacts, EmailForward, ForwardKind, Person, WebForward
from tests.providers.hostbill.desk import desk_for
from tests.providers.kit import Memory

Asked = list[tuple[str, str, Any]]
INFO, REST = EmailForward(alias="info", to="a@x.com"), EmailForward(alias="*", to="b@x.com")
ANNA = Person(first_name="Anna", last_name="Bø", email="a@x.com", address=("Vej 1",), extra={"vat": "7"})


def sent(change: Any, answer: Any = None, **reads: Any) -> Asked:
    """What left us for `change(domains)`; `reads` are answers by their path."""
    asked: Asked = []

    def say(method: str, path: str, body: bytes) -> Any:
        if method == "GET" and path in reads:
            return reads[path]
        asked.append((method, path, json.loads(body) if body else None))
        return answer if answer is not None else {"info": ["success_changes_save"]}

    with desk_for(say) as provider:
        change(provider.domains)
    return asked


HOME = {"/domain/47": {"details": {"id": "47", "name": "x.com", "status": "Active", "nameservers": []}}}
KEY = DnssecKeyDraft(algorithm=13, flags=257, public_key="AwEA AQ==", key_tag=5)


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        (lambda d: d.set_nameservers("47", ["NS1.x.com", "ns2.x.com."]),
         ("PUT", "/domain/47/ns", {"nameservers": ["ns1.x.com", "ns2.x.com"]})),
        (lambda d: d.set_nameservers("47", []), ("PUT", "/domain/47/ns", {"nameservers": []})),
        (lambda d: d.register_nameserver("47", "a.ns.x.com", ["192.0.2.1"]),
         ("POST", "/domain/47/reg", {"NameServer": "a.ns", "NameServerIP": "192.0.2.1"})),
        (lambda d: d.set_lock("47", on=True), ("PUT", "/domain/47/reglock", {"switch": "true"})),
        (lambda d: d.set_privacy("47", on=False), ("PUT", "/domain/47/idprotection", {"switch": "false"})),
        (lambda d: d.set_auto_renew("47", on=True), ("PUT", "/domain/47/autorenew", {"autorenew": "true"})),
        (lambda d: d.set_email_forwards("47", [INFO]),
         ("PUT", "/domain/47/emforwarding", {"from": "info", "to": "a@x.com"})),
        (lambda d: d.set_email_forwards("47", [INFO, REST]),
         ("PUT", "/domain/47/emforwarding", {"from": ["info", "*"], "to": ["a@x.com", "b@x.com"]})),
        (lambda d: d.set_email_forwards("47", []), ("PUT", "/domain/47/emforwarding", {"from": [], "to": []})),
        (lambda d: d.set_web_forward("47", WebForward(url=" https://y.com/ ", kind=ForwardKind.FRAME)),
         ("PUT", "/domain/47/forwarding", {"url": "https://y.com/", "frame": "1"})),
        (lambda d: d.add_dnssec_key("47", KEY),
         ("PUT", "/domain/47/dnssec",
          {"flags": "257", "protocol": "3", "alg": "13", "pubkey": "AwEAAQ==", "key": "5"})),
        (lambda d: d.remove_dnssec_key("47", "9 8"), ("DELETE", "/domain/47/dnssec/9%208", None)),
        (lambda d: d.refresh("47"), ("GET", "/domain/47/sync", None)),
    ],
)  # fmt: skip
def test_a_change_is_sent_once_in_the_words_of_the_product(change, asked):
    assert sent(change, **HOME) == [asked]


def test_people_are_sent_by_role_in_the_spelling_of_the_portals_contacts():
    ((_, _, body),) = sent(lambda domains: domains.set_contacts("47", DomainContacts(admin=ANNA)))
    assert list(body) == ["contact_info"]
    assert body["contact_info"] == {
        "admin": {
            "vat": "7", "firstname": "Anna", "lastname": "Bø", "companyname": "", "email": "a@x.com", "address1": "Vej 1",
            "address2": "", "city": "", "state": "", "postcode": "", "country": "", "phonenumber": "",
        }
    }  # fmt: skip


CHANGES: list[Any] = [
    lambda domains: domains.set_nameservers("47", []),
    lambda domains: domains.register_nameserver("47", "ns1.x.com", ["192.0.2.1"]),
    lambda domains: domains.set_lock("47", on=True),
    lambda domains: domains.set_privacy("47", on=True),
    lambda domains: domains.set_auto_renew("47", on=True),
    lambda domains: domains.set_contacts("47", DomainContacts(admin=ANNA)),
    lambda domains: domains.set_email_forwards("47", []),
    lambda domains: domains.set_web_forward("47", WebForward(url="")),
    lambda domains: domains.add_dnssec_key("47", KEY),
    lambda domains: domains.remove_dnssec_key("47", "1"),
    lambda domains: domains.refresh("47"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_one_domains_registrar_lacks_is_remembered_for_that_domain_alone(change):
    asked: list[str] = []

    def say(method: str, path: str, _body: bytes) -> Any:
        if f"{method} {path}" == "GET /domain/47":
            return HOME["/domain/47"]
        if path != "/":  # what the portal offers may be asked for
            asked.append(path)
        return {"error": ["invalid method"]}

    memory = Memory()
    for _ in range(2):
        with desk_for(say, memory=memory) as provider:
            with pytest.raises(NotSupported):
                change(provider.domains)
            assert provider.can("domains.set_lock")
    assert len(asked) == 1


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"success": True, "error": ["Registrar timeout"]}, OutcomeUnknown),
        ({"success": False, "error": ["Registrar error"]}, InvalidRequest),
        ({"status": False}, InvalidRequest),
        ({"error": ["Domain not found"]}, NotFound),
        ([], OutcomeUnknown),
        ((200, b"<html>"), OutcomeUnknown),
        ((502, b"<html>"), OutcomeUnknown),
    ],
)
def test_a_change_that_goes_wrong_says_what_is_known_of_it_and_is_not_sent_again(change, answer, error):
    asked: list[str] = []

    def say(method: str, path: str, _body: bytes) -> Any:
        if f"{method} {path}" == "GET /domain/47":
            return HOME["/domain/47"]
        asked.append(path)
        return answer

    with desk_for(say) as provider, pytest.raises(error) as caught:
        change(provider.domains)
    assert type(caught.value) is error
    assert caught.value.account == "Cloudviet (agency)"
    assert len(asked) == 1
