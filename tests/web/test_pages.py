"""Details, dialogs, the frame, errors."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.core.handlers.exception import response_for_exception
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import timezone

from tests.web.models import Boat
from web import nav, shell
from web.forms import Form
from web.htmx import came_from, toast, trigger
from web.middleware import TimeZoneMiddleware
from web.shell import Freshness, NavCount, Notice, Scope, ScopeChoice, register_shell, scope_of
from web.tones import Tone

HTMX = {"HX-Request": "true"}


def boat() -> Boat:
    return Boat.objects.get(name="kystvand.dk")


def test_a_tab_has_its_url_as_page_and_as_fragment(desk: Client):
    url = f"/domains/{boat().pk}/records/"
    page, part = desk.get(url).content.decode(), desk.get(url, headers=HTMX).content.decode()
    assert page.startswith("<!doctype html>")
    assert part.lstrip().startswith('<div id="detail">')
    assert 'id="tab-records"' in page
    assert 'aria-current="page">DNS <span class="n">16</span>' in part


def test_the_title_line_says_whose_and_how_it_stands(desk: Client):
    html = desk.get(f"/domains/{boat().pk}/").content.decode()
    for words in ('class="mono">kystvand.dk</h1>', "lapses in 27 days", "DNS.services", "Kystvand ApS", "Domains</a>"):
        assert words in html


def test_a_dialog_is_a_fragment_for_htmx_and_a_page_without(desk: Client):
    url = f"/domains/{boat().pk}/renew/"
    assert desk.get(url, headers=HTMX).content.decode().lstrip().startswith("<form")
    assert b"hf-dialog-page" in desk.get(url).content


def test_an_invalid_form_comes_back_with_its_errors_beside_the_fields(desk: Client):
    answer = desk.post(f"/domains/{boat().pk}/renew/", {"years": "99"}, headers=HTMX)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "One field needs another look" in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_years_helptext id_years_error"' in html or 'id="id_years_error"' in html


class Carrying(Form):
    years = forms.IntegerField(label="Years")
    seen = forms.DateField(widget=forms.HiddenInput)


@pytest.mark.parametrize(
    ("given", "said", "listed"),
    [
        ({"years": "1", "seen": "?"}, "Load the page again", False),
        ({"years": "?", "seen": "?"}, "Load the page again", True),
        ({"years": "?", "seen": "2026-11-24"}, "One field needs another look", True),
    ],
)
def test_the_summary_lists_what_can_be_mended_and_names_what_only_a_reload_mends(given, said, listed):
    html = render_to_string("web/_error_summary.html", {"form": Carrying(given)})
    assert said in html
    assert ("<ul>" in html) is listed


def test_a_form_that_went_well_closes_the_dialog_and_says_so(desk: Client):
    answer = desk.post(f"/domains/{boat().pk}/renew/", {"years": "1"}, headers=HTMX)
    said = json.loads(answer["HX-Trigger"])
    assert answer.status_code == 204
    assert said["hf:close-dialog"] is True
    assert said["hf:toast"] == {
        "text": "The renewal is queued.",
        "tone": "fine",
        "label": "See the action",
        "url": "/",
    }


def test_deleting_wants_the_name_typed_as_it_stands(desk: Client):
    url = f"/domains/{boat().pk}/delete/"
    wrong = desk.post(url, {"name": "Kystvand.dk"}, headers=HTMX)
    assert wrong.status_code == 422
    assert "Nothing was deleted" in wrong.content.decode()
    right = desk.post(url, {"name": " kystvand.dk "}, headers=HTMX)
    assert right["HX-Redirect"] == "/domains/"
    assert "kystvand.dk is gone." in desk.get("/domains/").content.decode()
    assert not Boat.objects.filter(name="kystvand.dk").exists()


def test_several_events_travel_in_one_answer():
    response = toast(trigger(HttpResponse(), "rows-changed"), "Søren", Tone.SOON)
    assert response["HX-Trigger"].isascii()
    assert set(json.loads(response["HX-Trigger"])) == {"rows-changed", "hf:toast"}


@pytest.fixture
def frame_facts(site: None) -> Any:  # noqa: ARG001 - before it, the frame has the sources of the real desk
    def facts(request: HttpRequest) -> dict[str, Any]:
        calls.append(request.path)
        return {
            "counts": {"support": NavCount(2, "2 tickets wait for us")},
            "freshness": Freshness("1 sync held", Tone.URGENT),
            "scopes": [ScopeChoice("account:1", "Cloudviet", "Accounts")],
            "notices": [Notice(Tone.SOON, "No mail server: no reminder can leave.")],
        }

    calls: list[str] = []
    register_shell(facts)
    yield calls
    shell._sources.remove(facts)


def test_the_frame_shows_what_other_apps_say_and_a_fragment_does_not_ask(desk: Client, frame_facts: list[str]):
    html = desk.get("/domains/?scope=account:1").content.decode()
    for words in ("2 tickets wait for us", "1 sync held", "Scope: Cloudviet", "No mail server"):
        assert words in html
    assert frame_facts == ["/domains/"]
    desk.get("/domains/", headers=HTMX)
    assert frame_facts == ["/domains/"]


@pytest.mark.usefixtures("site", "db")
def test_the_frame_asks_nothing_for_strangers(client: Client, frame_facts: list[str]):
    client.get("/sign-in/")
    assert frame_facts == []


def test_pages_that_do_not_exist_are_left_out_of_the_navigation(desk: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(nav, "ITEMS", [*nav.ITEMS, nav.NavItem("Moon base", "moon:list", "moon")])
    html = desk.get("/domains/").content.decode()
    assert "Moon base" not in html
    assert html.count('aria-current="page"') >= 1


def test_the_deepest_item_of_the_path_is_the_current_one(desk: Client):
    html = desk.get("/services/certificates/").content.decode()
    current = html.split('aria-label="Main"')[1].split('aria-current="page"')
    assert current[0].rstrip().endswith('data-hf-go="e"')


@pytest.mark.parametrize(
    ("query", "scope"),
    [
        ("account:3", Scope("account", "3")),
        ("customer:5", Scope("customer", "5")),
        ("moon:1", None),
        ("account:", None),
    ],
)
def test_a_scope_is_an_account_or_a_customer(query: str, scope: Scope | None):
    assert scope_of(RequestFactory().get("/", {"scope": query})) == scope


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("Asia/Ho_Chi_Minh", "+0700"), ("Nowhere/At_All", "+0000"), ("", "+0000"), ("../etc", "+0000")],
)
def test_times_are_shown_in_the_zone_of_the_person(zone: str, expected: str):
    request = RequestFactory().get("/")
    request.user = SimpleNamespace(time_zone=zone)  # type: ignore[assignment]
    middleware = TimeZoneMiddleware(lambda _request: HttpResponse(timezone.localtime().strftime("%z")))
    assert middleware(request).content.decode() == expected  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_an_error_page_needs_no_request_no_person_and_no_database(name: str):
    html = render_to_string(f"{name}.html")
    assert html.startswith("<!doctype html>")
    assert "<h1>" in html


def test_a_missing_page_says_so_with_404(rf: RequestFactory):
    response = response_for_exception(rf.get("/nowhere/"), Http404())
    assert response.status_code == 404
    assert "nothing at this address" in response.content.decode()


@pytest.mark.usefixtures("site")
def test_the_sign_in_says_what_was_wrong_and_keeps_the_address(client: Client):
    html = client.post("/sign-in/", {"username": "alice@example.com", "password": "wrong"}).content.decode()
    assert "do not go together" in html
    assert 'value="alice@example.com"' in html
    assert "wrong" not in html.split("id_password")[1].split(">")[0]


@pytest.mark.parametrize(
    ("current", "led_back_to"),
    [
        ("http://testserver/domains/?q=a#top", "/domains/?q=a"),
        ("http://evil.example/domains/", ""),
        ("http://testserver//evil.example/x", ""),
        ("http://testserver/\\evil.example/x", ""),
        ("http://testserver/\t/evil.example/x", ""),
        ("", ""),
    ],
)
def test_the_way_back_never_leads_to_another_site(current: str, led_back_to: str):
    request = RequestFactory().get("/", headers={"HX-Current-URL": current})
    assert came_from(request) == led_back_to
