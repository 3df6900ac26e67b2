"""The login’s details, contacts, notifications and log; sign-up and reset, which carry no credential."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from providers.errors import InvalidRequest, MalformedResponse, NotSupported, OutcomeUnknown, ProviderError
from providers.hostbill.drafts import privilege_tree
from providers.hostbill.parse.privileges import privileges
from providers.people import ContactDraft, LogEntry, PersonDraft, Privilege, SignUp
from tests.providers.hostbill.desk import ALICE, desk_for

BOTH = ("cloudviet", "dns-services")
EXAMPLES = {
    f"{one['method']} {one['path']}": one
    for one in json.loads((Path(__file__).parents[2] / "upstream" / "cloudviet.json").read_text("utf-8"))["operations"]
}
NEW = SignUp(
    email="mary@example.com",
    password="a horse, correct & battered",
    first_name="Mary",
    last_name="Sue",
    address=("Pretty View Lane", "3194"),
    city="Santa Rosa",
    state="California",
    postcode="95401",
    country="US",
    phone="+1.24123123",
)


# --- details -----------------------------------------------------------


def test_the_logins_details_are_changed_and_what_was_not_named_stays(cloudviet, at):
    profile = at(cloudviet).profile
    before = dict(cloudviet.client)
    profile.update(PersonDraft(company="Hai Bến Agency Ltd", phone="+84.2838220099", address=("20 Nguyễn Huệ",)))
    after = profile.profile()
    assert (after.company, after.email, after.id) == ("Hai Bến Agency Ltd", before["email"], before["id"])
    changed = {name for name, value in cloudviet.client.items() if before.get(name) != value}
    assert changed == {"companyname", "phonenumber", "address1", "address2"}
    assert cloudviet.client["address2"] == ""


def test_what_the_profile_tells_is_named_as_what_can_be_changed():
    said = {**EXAMPLES["GET /details"]["example_response"]["client"], "type": "Company", "mobilephone": "+84.2"}
    with desk_for({"GET /details": {"client": said}, "GET /contact/49": {"contact": {**said, "id": "49"}}}) as provider:
        profile, contact = provider.profile.profile(), provider.profile.contact("49")
    draft = {each.name for each in fields(PersonDraft)}
    assert draft <= {each.name for each in fields(profile)} & {each.name for each in fields(contact)}
    for told in (profile, contact):
        assert (told.is_company, told.mobile, told.address) == (True, "+84.2", ("Pretty View Lane", "3294"))
        assert all(getattr(told, name) is not None for name in draft)


def test_what_the_profile_does_not_tell_is_none_and_what_is_empty_is_empty():
    with desk_for({"GET /details": {"client": {"id": 1, "city": "", "address1": "n/a"}}}) as provider:
        profile = provider.profile.profile()
    assert (profile.city, profile.address, profile.phone, profile.is_company) == ("", (), None, None)


def test_details_are_sent_by_the_names_of_the_documents():
    sent: list[Any] = []

    def say(_method: str, path: str, body: bytes) -> Any:
        sent.append((path, json.loads(body)))
        return EXAMPLES["PUT /details"]["example_response"]

    draft = PersonDraft(
        email="a@b.example", first_name="A", last_name="B", company="C", is_company=True, address=("1", "2"), city="D",
        state="E", postcode="F", country="VN", phone="+84.1", mobile="+84.2",
    )  # fmt: skip
    with desk_for(say) as provider:
        provider.profile.update(draft)
    ((path, body),) = sent
    assert path == "/details"
    assert set(body) == set(EXAMPLES["PUT /details"]["example_request"]) - {"telegramnotifications"}
    assert body["type"] == "Company"


@pytest.mark.parametrize(
    ("draft", "fields"),
    [
        (PersonDraft(), set()),
        (PersonDraft(email="nobody"), {"email"}),
        (PersonDraft(address=("1", "2", "3")), {"address"}),
    ],
)
def test_details_that_can_not_be_are_not_sent(draft, fields):
    with desk_for({}) as provider, pytest.raises(InvalidRequest) as caught:
        provider.profile.update(draft)
    assert set(caught.value.fields) == fields
    assert caught.value.sentence.endswith("Nothing was sent.")


def test_a_portal_that_takes_no_details_is_not_asked():
    with desk_for({}, preset="dns-services") as provider:
        for change in (
            lambda: provider.profile.update(PersonDraft(city="Aarhus")),
            lambda: provider.profile.add_contact(ContactDraft(email="a@b.example")),
            lambda: provider.profile.change_contact("1", ContactDraft(city="Aarhus")),
            lambda: provider.profile.acknowledge("1"),
            lambda: provider.profile.sign_up(NEW),
            lambda: provider.profile.request_password_reset("a@b.example"),
        ):
            with pytest.raises(NotSupported) as caught:
                change()
            assert caught.value.sentence.endswith("Nothing was sent.")


# --- contacts -----------------------------------------------------------


def test_a_contact_is_made_changed_and_read_back(cloudviet, at):
    profile = at(cloudviet).profile
    service, domain = cloudviet.state.all("services")[0]["id"], cloudviet.state.all("domains")[0]["id"]
    granted = (
        "billing.payinvoice",
        f"domains.{domain}.renew",
        "services.full",
        f"services.{service}.basic",
        "support.tickets",
    )
    draft = ContactDraft(
        email="mary@example.com", first_name="Mary", last_name="Sue", address=("Pretty View Lane", "3194"), city="Santa Rosa",
        country="US", phone="+1.24123123", is_company=False, password="secret word", privileges=granted,
    )  # fmt: skip
    key = profile.add_contact(draft)
    contact = profile.contact(key)
    assert (contact.first_name, contact.last_name, contact.email) == ("Mary", "Sue", "mary@example.com")
    assert (contact.address, contact.city, contact.country) == (("Pretty View Lane", "3194"), "Santa Rosa", "US")
    assert contact.phone == "+1.24123123"
    assert contact.is_company is False
    assert contact.privileges == tuple(sorted(granted))
    assert key in {one.id for one in profile.list_contacts().items}
    profile.change_contact(key, ContactDraft(city="Hanoi", privileges=("support.newticket",)))
    again = profile.contact(key)
    assert (again.city, again.first_name, again.privileges) == ("Hanoi", "Mary", ("support.newticket",))
    profile.change_contact(key, ContactDraft(privileges=()))
    assert profile.contact(key).privileges == ()


def test_a_contact_with_a_password_can_sign_in(cloudviet, at):
    at(cloudviet).profile.add_contact(ContactDraft(email="bob@agency.example", password="bobs own words"))
    bob = {"username": "bob@agency.example", "password": "bobs own words"}
    assert at(cloudviet, credential=bob).test().id


def test_a_contact_needs_an_address_and_keeps_its_password():
    with desk_for({}) as provider:
        with pytest.raises(InvalidRequest) as caught:
            provider.profile.add_contact(ContactDraft(first_name="Mary"))
        assert set(caught.value.fields) == {"email"}
        with pytest.raises(InvalidRequest) as caught:
            provider.profile.change_contact("49", ContactDraft(password="x"))
        assert set(caught.value.fields) == {"password"}
        with pytest.raises(InvalidRequest):
            provider.profile.change_contact("49", ContactDraft())


@pytest.mark.parametrize(
    ("answer", "key"),
    [({"contact_id": "1", "info": ["profile_added"]}, "1"), ({"id": 7}, "7"), ({"success": True}, ""), (True, "")],
)
def test_the_id_of_a_new_contact_is_told_where_upstream_says_it(answer, key):
    with desk_for({"POST /contact": answer}) as provider:
        assert provider.profile.add_contact(ContactDraft(email="a@b.example")) == key


def test_a_portal_that_echoes_a_password_is_not_quoted(caplog):
    secret = "swordfish & chips"
    said = {"error": [f"Password '{secret}' is too weak", "swordfish &amp; chips"]}
    with desk_for({"POST /contact": said, "POST /signup": said}) as provider:
        drafts = (ContactDraft(email="a@b.example", password=secret), SignUp(**{**_given(NEW), "password": secret}))
        for change, draft in zip((provider.profile.add_contact, provider.profile.sign_up), drafts, strict=True):
            assert secret not in repr(draft)
            with pytest.raises(InvalidRequest) as caught:
                change(draft)
            assert "too weak" in caught.value.upstream_words
            assert "swordfish" not in f"{caught.value.upstream_words}{caught.value.fields}{caught.value!r}"
    assert "swordfish" not in caplog.text


def _given(draft: PersonDraft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in type(draft).__dataclass_fields__}


# --- privileges -----------------------------------------------------------


def test_the_documented_privileges_are_told_with_what_they_mean():
    with desk_for({"GET /contact/privileges": EXAMPLES["GET /contact/privileges"]["example_response"]}) as provider:
        told = {one.key: one for one in provider.profile.privileges()}
    assert len(told) == 28
    assert told["billing.payinvoice"] == Privilege(
        key="billing.payinvoice", group="billing", words="sees and pays invoices"
    )
    assert told["services.full"].words == "may do everything with every service"
    assert told["services.332.basic"] == Privilege(key="services.332.basic", group="services", words="sees the service")
    assert all(one.words for one in told.values())
    meant = EXAMPLES["GET /contact/privileges"]["value_meanings"]
    assert all(
        told[f"{group}.{name}"].words != name for group in ("billing", "support", "misc") for name in meant[group]
    )


@pytest.mark.parametrize("key", BOTH)
def test_the_privileges_of_a_portal_can_all_be_written(stand_ins, at, key):
    told = at(stand_ins[key]).profile.privileges()
    assert len({one.key for one in told}) == len(told) > 20
    assert privileges(privilege_tree(one.key for one in told)) == tuple(sorted(one.key for one in told))


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"billing": ["emails"]}, [("billing.emails", "receives mail about invoices")]),
        ({"privileges": {"billing": {"emails": "Gets mail"}}}, [("billing.emails", "Gets mail")]),
        (
            {"privileges": {"billing": {"emails": 1, "orders": 0, "own": True}}},
            [("billing.emails", "receives mail about invoices"), ("billing.own", "own")],
        ),
        ({"privileges": {"x": [{"name": "y", "description": "does y"}]}}, [("x.y", "does y")]),
        ({"privileges": {"x": ["y", "y"], "lonely": 1, "z": []}}, [("x.y", "y")]),
        ({"privileges": {"x\0": {"y\ud800": "does\0 y"}}}, [("x.y", "does y")]),
    ],
)
def test_privileges_are_read_in_other_shapes(answer, told):
    with desk_for({"GET /contact/privileges": answer}) as provider:
        assert [(one.key, one.words) for one in provider.profile.privileges()] == told


@pytest.mark.parametrize("key", ["billing", "billing.", ".x", "a.b.c.d", "", "services..basic"])
def test_privileges_that_can_not_be_are_not_sent(key):
    with desk_for({}) as provider, pytest.raises(InvalidRequest) as caught:
        provider.profile.add_contact(ContactDraft(email="a@b.example", privileges=(key,)))
    assert set(caught.value.fields) == {"privileges"}


def test_one_group_is_never_both_a_list_and_an_object():
    for keys in (("services.basic", "services.1.basic"), ("services.1.basic", "services.basic"), ("x.y", "x.full")):
        with pytest.raises(InvalidRequest):
            privilege_tree(keys)


# --- notifications and log -----------------------------------------------------------


def test_notifications_are_read_filtered_and_acknowledged(cloudviet, at):
    profile = at(cloudviet).profile
    kept = cloudviet.state.all("notifications")
    told = profile.notifications()
    assert len(told) == len(kept)
    assert [one.at for one in told] == sorted((one.at for one in told), reverse=True)
    unread = profile.notifications(unread=True)
    assert {one.id for one in unread} == {one["id"] for one in kept if one["seen"] == "0"}
    assert {one.id for one in told if one.read is False} == {one.id for one in unread}
    about = unread[0].about
    assert about
    assert {one.about for one in profile.notifications(about=about)} == {about}
    profile.acknowledge(unread[0].id)
    assert unread[0].id not in {one.id for one in profile.notifications(unread=True)}
    assert profile.notifications(unread=True, about=("invoice", "none")) == ()


@pytest.mark.parametrize(
    "wrap",
    [
        lambda rows: {"notifications": rows},
        lambda rows: rows,
        lambda rows: {str(n): row for n, row in enumerate(rows[:3])},
    ],
)
def test_notifications_are_read_in_other_shapes(wrap):
    rows = [
        {"id": 1, "title": "Hello", "message": "A\nB", "date": "2026-03-01 10:00:00", "is_read": False},
        {"notification_id": "2", "body": "Only a body", "created_at": "2026-03-02 10:00:00", "status": "read"},
        {"id": "3", "rel_type": "x", "rel_id": 0},
        "nonsense",
    ]
    with desk_for(
        {"GET /notifications": wrap(rows), "GET /notifications/new": {"error": ["invalid method"]}}
    ) as provider:
        told = provider.profile.notifications()
        with pytest.raises(NotSupported):
            provider.profile.notifications(unread=True)
        # known by now: the unread ones are picked out of all
        assert [one.id for one in provider.profile.notifications(unread=True)] == ["1"]
    assert [(one.id, one.subject, one.body, one.read) for one in told] == [
        ("2", "Only a body", "Only a body", True),
        ("1", "Hello", "A\nB", False),
    ]
    assert told[1].at == datetime(2026, 3, 1, 3, tzinfo=UTC)
    assert told[1].about is None


def test_the_account_log_is_told_newest_first(dns_services, at):
    log = at(dns_services).profile.log()
    assert len(log) >= len(dns_services.state.all("logs")) - 1
    assert all(entry.at and entry.words and entry.address for entry in log)
    assert [entry.at for entry in log] == sorted((entry.at for entry in log), reverse=True)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"logs": [{"date": "2026-03-01 10:00:00", "description": "Logged in", "user": "joe", "ip": "192.0.2.1"}]},
         LogEntry(at=datetime(2026, 3, 1, 3, tzinfo=UTC), words="Logged in", who="joe", address="192.0.2.1")),
        ([{"time": 1772334000, "action": "Logged in"}], LogEntry(at=datetime(2026, 3, 1, 3, tzinfo=UTC), words="Logged in")),
        ({"log": ["Logged in"]}, LogEntry(at=None, words="Logged in")),
        ({"7": {"message": "Logged in", "date": "0000-00-00 00:00:00"}}, LogEntry(at=None, words="Logged in")),
        ({"success": True, "logs": [{}, {"event": "Logged in"}, None]}, LogEntry(at=None, words="Logged in")),
    ],
)  # fmt: skip
def test_the_log_is_read_in_other_shapes(answer, told):
    with desk_for({"GET /logs": answer}, preset="dns-services") as provider:
        assert provider.profile.log() == (told,)


@pytest.mark.parametrize("answer", [7, "x", [{}], {"logs": 7}, {"notifications": [[]]}, [None]])
def test_hostile_notices_end_in_one_of_our_errors(answer):
    with desk_for({"GET /logs": answer, "GET /notifications": answer}) as provider:
        for read in (provider.profile.log, provider.profile.notifications):
            with pytest.raises(MalformedResponse):
                read()


# --- without being signed in -----------------------------------------------------------


def test_a_new_login_is_made_and_a_reset_asked_for(cloudviet, at):
    profile = at(cloudviet).profile
    profile.sign_up(NEW)
    made = cloudviet.state.all("signups")[-1]
    assert (made["email"], made["password"], made["type"]) == (NEW.email, NEW.password, "Private")
    assert (made["address1"], made["phonenumber"], made["currency"]) == ("Pretty View Lane", "+1.24123123", "")
    with pytest.raises(InvalidRequest) as caught:
        profile.sign_up(NEW)
    assert "already registered" in caught.value.upstream_words
    profile.request_password_reset(" linh@haibenagency.example ")
    assert "linh@haibenagency.example" in cloudviet.state.all("logs")[-1]["event"]


@pytest.mark.parametrize("auth", ["basic", "jwt"])
def test_sign_up_and_reset_carry_no_credential(cloudviet, at, auth):
    wrong = {"username": "nobody@example.com", "password": "wrong"}
    profile = at(cloudviet, auth=auth, credential=wrong).profile
    profile.sign_up(
        SignUp(**{**_given(NEW), "email": f"{auth}@example.com", "company": "Sue & Sons", "currency": "VND"})
    )
    profile.request_password_reset("linh@haibenagency.example")
    assert cloudviet.state.all("signups")[-1]["type"] == "Company"


def test_a_new_login_is_sent_as_documented():
    sent: list[Any] = []

    def say(_method: str, _path: str, body: bytes) -> Any:
        sent.append(json.loads(body))
        return {"info": ["client_registered"]}

    with desk_for(say) as provider:
        provider.profile.sign_up(SignUp(**{**_given(NEW), "company": "C", "mobile": "+1.2", "currency": "USD"}))
    assert set(sent[0]) == set(EXAMPLES["POST /signup"]["example_request"])
    assert sent[0]["password"] == NEW.password


def test_a_new_login_that_lacks_something_is_not_sent():
    with desk_for({}) as provider:
        with pytest.raises(InvalidRequest) as caught:
            provider.profile.sign_up(SignUp(password="", email="a@b.example", is_company=True))
        assert set(caught.value.fields) == {
            "password", "first_name", "last_name", "address", "city", "state", "postcode", "country", "phone", "company"
        }  # fmt: skip
        for email in ("", "nobody", "a b@c.example", "a@b\r\nc"):
            with pytest.raises(InvalidRequest):
                provider.profile.request_password_reset(email)


@pytest.mark.parametrize("answer", [[], {}, "", (200, b"<html>"), (500, {})])
def test_a_change_whose_answer_says_nothing_may_have_happened(answer):
    with desk_for(
        {f"{verb} {path}": answer for verb, path in (("POST", "/signup"), ("PUT", "/details"), ("POST", "/contact"))}
    ) as provider:
        for change in (
            lambda: provider.profile.sign_up(NEW),
            lambda: provider.profile.update(PersonDraft(city="Hanoi")),
            lambda: provider.profile.add_contact(ContactDraft(email="a@b.example")),
        ):
            with pytest.raises(OutcomeUnknown):
                change()


def test_no_error_tells_the_accounts_own_password():
    said = {"error": [f"{ALICE['password']} is not the password"]}
    with desk_for({"PUT /details": said}) as provider, pytest.raises(ProviderError) as caught:
        provider.profile.update(PersonDraft(city="Hanoi"))
    assert ALICE["password"] not in f"{caught.value.upstream_words}{caught.value!r}"
