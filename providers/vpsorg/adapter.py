"""VPS.org as the engines see it: domains, DNS zones and virtual machines. Its API has no invoices, tickets or
certificates."""

from __future__ import annotations

from typing import Final

from providers import families
from providers.contract import BaseProvider, Connection, ProviderSpec
from providers.families import offered_by
from providers.resources import Profile
from providers.vpsorg.api import Api
from providers.vpsorg.domains import Domains
from providers.vpsorg.learned import Known
from providers.vpsorg.lists import Form
from providers.vpsorg.machines import Catalog, Services
from providers.vpsorg.operations import offered
from providers.vpsorg.zones import Dns

_FORMS: Final = {
    Form.DOCUMENTED: "Its API has the form of the documentation page: domains have numbers, lists come whole, and a domain can "
    "be registered, changed, transferred and taken out, but not renewed.",
    Form.PRESENT: "Its API has the present form: things are named by uuid, lists come in pages, and renewals, DNS and servers "
    "are there beside the domains.",
    None: "Its API exists in two forms; which one this is shows when the domains are read for the first time.",
}


class _ProfileFamily(families.ProfileFamily):
    def __init__(self, api: Api) -> None:
        self._api = api

    def profile(self) -> Profile:
        return self._api.profile()


class VpsOrgProvider(BaseProvider):
    """Threads may share it: it keeps nothing but what `connection.memory` keeps and how zones were spelled when they
    were read."""

    def __init__(self, connection: Connection, spec: ProviderSpec) -> None:
        self.spec = spec
        self._api = Api(connection)
        self.client = self._api.client
        self.domains = Domains(self._api)
        self.dns = Dns(self._api)
        self.services = Services(self._api)
        self.catalog = Catalog(self._api)
        self.profile = _ProfileFamily(self._api)

    @property
    def capabilities(self) -> frozenset[str]:
        """As `family.method`. May ask for the token's scopes, at most once a day."""
        known = self._api.known()
        return frozenset(name for name in offered_by(self) if offered(name, known))

    @property
    def notes(self) -> tuple[str, ...]:
        """Which form the API has, what the token may do, and what was refused. Asks nobody."""
        known = self._api.learned.now()
        return (_FORMS[known.form], _about_the_token(known), *_about_refusals(known))

    def close(self) -> None:
        self._api.transport.close()


def _about_the_token(known: Known) -> str:
    if not known.scopes:
        return "The portal does not say what this token may do, so each refusal is remembered for a day."
    if "*:*" in known.scopes:
        return "The token may do everything (*:*)."
    return f"The token’s scopes: {', '.join(sorted(known.scopes))}."


def _about_refusals(known: Known) -> tuple[str, ...]:
    if not known.refused:
        return ()
    return (f"Refused by the portal within a day, and not asked again before: {', '.join(sorted(known.refused))}.",)
