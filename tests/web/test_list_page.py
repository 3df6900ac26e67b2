import csv
import io
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.web.models import Boat, Owner

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/domains/"}


def body(client: Client, url: str, **headers: str) -> str:
    return client.get(url, headers=headers).content.decode()


def names(html: str) -> list[str]:
    return re.findall(r'<span class="mono">([^<]+)</span></a></th>', html)


def test_one_url_gives_the_page_and_its_fragment(desk: Client):
    page, part = desk.get("/domains/"), desk.get("/domains/", headers=HTMX)
    assert page.content.startswith(b"<!doctype html>")
    assert part.content.lstrip().startswith(b'<div class="hf-list"')
    assert "HX-Request" in page["Vary"]
    assert "HX-Request" in part["Vary"]
    assert part["Cache-Control"] == "no-store"
    assert names(page.content.decode()) == names(part.content.decode())


@pytest.mark.parametrize("header", ["HX-History-Restore-Request", "HX-Boosted"])
def test_history_and_boosted_links_get_the_whole_page(desk: Client, header: str):
    assert desk.get("/domains/", headers={**HTMX, header: "true"}).content.startswith(b"<!doctype html>")


def test_it_costs_the_same_however_long_it_is(desk: Client, django_assert_num_queries: DjangoAssertNumQueries):
    # session, person, tabs, count, rows, the customers of the one ModelChip
    with django_assert_num_queries(6):
        desk.get("/domains/?harbour=cv&sort=-price")
    Boat.objects.filter(pk__gt=5).delete()
    with django_assert_num_queries(6):
        desk.get("/domains/")


def test_search_wants_every_word(desk: Client):
    assert names(body(desk, "/domains/?q=lotus+3-"))[0] == "3-lotusdental.vn"
    assert len(names(body(desk, "/domains/?q=lotus+3-"))) == 1


def test_a_search_takes_as_many_words_as_the_database_can_bear(desk: Client):
    assert len(names(body(desk, "/domains/?q=" + "+".join(["lotus"] * 10)))) > 1
    for many in ("+".join(["lotus"] * 11), "lotus+" + "x" * 200):
        html = body(desk, f"/domains/?q={many}")
        assert "A filter in the address was left out" in html
        assert len(names(html)) == 50


def test_filters_read_as_a_sentence(desk: Client):
    html = body(desk, "/domains/?harbour=cv&harbour=ds&lapse=week")
    words = re.sub(r"<div class=\"hf-menu\".*?</div>", "", html, flags=re.DOTALL)
    text = " ".join(re.sub(r"<[^>]+>", " ", words).split())
    assert "Domains of any customer at Cloudviet, DNS.services that lapse within a week and … Clear" in text


def test_a_chip_of_several_adds_and_takes_away(desk: Client):
    html = body(desk, "/domains/?harbour=cv&page=2&sort=-price")
    assert 'href="?sort=-price&amp;harbour=cv&amp;harbour=ds"' in html
    assert 'id="clear-harbour" href="?sort=-price"' in html


def test_a_value_that_no_filter_knows_is_said_and_narrows_nothing(desk: Client):
    html = body(desk, "/domains/?owner=999999")
    assert "A filter in the address was left out" in html
    assert len(names(html)) == 50


def test_a_filter_that_is_not_used_waits_behind_and(desk: Client):
    assert 'id="menu-auto_renew"' not in body(desk, "/domains/")
    assert 'id="menu-auto_renew"' in body(desk, "/domains/?auto_renew=no")


@pytest.mark.parametrize("sort", ["price", "-price", "lapses_on", "-lapses_on"])
def test_rows_without_a_value_stand_last_in_both_directions(desk: Client, sort: str):
    html = body(desk, f"/domains/?sort={sort}&page=3")
    last = names(html)[-1]
    field = sort.removeprefix("-")
    assert getattr(Boat.objects.get(name=last), field) is None


def test_no_row_stands_on_two_pages(desk: Client):
    seen = [name for page in (1, 2, 3) for name in names(body(desk, f"/domains/?sort=price&page={page}"))]
    assert len(seen) == len(set(seen)) == 120


