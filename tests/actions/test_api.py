"""/api/v1/actions/ and the verbs that other view sets offer."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import QuerySet
from django.urls import include, path
from rest_framework import serializers
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.routers import SimpleRouter
from rest_framework.test import APIClient

from accounts import tokens
from actions.api import PricedSerializer, verb
from actions.models import Action, State
from portal.urls import urlpatterns as pages
from sync.models import Resource
from tests.accounts import people
from web.rest import ApiViewSet


class PokeSerializer(serializers.Serializer[Resource]):
    hard = serializers.JSONField(required=False)


class BuySerializer(PricedSerializer):
    years = serializers.IntegerField(min_value=1, max_value=10, default=1)


class ThingViewSet(RetrieveModelMixin, ApiViewSet):
    """Any mirrored thing, with the tests' verbs."""

    serializer_class = serializers.Serializer

    poke = verb("test.poke", "poke", PokeSerializer)
    buy = verb("test.buy", "buy", BuySerializer)
    write_to = verb("test.write", "write-to")

    def get_queryset(self) -> QuerySet[Resource]:
        return Resource.objects.visible_to(self.request.user).select_related("account")


router = SimpleRouter()
router.register("things", ThingViewSet, basename="thing")
urlpatterns = [path("api/v1/", include(router.urls)), *pages]
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.actions.test_api")]


def api(person, scope: str = "write") -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens.make(person, scope=scope)[1]}")
    return client


def post(client, domain, name: str, body: dict[str, Any] | None = None, key: str = ""):
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(f"/api/v1/things/{domain.pk}/{name}/", body or {}, format="json", headers=headers)


def test_a_verb_files_an_action_and_its_address_tells_how_it_went(domain, bob):
    client = api(bob)
    answer = post(client, domain, "poke", {"hard": 3})
    assert answer.status_code == 202
    told = answer.json()
    assert (told["kind"], told["state"], told["stage"], told["target"], told["error"]) == (
        "test.poke", "queued", None, "bahnhof.example", None,
    )  # fmt: skip
    Action.objects.update(state=State.FAILED, error="It is gone.", error_code="not_found")
    told = client.get(f"/api/v1/actions/{told['id']}/").json()
    assert (told["state"], told["error"], told["error_code"]) == ("failed", "It is gone.", "not_found")
    assert [event["text"] for event in told["events"]] == ["Filed: Poke bahnhof.example."]


def test_what_is_not_right_is_told_by_field(domain, bob):
    answer = post(api(bob), domain, "poke", {"hard": "very"})
    assert answer.status_code == 400
    assert answer.json()["error"]["fields"] == {"hard": ["A whole number."]}
    answer = post(api(bob), domain, "buy", {"years": 11}, key="k")
    assert answer.status_code == 400
    assert "years" in answer.json()["error"]["fields"]
    assert not Action.objects.exists()


def test_money_needs_a_key(domain, bob):
    answer = post(api(bob), domain, "buy", {"max_price": "12.99", "currency": "USD"})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "idempotency_key_needed"


def test_a_repeated_request_gets_the_first_action_and_another_body_a_conflict(domain, bob):
    client = api(bob)
    body = {"max_price": "12.99", "currency": "usd"}
    first = post(client, domain, "buy", body, key="k1")
    again = post(client, domain, "buy", body, key="k1")
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json()["id"] == again.json()["id"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert first.json()["price"] == "12.99"
    conflict = post(client, domain, "buy", {**body, "years": 2}, key="k1")
    assert (conflict.status_code, conflict.json()["error"]["code"]) == (409, "idempotency_conflict")
    conflict = post(client, domain, "poke", {}, key="k1")
    assert conflict.status_code == 409, "another verb"


def test_keys_belong_to_a_token(domain, bob):
    body = {"hard": 1}
    first = post(api(bob), domain, "poke", body, key="k1").json()
    assert post(api(bob), domain, "poke", body, key="k1").json()["id"] != first["id"]


def test_without_a_price_what_the_mirror_knows_is_the_most(domain, bob):
    told = post(api(bob), domain, "buy", {}, key="k1").json()
    assert (told["price"], told["currency"]) == ("12.99", "USD")


def test_what_the_portal_lacks_is_a_conflict(domain, bob):
    account = domain.resource.account
    account.capabilities = []
    account.save()
    answer = post(api(bob), domain, "poke")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not_supported")


def test_who_may_what(domain, bob):
    assert post(APIClient(), domain, "poke").status_code == 401
    assert post(api(bob, "read"), domain, "poke").status_code == 403
    assert post(api(people.rita()), domain, "poke").status_code == 403
    account = domain.resource.account
    account.open_to_staff = False
    account.save()
    assert post(api(bob), domain, "poke").status_code == 404
    assert not Action.objects.exists()
    assert post(api(people.alice(), "admin"), domain, "write-to").status_code == 202
    assert api(bob, "read").get(f"/api/v1/actions/{Action.objects.get().pk}/").status_code == 404
    assert api(bob, "read").get("/api/v1/actions/").json()["results"] == []


def test_the_list_is_filtered_and_costs_the_same_however_long(domain, bob, django_assert_max_num_queries):
    client = api(bob)
    for _number in range(12):
        post(client, domain, "poke")
    Action.objects.filter(pk=Action.objects.latest("pk").pk).update(state=State.UNKNOWN)
    with django_assert_max_num_queries(6):
        assert len(client.get("/api/v1/actions/").json()["results"]) == 12
    for query, count in (
        ("state=unknown", 1),
        ("status=queued", 11),
        ("kind=test.buy", 0),
        (f"resource={domain.pk}", 12),
    ):
        assert len(client.get(f"/api/v1/actions/?{query}").json()["results"]) == count, query
    assert client.get("/api/v1/actions/?colour=red").status_code == 400


def test_secret_parameters_are_not_told(domain, bob):
    told = post(api(bob), domain, "poke", {"hard": 1}).json()
    assert told["parameters"] == {"hard": 1}
    assert "sealed_parameters" not in told


@pytest.mark.parametrize("key", ["x" * 201, "schlüssel\x7f"])
def test_a_key_that_is_none_is_told(domain, bob, key):
    answer = post(api(bob), domain, "poke", {}, key=key)
    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["error"]["fields"]
