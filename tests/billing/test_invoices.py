import re
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts import tokens
from billing import queries
from billing.models import Invoice
from tests.accounts import people
from tests.factories import in_days, make_account, make_invoice

pytestmark = pytest.mark.django_db


def test_what_is_due_is_told_per_currency_and_never_summed_across():
    account = make_account("Cloudviet")
    make_invoice(account=account, total=Decimal(770000), currency="VND", due_on=in_days(-2))
    make_invoice(account=account, total=Decimal(500000), currency="VND", due_on=in_days(3))
    make_invoice(account=account, total=Decimal("86.40"), currency="USD", due_on=in_days(20))
    make_invoice(account=account, total=Decimal("9.99"), currency="USD", status="paid")
    usd, vnd = queries.due(Invoice.objects.all(), by_account=False)
    assert (usd.currency, usd.count, usd.overdue, usd.week, usd.month, usd.total) == (
        "USD",
        1,
        Decimal(0),
        Decimal(0),
        Decimal("86.40"),
        Decimal("86.40"),
    )
    assert (vnd.currency, vnd.overdue, vnd.week, vnd.month, vnd.total) == (
        "VND",
        Decimal(770000),
        Decimal(500000),
        Decimal(500000),
        Decimal(1270000),
    )


def test_an_amount_without_a_currency_stands_in_a_line_of_its_own():
    make_invoice(currency="", total=Decimal(5))
    make_invoice(currency="DKK", total=Decimal(7))
    assert [(line.currency, line.total) for line in queries.due(Invoice.objects.all(), by_account=False)] == [
        ("", Decimal(5)),
        ("DKK", Decimal(7)),
    ]


def test_an_invoice_without_a_due_day_is_due_but_never_overdue():
    make_invoice(due_on=None, total=Decimal(5))
    [line] = queries.due(Invoice.objects.all(), by_account=False)
    assert (line.overdue, line.week, line.month, line.total) == (Decimal(0), Decimal(0), Decimal(0), Decimal(5))


def test_the_totals_of_the_list_follow_its_filters(client):
    client.force_login(people.alice())
    kept = make_invoice(account=make_account("Kept"), total=Decimal("86.40"))
    make_invoice(account=make_account("Left out"), total=Decimal("1000.00"))
    page = client.get(reverse("billing:invoice-list"), {"account": kept.resource.account_id}).content.decode()
    assert "86.40" in page
    assert "1,000.00" not in page


def test_a_search_in_the_lines_finds_an_invoice_once(client):
    client.force_login(people.alice())
    make_invoice("INV-1", lines=(("Renewal of nordlys.dk", "79.00"), ("Privacy for nordlys.dk", "0.00")))
    make_invoice("INV-2", lines=(("Hosting", "9.99"),))
    page = client.get(reverse("billing:invoice-list"), {"q": "nordlys.dk"}).content.decode()
    assert page.count(">INV-1<") == 1
    assert "INV-2" not in page


def test_the_page_of_an_invoice_shows_lines_and_escapes_what_upstream_wrote(client):
    client.force_login(people.alice())
    invoice = make_invoice(
        "2016/12/1", lines=(("<script>alert(1)</script>", "15.00"),), notes="<b>bold</b>", tax=Decimal("3.41")
    )
    page = client.get(reverse("billing:invoice-detail", args=[invoice.pk])).content.decode()
    assert "2016/12/1" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page
    assert "<b>bold" not in page
    assert "3.41" in page


def test_the_api_gives_money_with_the_digits_of_its_currency(client):
    invoice = make_invoice("CV-1", total=Decimal(770000), currency="VND", lines=(("Renewal", "770000"),))
    headers = {"Authorization": f"Bearer {tokens.make(people.bob())[1]}"}
    answer = client.get(f"/api/v1/invoices/{invoice.pk}/", headers=headers).json()
    assert (answer["number"], answer["status"], answer["total"], answer["currency"]) == (
        "CV-1",
        "unpaid",
        "770000",
        "VND",
    )
    assert answer["lines"] == [
        {"description": "Renewal", "amount": "770000", "quantity": None, "taxed": None, "type": "", "item_id": ""}
    ]
    assert answer["issued_on"] == in_days(-10).isoformat()


def test_amounts_that_upstream_did_not_say_are_null(client):
    invoice = make_invoice(total=None, currency="")
    headers = {"Authorization": f"Bearer {tokens.make(people.bob())[1]}"}
    answer = client.get(f"/api/v1/invoices/{invoice.pk}/", headers=headers).json()
    assert (answer["total"], answer["currency"], answer["tax"]) == (None, None, None)


def test_a_currency_of_one_account_has_one_line_that_names_it(client):
    client.force_login(people.alice())
    first, second = make_account("Cloudviet"), make_account("DNS.services")
    make_invoice(account=first, currency="VND", total=Decimal(770000))
    make_invoice(account=first, currency="VND", total=Decimal(500000))
    make_invoice(account=first, currency="USD", total=Decimal("86.40"))
    make_invoice(account=second, currency="USD", total=Decimal("9.99"))
    page = client.get(reverse("billing:invoice-list")).content.decode()
    table = page.partition('<table class="hf-due">')[2].partition("</table>")[0]
    lines = re.findall(r'<td class="who">([^<]+)</td>', table)
    assert lines == ["all accounts", "Cloudviet", "DNS.services", "Cloudviet"]
