"""The adapter of docs/providers.md: loaded by its entry point, passing the contract suite, read by the desk."""

from __future__ import annotations

import importlib.util
import io
import json
import shutil
import sys
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import ProviderAccount
from domains.models import Domain
from providers import registry
from providers.contract import ProviderSpec, pages
from providers.errors import NotSupported
from providers.resources import DomainStatus
from providers.suite import ContractSuite, account_at
from sync.ask import ask
from sync.engine.slices import run_slice
from sync.models import Kind
from tests.conftest import ROOT
from tests.providers.larch_server import TOKEN, Registrar, registrar

EXAMPLE = ROOT / "docs" / "examples" / "larch"
MODULE = "holdfast_larch"


def loaded() -> ModuleType:
    """The module, as it is before anybody has installed it."""
    described = importlib.util.spec_from_file_location(f"{MODULE}_as_a_file", EXAMPLE / f"{MODULE}.py")
    assert described is not None
    assert described.loader is not None
    module = importlib.util.module_from_spec(described)
    described.loader.exec_module(module)
    return module


class TestLarch(ContractSuite):
    spec: ProviderSpec = loaded().LARCH

    @pytest.fixture(scope="class")
    @classmethod
    def account(cls) -> Iterator[Any]:
        with ExitStack() as running:
            yield lambda: account_at(running.enter_context(registrar()).url, auth="bearer", credential={"token": TOKEN})


@pytest.fixture
def server() -> Iterator[Registrar]:
    with registrar() as running:
        yield running


@pytest.fixture
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As pip leaves it: the module and its dist-info, with the entry point that its pyproject.toml declares."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = tmp_path / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    head = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (info / "METADATA").write_text(head, encoding="utf-8")
    groups = (
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in points.items())
        for group, points in project["entry-points"].items()
    )
    (info / "entry_points.txt").write_text("\n".join(groups), encoding="utf-8")
    shutil.copy(EXAMPLE / f"{MODULE}.py", tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    registry._by_key.cache_clear()
    yield
    registry._by_key.cache_clear()
    sys.modules.pop(MODULE, None)


def test_the_document_shows_the_files_as_they_are():
    document = (ROOT / "docs" / "providers.md").read_text(encoding="utf-8")
    for path, language in ((EXAMPLE / f"{MODULE}.py", "python"), (EXAMPLE / "pyproject.toml", "toml")):
        assert f"```{language}\n{path.read_text(encoding='utf-8')}```" in document, (
            f"docs/providers.md shows another {path.name}"
        )


@pytest.mark.usefixtures("_installed")
def test_it_is_found_by_its_entry_point():
    assert metadata.distribution("holdfast-larch").version == "1.0"
    found = registry.spec("larch")
    assert (found.label, found.base_url) == ("Larch", "https://api.larch.example/v1")
    assert found in registry.specs()


def test_what_larch_writes_in_its_own_way_is_read(server):
    connection = account_at(server.url, auth="bearer", credential={"token": TOKEN})
    provider = loaded().Larch(connection)
    domains = [one for page in pages(provider.domains.list) for one in page.items]
    assert [one.name for one in domains][:2] == ["larch-one.example", "xn--bcher-kva.example"]
    assert [one.auto_renew for one in domains] == [True, False, None, False, True]
    assert [one.unreadable for one in domains] == [(), (), ("expires_on",), (), ()]
    assert domains[2].status is DomainStatus.UNKNOWN
    assert domains[2].upstream_status == "parked"
    assert provider.domains.renew("31", 2).expires_on == date(2029, 3, 1)
    assert not provider.can("domains.register")
    with pytest.raises(NotSupported):
        provider.require("dns.list")
    provider.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_installed")
def test_the_desk_connects_it_and_mirrors_its_domains(server, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps({"token": TOKEN})))
    call_command("connect", "larch", "Larch desk", "--base-url", server.url)
    account = ProviderAccount.objects.get(pk=int(capsys.readouterr().out))
    assert (account.provider, account.auth) == ("larch", "bearer")
    assert TOKEN not in str(account.sealed_credential)

    (run,) = ask(account, [Kind.DOMAINS], user=None)
    run_slice(run.pk)
    run.refresh_from_db()
    assert (run.state, run.seen, run.skipped) == ("succeeded", 5, 0), run.error
    rows = {
        one.resource.name: one for one in Domain.objects.filter(resource__account=account).select_related("resource")
    }
    ones = [f"larch-{number}.example" for number in ("five", "four", "one", "three")]
    assert sorted(rows) == ["bücher.example", *ones]
    first = rows["larch-one.example"]
    assert (first.status, first.expires_on, first.auto_renew) == ("active", date(2027, 3, 1), True)
    assert first.nameservers == ["ns1.larch.example", "ns2.larch.example"]
    assert rows["larch-three.example"].expires_on is None
