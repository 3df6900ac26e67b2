"""The tests that every adapter passes. Subclass it in a test module, give it a spec and accounts."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from providers.contract import Connection, Provider, ProviderSpec, pages
from providers.errors import (
    AuthenticationFailed,
    NotFound,
    NotSupported,
    OutcomeUnknown,
    ProviderError,
)
from providers.families import FAMILIES, changes, methods
from providers.resources import Page
from providers.suite.answers import faults_of
from providers.suite.samples import NoSampleError, Samples
from providers.suite.wire import Passed, Wire

CAPABILITIES = sorted(f"{family}.{method}" for family in FAMILIES for method in methods(family))
READS = [one for one in CAPABILITIES if not changes(one)]
CHANGES = [one for one in CAPABILITIES if changes(one)]
_LISTS = ("list", "list_machines", "list_contacts")
_DETAILS = {"detail": "list", "machine": "list_machines", "contact": "list_contacts"}
_MOST_PAGES = 500
_NONSENSE = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b'"text"',
    b'{"results": [{"id": {}}, 7, null]}',
    b'[{"id": "1", "name": [], "status": 7}]',
    b'{"id": "1", "success": true',
    b"<html><title>Welcome</title></html>",
    b"\xff\xfe\x00",
)
_LAST_NUMBER = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}$|\d+$")
_IDS_IN_PATHS = re.compile(r"/[^/]*\d[^/]*")

Account = Callable[[], Connection]


class ContractSuite:
    """`account` answers a new account each time: a test server in its first state, with a `Connection` to it. Reads share one,
    each change has its own. `samples` knows what the methods are to be called with."""

    spec: ProviderSpec
    samples: type[Samples] = Samples

    @pytest.fixture(scope="class")
    @classmethod
    def account(cls) -> Account:
        raise NotImplementedError("the subclass says how to get an account")

    @pytest.fixture
    def fresh_account(self, account: Account) -> Account:
        """`account` for changes. Override it where the servers of a test should end with it."""
        return account

    @pytest.fixture(scope="class")
    @classmethod
    def provider(cls, account: Account) -> Iterator[Provider]:
        made = cls.spec.connect(account())
        yield made
        made.close()

    @pytest.fixture(scope="class")
    @classmethod
    def sample(cls, provider: Provider) -> Samples:
        return cls.samples(provider)

    # --- what it says about itself -------------------------------------------------------------------------------------------

    def test_the_spec_can_be_picked_and_connected(self) -> None:
        spec = type(self).spec
        assert re.fullmatch(r"[a-z0-9][a-z0-9-]*", spec.key)
        assert spec.label
        assert len(spec.badge) == 2
        assert spec.base_url.startswith("https://") or not spec.base_url
        assert spec.auth_methods
        for method in spec.auth_methods:
            assert any(field.secret for field in method.fields), f"{method.key} has no secret field"

    def test_capabilities_name_methods_of_the_contract_that_the_adapter_has_written(self, provider: Provider) -> None:
        assert "profile.profile" in provider.capabilities
        assert provider.capabilities <= set(CAPABILITIES)
        for capability in provider.capabilities:
            assert provider.can(capability)
            family, _, method = capability.partition(".")
            written = getattr(type(getattr(provider, family)), method)
            assert written is not getattr(FAMILIES[family], method), f"{capability} is offered and not written"
            assert _names(written) == _names(getattr(FAMILIES[family], method)), f"{capability} has other parameters"

    def test_it_shows_no_secret(self, account: Account) -> None:
        connection = account()
        made = type(self).spec.connect(connection)
        shown = f"{connection!r} {made!r} {vars(made)!r}"
        made.close()
        method = type(self).spec.auth_method(connection.auth)
        assert not [one.name for one in method.fields if one.secret and connection.credential[one.name] in shown]

    def test_a_wrong_secret_is_a_failed_sign_in(self, account: Account) -> None:
        connection = account()
        fields = type(self).spec.auth_method(connection.auth).fields
        wrong = {one.name: f"{connection.credential[one.name]}X" for one in fields if one.secret}
        made = type(self).spec.connect(replace(connection, credential={**connection.credential, **wrong}))
        with pytest.raises(AuthenticationFailed) as caught:
            made.test()
        made.close()
        assert caught.value.sentence
        assert not [secret for secret in wrong.values() if secret in f"{caught.value} {caught.value.upstream_words}"]

    def test_it_tells_whose_login_it_is(self, provider: Provider) -> None:
        assert provider.profile is not None
        assert provider.test() == provider.profile.profile()

    # --- reads ---------------------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize("capability", READS)
    def test_a_read_answers_in_the_types_of_the_contract(
        self, provider: Provider, sample: Samples, capability: str
    ) -> None:
        if not provider.can(capability):
            self._refuses(provider, capability)
            return
        answer = method_of(provider, capability)(**self._arguments(sample, capability))
        assert faults_of(answer, answer_hint(capability), capability) == []

    @pytest.mark.parametrize("capability", [one for one in READS if one.partition(".")[2] in _LISTS])
    def test_the_pages_of_a_list_end_and_name_each_thing_once(self, provider: Provider, capability: str) -> None:
        if not provider.can(capability):
            return
        ids: list[str] = []
        for number, page in enumerate(pages(method_of(provider, capability)), 1):
            assert number < _MOST_PAGES, "the list does not end"
            assert page.complete or page.note, "an incomplete page says why"
            assert faults_of(page, answer_hint(capability), capability) == []
            ids += [one.id for one in page.items]
        assert all(ids)
        assert len(ids) == len(set(ids))

    @pytest.mark.parametrize("capability", [one for one in READS if one.partition(".")[2] in _DETAILS])
    def test_a_detail_is_of_the_listed_thing_and_an_unknown_one_is_not_found(
        self, provider: Provider, capability: str
    ) -> None:
        family, _, method = capability.partition(".")
        if not provider.can(capability) or not provider.can(f"{family}.{_DETAILS[method]}"):
            return
        first: Page[Any] = method_of(provider, f"{family}.{_DETAILS[method]}")(None)
        if not first.items:
            pytest.fail(f"the account's {family} are empty: nothing is proved")
        known = first.items[0].id
        assert method_of(provider, capability)(known).id == known
        with pytest.raises(NotFound) as caught:
            method_of(provider, capability)(unknown_id(known))
        assert (bool(caught.value.sentence), bool(caught.value.operation)) == (True, True)

    @pytest.mark.parametrize("capability", READS)
    def test_a_read_of_nonsense_is_an_error_of_ours_or_an_answer_in_our_types(
        self, spoiled: tuple[Provider, Wire, Samples], capability: str
    ) -> None:
        provider, wire, sample = spoiled
        if not provider.can(capability):
            return
        arguments = self._arguments(sample, capability)
        for nonsense in _NONSENSE:
            wire.instead = nonsense
            try:
                answer = method_of(provider, capability)(**arguments)
            except ProviderError as error:
                assert error.sentence, f"{type(error).__name__} says nothing"  # noqa: PT017 - either is right
            else:
                assert faults_of(answer, answer_hint(capability), f"{capability} of {nonsense!r}") == []
                emptied = isinstance(answer, Page) and answer.complete and not (answer.items or answer.bad)
                assert nonsense == b"[]" or not emptied, f"{nonsense!r} was taken for an empty list"
            finally:
                wire.instead = None

    @pytest.fixture(scope="class")
    @classmethod
    def spoiled(cls, account: Account) -> Iterator[tuple[Provider, Wire, Samples]]:
        """A provider behind a wire that can put nonsense in the place of every answer."""
        with cls._wired(account) as (provider, wire):
            yield provider, wire, cls.samples(provider)

    # --- changes -------------------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize("capability", CHANGES)
    def test_a_change_is_sent_once_even_if_its_answer_is_lost(
        self, provider: Provider, fresh_account: Account, capability: str
    ) -> None:
        if not provider.can(capability):
            self._refuses(provider, capability)
            return
        sent = self._done(fresh_account, capability)
        self._lost(fresh_account, capability, sent)

    def _done(self, account: Account, capability: str) -> Passed:
        """Carries a change out and answers the request that was it."""
        with self._wired(account) as (provider, wire):
            arguments = self._arguments(type(self).samples(provider), capability)
            wire.passed.clear()
            answer = method_of(provider, capability)(**arguments)
            assert faults_of(answer, answer_hint(capability), capability) == []
            writing = [one for one in wire.passed if one.method != "GET"] or wire.passed
            assert writing, "nothing was sent"
            assert writing.count(writing[-1]) == 1, f"sent more than once: {wire.passed}"
            return writing[-1]

    def _lost(self, account: Account, capability: str, sent: Passed) -> None:
        """The same while the answer to that request gets lost: nobody knows, and nobody tries again."""
        with self._wired(account) as (provider, wire):
            arguments = self._arguments(type(self).samples(provider), capability)
            wire.passed.clear()
            wire.lose = lambda passed: shape_of(passed) == shape_of(sent)
            with pytest.raises(OutcomeUnknown):
                method_of(provider, capability)(**arguments)
            assert [shape_of(one) for one in wire.passed].count(shape_of(sent)) == 1, f"sent again: {wire.passed}"

    # --- tools ---------------------------------------------------------------------------------------------------------------

    @classmethod
    def _wired(cls, account: Account) -> _Wired:
        return _Wired(cls.spec, account())

    def _arguments(self, sample: Samples, capability: str) -> dict[str, Any]:
        try:
            return sample.arguments(capability)
        except NoSampleError as error:
            pytest.fail(f"{capability} can't be called: {error}. Give the test account one, or a sample of your own.")

    def _refuses(self, provider: Provider, capability: str) -> None:
        """What is not offered says so, whatever it is asked with."""
        family, _, method = capability.partition(".")
        if getattr(provider, family) is None:
            return
        parameters = inspect.signature(getattr(FAMILIES[family], method)).parameters.values()
        empty = inspect.Parameter.empty
        needed = {one.name: "1" for one in parameters if one.default is empty and one.name != "self"}
        written = getattr(type(getattr(provider, family)), method)
        if written is getattr(FAMILIES[family], method):
            with pytest.raises(NotSupported):
                method_of(provider, capability)(**needed)


class _Wired:
    """A provider whose requests go through a wire. It is signed in and knows its capabilities, as the desk's gateway has it, so
    that what follows is the change alone."""

    def __init__(self, spec: ProviderSpec, connection: Connection) -> None:
        self._wire = Wire(connection.base_url)
        self._provider = spec.connect(replace(connection, base_url=self._wire.base_url))

    def __enter__(self) -> tuple[Provider, Wire]:
        self._wire.__enter__()
        self._provider.test()
        self._provider.can("profile.profile")
        return self._provider, self._wire

    def __exit__(self, *_error: object) -> None:
        self._provider.close()
        self._wire.__exit__(None, None, None)


def method_of(provider: Provider, capability: str) -> Callable[..., Any]:
    family, _, method = capability.partition(".")
    found: Callable[..., Any] = getattr(getattr(provider, family), method)
    return found


def answer_hint(capability: str) -> Any:
    """What the contract says that `family.method` answers."""
    family, _, method = capability.partition(".")
    return typing.get_type_hints(getattr(FAMILIES[family], method))["return"]


def unknown_id(known: str) -> str:
    """An id of the same form that nothing has."""
    match = _LAST_NUMBER.search(known)
    if match is None:
        return "999999999"
    other = "00000000-0000-4000-8000-000000000000" if "-" in match[0] else "999999999"
    return known[: match.start()] + other


def shape_of(passed: Passed) -> str:
    """Method and path without its ids."""
    return f"{passed.method} {_IDS_IN_PATHS.sub('/{}', passed.path)}"


def _names(method: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(method).parameters)
