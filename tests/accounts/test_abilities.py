"""What a portal can do, in words for staff."""

from __future__ import annotations

from accounts.abilities import ABILITIES, TITLES, abilities
from providers.families import FAMILIES, methods


def test_every_method_of_every_family_has_words_of_its_own():
    assert {family: set(named) for family, named in ABILITIES.items()} == {
        name: set(methods(name)) for name in FAMILIES
    }
    assert list(TITLES) == list(ABILITIES)
    for named in ABILITIES.values():
        words = [str(one) for one in named.values()]
        assert len(set(words)) == len(words)
        assert all(words)


def test_what_is_offered_and_what_is_missing_make_up_the_whole():
    told = {one.family: one for one in abilities(["billing.list", "billing.apply_credit", "telepathy.read"])}
    assert [str(words) for words in told["billing"].there] == ["list invoices", "pay from credit"]
    assert [str(words) for words in told["billing"].missing] == [
        "read an invoice",
        "tell the balance",
        "tell the ways to pay",
    ]
    assert told["dns"].there == ()
    assert sum(len(one.there) + len(one.missing) for one in told.values()) == sum(map(len, ABILITIES.values()))
