"""Which providers there are, and how a pasted address becomes a base URL."""

from importlib import metadata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers import registry
from providers.contract import ProviderSpec
from providers.errors import InvalidRequest, ProviderError
from tests.providers.kit import connection


@pytest.fixture(autouse=True)
def _fresh():
    registry._by_key.cache_clear()
    yield
    registry._by_key.cache_clear()


def test_the_four_presets_are_there():
    assert [one.key for one in registry.specs()][:4] == ["cloudviet", "dns-services", "hostbill", "vps-org"]
    told = {
        one.key: (one.badge, one.hue, one.base_url, [method.key for method in one.auth_methods], one.time_zone)
        for one in registry.specs()
    }
    assert told["cloudviet"] == ("CV", "cv", "https://my.cloudviet.vn/api", ["basic", "jwt"], "Asia/Ho_Chi_Minh")
    assert told["dns-services"] == ("DS", "ds", "https://dns.services/api", ["jwt", "basic"], "Europe/Copenhagen")
    assert told["hostbill"] == ("HB", "other", "", ["basic", "jwt"], "UTC")
    assert told["vps-org"] == ("VO", "vo", "https://admin.vps.org/api/v1", ["bearer"], "UTC")


@pytest.mark.parametrize("key", ["cloudviet", "dns-services", "hostbill", "vps-org"])
def test_each_preset_connects_without_a_call(key):
    spec = registry.spec(key)
    credential = {field.name: "x" for field in spec.auth_methods[0].fields}
    provider = spec.connect(connection("https://portal.invalid", auth=spec.auth_methods[0].key, credential=credential))
    assert provider.spec is spec
    provider.close()


def test_the_secret_fields_are_marked():
    for spec in registry.specs():
        for method in spec.auth_methods:
            assert {field.name for field in method.fields if field.secret} in ({"password"}, {"token"})


def test_an_unknown_provider_is_a_key_error():
    with pytest.raises(KeyError):
        registry.spec("nobody")


OUTSIDE = ProviderSpec(
    key="outside",
    label="Outside",
    badge="OU",
    hue="other",
    base_url="",
    base_path="",
    auth_methods=(),
    time_zone="UTC",
    connect=lambda _: pytest.fail("not asked for"),
)
NOT_A_SPEC = "text"


def test_other_packages_register_by_entry_point_and_broken_ones_do_no_harm(monkeypatch):
    here = "tests.providers.test_registry"
    entries = [
        metadata.EntryPoint("a", f"{here}:OUTSIDE", registry.GROUP),
        metadata.EntryPoint("b", "no.such.module:SPEC", registry.GROUP),
        metadata.EntryPoint("c", f"{here}:NOT_A_SPEC", registry.GROUP),
        metadata.EntryPoint("d", "providers.presets:CLOUDVIET", registry.GROUP),
    ]
    monkeypatch.setattr(metadata, "entry_points", lambda *, group: entries if group == registry.GROUP else [])
    assert [one.key for one in registry.specs()] == ["cloudviet", "dns-services", "hostbill", "vps-org", "outside"]
    assert registry.spec("cloudviet").label == "Cloudviet"


@pytest.mark.parametrize(
    ("key", "pasted", "stored"),
    [
        ("cloudviet", "", "https://my.cloudviet.vn/api"),
        ("cloudviet", " my.cloudviet.vn ", "https://my.cloudviet.vn/api"),
        ("cloudviet", "https://My.Cloudviet.vn/", "https://my.cloudviet.vn/api"),
        ("cloudviet", "https://my.cloudviet.vn:443/api/", "https://my.cloudviet.vn/api"),
        ("vps-org", "admin.vps.org", "https://admin.vps.org/api/v1"),
        ("hostbill", "panel.bücher.example:8443", "https://panel.xn--bcher-kva.example:8443/api"),
        ("hostbill", "https://host.example/billing/api/", "https://host.example/billing/api"),
        ("hostbill", "https://[2606:4700::1111]:8443", "https://[2606:4700::1111]:8443/api"),
    ],
)
def test_a_pasted_address_is_completed(key, pasted, stored):
    spec = registry.spec(key)
    assert registry.complete_base_url(spec, pasted) == stored
    assert registry.complete_base_url(spec, stored) == stored


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "http://portal.example/api",
        "ftp://portal.example",
        "https://user:pass@portal.example",
        "https://portal.example/#/login",
        "https://portal.example/api?key=1",
        "https://",
        "https://portal.example:port",
        "https://por tal.example",
        "https://portal.example/a/../b",
        "https://*.example",
        "javascript:alert(1)",
        "https://portal.example\\@evil.example",
        "x" * 600,
    ],
)
def test_what_is_no_plain_https_address_is_refused_with_a_sentence(pasted):
    with pytest.raises(InvalidRequest) as caught:
        registry.complete_base_url(registry.spec("hostbill"), pasted)
    assert caught.value.fields["base_url"] == [caught.value.sentence]
    assert "pass" not in caught.value.sentence.replace("password", "")


def test_an_address_is_no_longer_than_the_database_keeps():
    spec = registry.spec("hostbill")
    longest = "https://host.example/" + "a" * 279
    assert registry.complete_base_url(spec, longest) == longest
    # the last one grows when its host is written as it is stored
    for pasted in (longest + "a", longest.removeprefix("https://") + "a", "https://bücher.example/" + "a" * 276):
        with pytest.raises(InvalidRequest, match="300 characters") as caught:
            registry.complete_base_url(spec, pasted)
        assert caught.value.fields["base_url"] == [caught.value.sentence]


def test_plain_http_is_taken_for_listed_hosts():
    spec = registry.spec("hostbill")
    assert registry.complete_base_url(spec, "http://127.0.0.1:8100", allowed_upstreams=["127.0.0.0/8"]) == (
        "http://127.0.0.1:8100/api"
    )


@given(st.text(max_size=60) | st.text(":/@#?[].%aé0", max_size=30))
def test_a_pasted_text_is_stored_unchanged_the_second_time_or_refused(pasted):
    spec = registry.spec("hostbill")
    try:
        stored = registry.complete_base_url(spec, pasted)
    except ProviderError:
        return
    assert stored.startswith("https://")
    assert registry.complete_base_url(spec, stored) == stored
