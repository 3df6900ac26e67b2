from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils import timezone

from web import signs

HOSTILE = '"><script>alert(1)</script>'


def draw(source: str, **context: object) -> str:
    return Template("{% load hf %}" + source).render(Context(context))


@pytest.mark.parametrize(
    "source",
    [
        '{% tone "fine" x %}',
        "{% mono x %}",
        "{% mono x copy=False %}",
        "{% money amount x %}",
        "{% progress 1 2 x %}",
        '{% empty_state x x x "/" %}',
        '{% lazy "/" x %}',
        "{% provider badge name=x %}",
        "{{ x|initials }}",
    ],
)
def test_what_upstream_says_is_never_markup(source: str):
    badge = SimpleNamespace(letters="CV", hue=HOSTILE, name="Cloudviet")
    drawn = draw(source, x=HOSTILE, amount=Decimal(1), badge=badge)
    assert "<script" not in drawn


def test_a_status_is_a_mark_and_a_word():
    assert draw('{% tone "urgent" "Unpaid" %}') == '<span class="hf-tone urgent">Unpaid</span>'


def test_a_tone_that_is_none_is_refused():
    with pytest.raises(ValueError, match="pink"):
        draw('{% tone "pink" "Odd" %}')


def test_an_icon_that_the_sprite_lacks_is_refused():
    with pytest.raises(ValueError, match="unicorn"):
        draw('{% icon "unicorn" %}')


def test_the_exact_day_is_there_for_hover_and_for_screen_readers():
    day = timezone.localdate() + timedelta(days=3)
    drawn = draw("{% days day %}", day=day)
    assert f'datetime="{day.isoformat()}"' in drawn
    assert drawn.count(f"{day:%Y}") >= 3


def test_a_lapsed_day_takes_no_lead():
    past, ahead = timezone.localdate() - timedelta(days=2), timezone.localdate() + timedelta(days=2)
    assert "lapses" not in signs.days(past, lead="lapses")
    assert "lapses in 2 days" in signs.days(ahead, lead="lapses")


def test_an_amount_without_currency_or_without_value_is_said_as_such():
    assert "no currency" in draw('{% money amount "" %}', amount=Decimal(5))
    assert "not said" in draw('{% money None "USD" %}')


def test_freshness_turns_with_age():
    now = datetime.now(UTC)
    ages = {5: "fine", 45: "soon", 200: "urgent"}
    for minutes, tone in ages.items():
        assert f"hf-tone {tone}" in draw("{% freshness at 15 %}", at=now - timedelta(minutes=minutes))
    assert "hf-tone unknown" in draw("{% freshness None %}")


@pytest.mark.parametrize(("name", "letters"), [("Mette Kjær", "MK"), ("alice@example.com", "A"), ("", "?")])
def test_people_have_initials(name: str, letters: str):
    assert draw("{{ name|initials }}", name=name) == letters


def test_progress_without_a_total_promises_no_end():
    assert "value=" not in draw('{% progress 3 None "Invoices" %}')
    assert 'max="145" value="142"' in draw('{% progress 142 145 "Domains" %}')
