"""Support: tickets opened, answered, closed and opened again, and the files in them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from providers.errors import InvalidRequest, NotFound, OutcomeUnknown, ProviderError
from providers.hostbill.support import file_name, media_type
from providers.resources import Attachment, Department, TicketStatus
from tests.providers.hostbill.desk import desk_for

BOTH = ("cloudviet", "dns-services")


@pytest.mark.parametrize("key", BOTH)
def test_a_ticket_goes_from_open_to_reply_to_closed_to_open_again(stand_ins, at, key):
    support = at(stand_ins[key]).support
    department = support.departments()[1]
    number = support.open(department.id, "  Mail stops  ", "Since noon.\nPlease look.")
    ticket = support.detail(number)
    assert (ticket.subject, ticket.department, ticket.status) == ("Mail stops", department.name, TicketStatus.OPEN)
    assert ticket.replies[0].body.splitlines() == ["Since noon.", "Please look."]
    assert number in {one.number for one in support.list().items}
    support.reply(number, "It works again.")
    assert support.detail(number).replies[-1].body == "It works again."
    assert not support.detail(number).replies[-1].by_staff
    support.close(number)
    assert support.detail(number).status is TicketStatus.CLOSED
    support.reopen(number)
    assert support.detail(number).status is TicketStatus.OPEN


@pytest.mark.parametrize("key", BOTH)
def test_every_attachment_of_the_demo_can_be_fetched(stand_ins, at, key):
    support = at(stand_ins[key]).support
    threads = [support.detail(one.number) for one in support.list().items]
    files = [file for ticket in threads for reply in ticket.replies for file in reply.attachments]
    assert {file.id for file in files} == {one["id"] for one in stand_ins[key].state.all("attachments")}
    for file in files:
        download = support.attachment(file.id)
        assert (download.name, download.media_type) == (file.name, "text/plain")
        assert download.content


def test_a_file_that_is_gone_is_not_found_even_where_the_refusal_looks_like_a_file(stand_ins, at):
    for key in BOTH:
        with pytest.raises(NotFound):
            at(stand_ins[key]).support.attachment("999999")
    refusal = b' {"error": ["Attachment not found"]}'
    with desk_for({"GET /ticket/attachment/9": (200, refusal)}) as provider, pytest.raises(NotFound) as caught:
        provider.support.attachment("9")
    assert caught.value.account


def test_a_file_of_braces_stays_a_file():
    def say(_method: str, _path: str, _body: bytes) -> Any:
        return 200, b'{"name": "a", "errors": 3}'

    with desk_for(say) as provider:
        assert provider.support.attachment("9").content == b'{"name": "a", "errors": 3}'


def test_an_attachments_id_never_leads_to_another_path():
    asked: list[str] = []

    def say(_method: str, path: str, _body: bytes) -> Any:
        asked.append(path)
        return 200, b'"x"'

    with desk_for(say) as provider:
        with pytest.raises(InvalidRequest):
            provider.support.attachment("a/../b")
        provider.support.attachment("b?c #d")
    assert asked == ["/ticket/attachment/b%3Fc%20%23d"]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('attachment; filename="mail.log"', "mail.log"),
        ("attachment; filename*=UTF-8''h%C3%B3a%20%C4%91%C6%A1n.pdf", "hóa đơn.pdf"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\evil\\\\x.exe"', "x.exe"),
        ('attachment; filename="a\x00b\r\nSet-Cookie: x"', "ab Set-Cookie: x"),
        ("attachment; filename*=nonsense''%ff", None),
        ("inline", ""),
        ("", ""),
    ],
)
def test_the_name_of_a_file_is_a_name_alone(header, name):
    told = file_name(header)
    assert "/" not in told
    assert name is None or told == name


def test_the_kind_of_a_file_is_a_kind_alone():
    assert media_type("Text/Plain; charset=utf-8") == "text/plain"
    assert media_type("x\r\nSet-Cookie: 1") == ""
    assert media_type("") == ""


MAIL = Attachment(id="410", name="mail.log")


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ([{"id": "410", "filename": "mail.log"}], MAIL),
        (
            [{"id": 410, "org_filename": "mail.log", "filename": "f3a9", "size": "12"}],
            Attachment(id="410", name="mail.log", size=12),
        ),
        ({"410": "mail.log"}, MAIL),
        ({"410": {"name": "mail.log", "filesize": "2 kB"}}, MAIL),
        ({"id": 410, "name": "mail.log"}, MAIL),
        (["mail.log"], Attachment(id="mail.log", name="mail.log")),
        ("mail.log", Attachment(id="mail.log", name="mail.log")),
        ([{"file": "f3a9.log", "name": "mail.log", "size": -1}], Attachment(id="f3a9.log", name="mail.log")),
    ],
)
@pytest.mark.parametrize("place", ["attachments", "files"])
def test_attachments_are_read_in_many_shapes(files, told, place):
    reply = {
        "id": "5",
        "name": "Staff",
        "date": "2026-01-02 03:04:05",
        "body": "See there.",
        "type": "Admin",
        place: files,
    }
    ticket = {"ticket_number": "9", "subject": "S", "status": "Open", "date": "2026-01-01 00:00:00", place: files}
    with desk_for({"GET /tickets/9": {"ticket": ticket, "replies": [reply]}}) as provider:
        thread = provider.support.detail("9").replies
    assert [one.attachments for one in thread] == [(told,), (told,)]


@pytest.mark.parametrize("inside", [True, False])
def test_attachments_may_be_kept_beside_the_thread_by_their_message(inside):
    files = {"0": [{"id": "410", "filename": "mail.log"}], "5": {"411": "b.txt"}}
    ticket: dict[str, Any] = {"ticket_number": "9", "subject": "S", "status": "Open", "date": "2026-01-01 00:00:00"}
    answer: dict[str, Any] = {"ticket": ticket, "replies": [{"id": "5", "body": "x"}, {"id": "6", "body": "y"}]}
    (ticket if inside else answer)["attachments"] = files
    with desk_for({"GET /tickets/9": answer}) as provider:
        thread = provider.support.detail("9").replies
    assert [one.attachments for one in thread] == [(MAIL,), (Attachment(id="411", name="b.txt"),), ()]


@pytest.mark.parametrize(
    "files", [7, True, [[]], [None], {"a": []}, [{"id": {}}], {"x": {"y": {"z": 1}}}, [{}], ["", " "]]
)
def test_hostile_attachments_are_none_and_the_thread_is_read(files):
    ticket = {"ticket_number": "9", "subject": "S", "status": "Open", "attachments": files}
    with desk_for({"GET /tickets/9": {"ticket": ticket, "attachments": files}}) as provider:
        (opening,) = provider.support.detail("9").replies
    assert all(file.id for file in opening.attachments)


@pytest.mark.parametrize(
    ("answer", "number"),
    [
        ({"ticket": 865650}, "865650"),
        ({"ticket": {"ticket_number": "865650", "id": "3"}}, "865650"),
        ({"ticket_number": "865650"}, "865650"),
        ({"number": 865650, "success": True}, "865650"),
        ({"info": ["ticket_opened"]}, ""),
        ({"ticket": [], "success": True}, ""),
        (True, ""),
    ],
)
def test_the_number_of_a_new_ticket_is_told_where_upstream_says_it(answer, number):
    with desk_for({"POST /tickets": answer}) as provider:
        assert provider.support.open("1", "Subject", "Body") == number


def test_a_ticket_is_sent_as_documented():
    sent: list[Any] = []

    def say(method: str, path: str, body: bytes) -> Any:
        sent.append((method, path, json.loads(body) if body else None))
        return {"status": True}

    with desk_for(say) as provider:
        provider.support.open("1", "Subject", "Message ...")
        provider.support.reply("9", "reply text ..")
        provider.support.close("9")
        provider.support.reopen("9")
    assert sent == [
        ("POST", "/tickets", {"dept_id": 1, "subject": "Subject", "body": "Message ..."}),
        ("POST", "/tickets/9", {"body": "reply text .."}),
        ("PUT", "/tickets/9/close", None),
        ("PUT", "/tickets/9/open", None),
    ]


@pytest.mark.parametrize(
    ("department", "subject", "body", "fields"),
    [
        ("1", " ", "B", {"subject"}),
        ("1", "S", "\n", {"body"}),
        ("1", "", "", {"subject", "body"}),
        ("x", "S", "B", {"department_id"}),
    ],
)
def test_a_ticket_that_says_nothing_is_not_sent(department, subject, body, fields):
    with desk_for({}) as provider, pytest.raises(InvalidRequest) as caught:
        provider.support.open(department, subject, body)
    assert set(caught.value.fields) == fields
    assert caught.value.sentence.endswith("Nothing was sent.")


@pytest.mark.parametrize("answer", [{}, [], "", None, (200, b"<html>"), (502, b"")])
def test_a_ticket_may_have_been_opened_where_the_answer_says_nothing(answer):
    with desk_for({"POST /tickets": answer}) as provider, pytest.raises(OutcomeUnknown):
        provider.support.open("1", "Subject", "Body")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (
            {"departments": [{"id": "1", "name": "Technical", "description": "Servers"}]},
            Department(id="1", name="Technical", description="Servers"),
        ),
        ({"depts": [{"dept_id": 1, "deptname": "Technical"}]}, Department(id="1", name="Technical")),
        ({"departments": {"1": "Technical"}}, Department(id="1", name="Technical")),
        ({"1": "Technical"}, Department(id="1", name="Technical")),
        ([{"id": 1, "name": "Technical"}], Department(id="1", name="Technical")),
    ],
)
def test_departments_are_read_in_many_shapes(answer, told):
    with desk_for({"GET /ticket/departments": answer}) as provider:
        assert provider.support.departments() == (told,)


@pytest.mark.parametrize("answer", [7, "x", [{"id": []}], {"departments": 3}])
def test_hostile_departments_end_in_one_of_our_errors(answer):
    with desk_for({"GET /ticket/departments": answer}) as provider, pytest.raises(ProviderError):
        provider.support.departments()
