"""Which operation and which scope of the token each capability needs, and which operations exist in which form of the
API."""

from __future__ import annotations

from typing import Final, NamedTuple

from providers.vpsorg.learned import Known
from providers.vpsorg.lists import Form


class Need(NamedTuple):
    """`operation` is empty for what is answered without asking or with a read that another capability stands for."""

    scope: str
    operation: str = ""
    changes: bool = False


PAGE: Final = frozenset(
    (
        "GET /domains/",
        "POST /domains/",
        "GET /domains/{domain_id}/",
        "PUT /domains/{domain_id}/",
        "DELETE /domains/{domain_id}/",
        "POST /domains/{domain_id}/transfer/",
    )
)
"""What the documentation page has. A portal in the documented form may yet have lists beside it; changes are never
tried there."""

_DETAIL: Final = "GET /domains/{domain_id}/"
_UPDATE: Final = Need("domains", "PUT /domains/{domain_id}/", changes=True)
UPDATE_NAMESERVERS: Final = Need("domains", "POST /domains/{uuid}/update_nameservers/", changes=True)
_POWER: Final = Need("servers", "POST /servers/{uuid}/power/", changes=True)

NEEDS: Final[dict[str, Need]] = {
    "profile.profile": Need(""),
    "domains.list": Need("domains", "GET /domains/"),
    "domains.detail": Need("domains", _DETAIL),
    "domains.named": Need("domains", _DETAIL),
    "domains.nameservers": Need("domains", _DETAIL),
    "domains.lock": Need("domains", _DETAIL),
    "domains.auto_renew": Need("domains", _DETAIL),
    "domains.renewal_price": Need("domains", _DETAIL),
    "domains.prices": Need("domains"),
    "domains.lookup": Need("domains", "POST /domains/search/"),
    "domains.register": Need("domains", "POST /domains/", changes=True),
    "domains.transfer": Need("domains", "POST /domains/{domain_id}/transfer/", changes=True),
    "domains.renew": Need("domains", "POST /domains/{uuid}/renew/", changes=True),
    "domains.set_nameservers": _UPDATE,
    "domains.set_lock": _UPDATE,
    "domains.set_privacy": _UPDATE,
    "domains.set_auto_renew": _UPDATE,
    "domains.detach": Need("domains", "DELETE /domains/{domain_id}/", changes=True),
    "dns.list": Need("dns", "GET /dns-zones/"),
    "dns.detail": Need("dns", "GET /dns-zones/{uuid}/"),
    "dns.places": Need("dns"),
    "dns.record_types": Need("dns"),
    "dns.sets_ttl": Need("dns"),
    "dns.create_zone": Need("dns", "POST /dns-zones/", changes=True),
    "dns.delete_zone": Need("dns", "DELETE /dns-zones/{uuid}/", changes=True),
    "dns.add": Need("dns", "POST /dns-zones/{uuid}/records/", changes=True),
    "dns.change": Need("dns", "PATCH /dns-records/{uuid}/", changes=True),
    "dns.remove": Need("dns", "DELETE /dns-records/{uuid}/", changes=True),
    "services.list_machines": Need("servers", "GET /servers/"),
    "services.machine": Need("servers", "GET /servers/{uuid}/"),
    "services.reboot": _POWER,
    "services.start": _POWER,
    "services.stop": _POWER,
    "services.power_off": _POWER,
    "services.create_machine": Need("servers", "POST /servers/", changes=True),
    "services.delete_machine": Need("servers", "DELETE /servers/{uuid}/", changes=True),
    "services.back_up": Need("servers", "POST /servers/{uuid}/backup/", changes=True),
    "services.snapshot": Need("servers", "POST /servers/{uuid}/snapshot/", changes=True),
    "services.resize": Need("servers", "POST /servers/{uuid}/resize/", changes=True),
    "services.ssh_keys": Need("ssh_keys", "GET /ssh-keys/"),
    "services.add_ssh_key": Need("ssh_keys", "POST /ssh-keys/", changes=True),
    "services.remove_ssh_key": Need("ssh_keys", "DELETE /ssh-keys/{uuid}/", changes=True),
    "catalog.plans": Need("servers", "GET /plans/"),
    "catalog.locations": Need("servers", "GET /locations/"),
    "catalog.systems": Need("servers", "GET /operating-systems/"),
}

IN_THE_PRESENT_FORM: Final[dict[str, Need]] = {"domains.set_nameservers": UPDATE_NAMESERVERS}
"""What is another operation there than in the documented form."""


def offered(name: str, known: Known) -> bool:
    """Whether a capability is there, as far as is known: in the API's form, or in either while that is not known."""
    present = IN_THE_PRESENT_FORM.get(name, NEEDS[name])
    wanted = {Form.PRESENT: [present], Form.DOCUMENTED: [NEEDS[name]], None: [present, NEEDS[name]]}[known.form]
    return any(allowed(need, known) for need in wanted)


def allowed(need: Need, known: Known) -> bool:
    """Whether this is possible, as far as is known."""
    if need.operation in known.refused or not known.reads(need.scope):
        return False
    if not need.changes:
        return True
    # domains alone are in both forms; what else there is has one form
    elsewhere = need.scope == "domains" and known.form is Form.DOCUMENTED and need.operation not in PAGE
    return known.writes(need.scope) and not elsewhere
