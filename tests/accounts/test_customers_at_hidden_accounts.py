"""What a customer holds at an account that is not open to somebody is not told to them, not even as a number."""

import pytest
from django.utils.html import escape

from tests.accounts.people import alice, bob
from tests.factories import make_account, make_customer, make_domain, make_invoice

pytestmark = pytest.mark.django_db

MAY_BE_MORE = escape("The same goes for what they may hold at accounts that you don't see.")


@pytest.fixture
def customer():
    """Holds a domain that all staff may see, and two things at an account of Alice's alone."""
    customer, hidden = make_customer("Lotus Dental"), make_account("Hidden", open_to_staff=False)
    make_domain("seen.example", customer=customer)
    make_domain("hidden.example", customer=customer, account=hidden)
    make_invoice(customer=customer, account=hidden)
    return customer


def dialog(client, person, customer):
    client.force_login(person)
    return client.get(f"/customers/{customer.pk}/delete/").content.decode()


def test_who_sees_every_account_is_told_of_everything(client, customer):
    said = dialog(client, alice(), customer)
    assert "Domains (2), Invoices (1)" in said
    assert MAY_BE_MORE not in said


def test_who_does_not_is_told_of_what_they_see_and_that_there_may_be_more(client, customer):
    said = dialog(client, bob(), customer)
    assert "Domains (1)." in said
    assert "Invoices" not in said.partition("Assigned to this customer")[2]
    assert MAY_BE_MORE in said


def test_that_there_may_be_more_is_said_whether_there_is_or_not(client):
    assert MAY_BE_MORE in dialog(client, bob(), make_customer("Kystvand"))
