"""What a list keeps to when it is long: cheap counts that say when they stop, far pages, and a search that asks each table."""

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.models import Boat
from tests.web.views import BoatList
from web import listing, searching
from web.counting import counts_of
from web.pager import read_in_order, window
from web.searching import found_by


def shown(desk: Client, url: str) -> list[int]:
    return [row.record.pk for row in desk.get(url).context["table"].page.object_list]


@pytest.mark.usefixtures("fleet")
def test_counts_stop_at_their_bounds_and_are_one_query():
    boats: QuerySet[Boat] = Boat.objects.order_by("name")
    with CaptureQueriesContext(connection) as asked:
        counts = counts_of([(boats, None), (boats, 7), (boats.filter(pk__lt=0), 7), (boats.none(), 7)])
    assert counts == [120, 8, 0, 0]
    assert len(asked) == 1


def test_a_list_longer_than_is_counted_says_so_and_leads_on(desk: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(BoatList, "most_counted", 60)
    first, second, third = (desk.get(f"/domains/?page={number}").content.decode() for number in (1, 2, 3))
    assert "1 to 50 of more than 60" in first
    assert "51 to 100 of more than 100" in second
    assert "page=3" in second
    assert "101 to 120 of 120" in third, "the last page knows the end"
    assert 'rel="next"' not in third


def test_an_endless_list_leads_no_further_than_it_counts(desk: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(BoatList, "most_counted", 100)
    monkeypatch.setattr(BoatList, "endless", True)
    last = desk.get("/domains/?page=3").content.decode()
    assert "51 to 100 of more than 100" in last
    assert "Narrow the list to see the others" in last
    assert 'rel="next"' not in last


def test_a_tab_says_when_there_are_more_than_it_counted(desk: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(listing, "MOST_OF_A_TAB", 5)
    assert '<span class="n">5+</span>' in desk.get("/domains/").content.decode()


@pytest.mark.parametrize("sort", ["name", "-name", "price", "-price", "lapses_on", "-lapses_on"])
def test_every_row_stands_on_one_page_and_on_the_same_one_each_time(desk: Client, sort: str):
    pages = [shown(desk, f"/domains/?sort={sort}&page={number}") for number in (1, 2, 3)]
    assert sorted(key for page in pages for key in page) == sorted(Boat.objects.values_list("pk", flat=True))
    assert pages == [shown(desk, f"/domains/?sort={sort}&page={number}") for number in (1, 2, 3)]


def test_any_page_costs_as_many_queries_as_the_first(desk: Client):
    costs = []
    for url in ("/domains/", "/domains/?page=3", "/domains/?sort=-price&page=2"):
        with CaptureQueriesContext(connection) as asked:
            desk.get(url)
        costs.append(len(asked))
    assert len(set(costs)) == 1


@pytest.mark.usefixtures("fleet")
def test_a_row_that_goes_while_the_page_is_read_is_left_out():
    rows = Boat.objects.order_by("-name", "pk")
    place = window(rows, "2", 50, most=None)
    Boat.objects.filter(pk=place.keys[7]).delete()
    assert [boat.pk for boat in read_in_order(rows, place.keys)] == place.keys[:7] + place.keys[8:]


@pytest.mark.parametrize("few", [0, 3, 1000])
@pytest.mark.usefixtures("fleet")
def test_a_search_finds_the_same_whether_few_or_many_fit(monkeypatch: pytest.MonkeyPatch, few: int):
    monkeypatch.setattr(searching, "FEW", few)
    columns = ["name", "owner__name"]
    for words in (["lotus"], ["LOTUS", "3-"], ["a"], ["nothing like it"], []):
        found = set(found_by(Boat.objects.all(), words, columns).values_list("pk", flat=True))
        told = {
            boat.pk
            for boat in Boat.objects.select_related("owner")
            if all(
                word.lower() in boat.name.lower() or (boat.owner and word.lower() in boat.owner.name.lower())
                for word in words
            )
        }
        assert found == told