@pytest.mark.parametrize("number", ["99", "0", "-1", "zwei", ""])
def test_a_page_that_is_not_there_is_the_nearest_that_is(desk: Client, number: str):
    assert names(body(desk, f"/domains/?page={number}"))


def test_heads_say_how_the_list_is_sorted(desk: Client):
    html = body(desk, "/domains/?sort=-price")
    assert html.count("aria-sort=") == 1
    assert 'aria-sort="descending"><a id="sort-price" href="?sort=price"' in html


def test_a_sort_that_is_none_is_ignored(desk: Client):
    assert names(body(desk, "/domains/?sort=password")) == names(body(desk, "/domains/"))


def test_views_are_counted_and_start_afresh(desk: Client):
    html = body(desk, "/domains/?view=unknown&q=orchid&sort=-name&scope=account:1")
    assert re.search(r'aria-current="page">Dates unknown <span class="n">12</span>', html)
    assert 'href="?sort=-name&amp;view=quarter&amp;scope=account:1"' in html or "scope=account:1" in html


def test_the_scope_goes_along_to_rows_and_navigation(desk: Client):
    html = body(desk, "/domains/?scope=account:1")
    boat = Boat.objects.get(name="kystvand.dk")
    assert f'href="/domains/{boat.pk}/?scope=account:1"' in html
    assert 'href="/support/?scope=account:1"' in html


def test_the_address_is_tidied_and_typing_on_replaces_it(desk: Client):
    first = desk.get("/domains/?q=ky&view=", headers={**HTMX, "HX-Trigger-Name": "q"})
    assert first["HX-Push-Url"] == "/domains/?q=ky"
    again = {**HTMX, "HX-Trigger-Name": "q", "HX-Current-URL": "http://testserver/domains/?q=ky"}
    assert desk.get("/domains/?q=kyst", headers=again)["HX-Replace-Url"] == "/domains/?q=kyst"
    assert desk.get("/domains/?page=2", headers=HTMX)["HX-Push-Url"] == "/domains/?page=2"
    assert desk.get("/domains/?q=", headers=HTMX)["HX-Push-Url"] == "/domains/"


def test_nothing_found_and_nothing_there_are_two_things(desk: Client):
    assert "Nothing like this" in body(desk, "/domains/?q=zzzz")
    assert "No domain yet" in body(desk, "/domains/none/")


def test_hostile_names_are_text(desk: Client):
    evil = '<img src=x onerror=alert(1)>"'
    boat = Boat.objects.get(name="kystvand.dk")
    boat.name, boat.owner = evil, Owner.objects.create(name=evil)
    boat.save()
    assert "<img src=x" not in body(desk, "/domains/?q=onerror")


def test_the_export_holds_all_matching_rows_with_amount_and_currency_apart(desk: Client):
    response = desk.get("/domains/?harbour=vo&export=csv&page=2")
    text = b"".join(response.streaming_content).decode().removeprefix("\ufeff")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text)))
    assert response["Content-Disposition"] == 'attachment; filename="domains.csv"'
    assert len(rows) == 24
    assert rows[0]["Domain"] == "phoviet-imports.com"
    assert (rows[0]["Next renewal"], rows[0]["Next renewal (currency)"]) == ("12.99", "USD")
    assert (rows[0]["Account"], rows[0]["Auto-renew"]) == ("VPS.org", "Off")


@pytest.mark.usefixtures("site", "db")
def test_a_stranger_is_sent_to_the_sign_in(client: Client):
    assert client.get("/domains/").headers["Location"] == "/sign-in/?next=/domains/"
    answer = client.get("/domains/", headers={**HTMX, "HX-Current-URL": "http://testserver/domains/?q=a"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/sign-in/?next=%2Fdomains%2F%3Fq%3Da")
    elsewhere = client.get("/domains/", headers={**HTMX, "HX-Current-URL": "http://evil.example/x"})
    assert elsewhere["HX-Redirect"] == "/sign-in/?next=%2F"
