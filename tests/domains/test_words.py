import pytest

from domains import words
from tests.factories import in_days, make_domain, make_zone
from web.tones import Tone

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("columns", "tone", "said"),
    [
        ({"auto_renew": True}, Tone.FINE, "On"),
        ({"auto_renew": True, "expires_on": in_days(-1)}, Tone.BROKEN, "On, but lapsed"),
        ({"auto_renew": False}, Tone.SOON, "Off"),
        ({"auto_renew": False, "expires_on": in_days(-1)}, Tone.BROKEN, "Off"),
        ({"auto_renew": False, "expires_on": None}, Tone.SOON, "Off"),
        ({"auto_renew": None}, Tone.UNKNOWN, "Not said"),
        ({"auto_renew": False, "status": "cancelled"}, None, ""),
    ],
)
def test_auto_renew_is_as_bad_as_the_date_makes_it(columns, tone, said):
    assert words.auto_renew(make_domain(**columns), in_days(0)) == (tone, said)


def test_a_status_that_we_do_not_know_is_told_in_upstreams_word():
    assert words.status(make_domain(status="unknown", upstream_status="Grace period")) == "Grace period"
    assert words.status(make_domain(status="unknown", upstream_status="")) == "Unknown"
    assert words.status(make_domain(status="redemption", upstream_status="Redemption")) == "In redemption"


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"hosted": None}, "Not read yet"),
        ({"hosted": False}, "Elsewhere"),
        ({"hosted": True, "service_id": "7"}, "In a DNS service"),
        ({"hosted": True, "domain_id": "7"}, "With the domain"),
        ({"hosted": True}, "At this portal"),
    ],
)
def test_a_zone_says_where_it_is_run(columns, said):
    assert words.hosted(make_zone(**columns)) == said
