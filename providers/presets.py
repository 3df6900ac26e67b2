"""The providers that come with Holdfast. Outside ones register a `ProviderSpec` in the entry-point group `holdfast.providers`."""

from __future__ import annotations

from typing import Final

from providers.contract import AuthMethod, Connection, CredentialField, Provider, ProviderSpec
from providers.hostbill.adapter import HostBillProvider
from providers.vpsorg.adapter import VpsOrgProvider

_LOGIN: Final = (
    CredentialField("username", "E-mail", kind="email", help="The e-mail address of the client area."),
    CredentialField("password", "Password", secret=True, kind="password"),
)
BASIC: Final = AuthMethod("basic", "E-mail and password with every call", _LOGIN)
JWT: Final = AuthMethod("jwt", "E-mail and password, exchanged for a token", _LOGIN)
BEARER: Final = AuthMethod(
    "bearer",
    "API token",
    (
        CredentialField(
            "token",
            "API token",
            secret=True,
            kind="password",
            help="Begins with vps_; made in the portal under Account, Developers.",
        ),
    ),
)


def _cloudviet(connection: Connection) -> Provider:
    return HostBillProvider(connection, CLOUDVIET)


def _dns_services(connection: Connection) -> Provider:
    return HostBillProvider(connection, DNS_SERVICES)


def _hostbill(connection: Connection) -> Provider:
    return HostBillProvider(connection, HOSTBILL)


def _vps_org(connection: Connection) -> Provider:
    return VpsOrgProvider(connection, VPS_ORG)


CLOUDVIET: Final = ProviderSpec(
    key="cloudviet",
    label="Cloudviet",
    badge="CV",
    hue="cv",
    base_url="https://my.cloudviet.vn/api",
    base_path="/api",
    auth_methods=(BASIC, JWT),
    time_zone="Asia/Ho_Chi_Minh",
    connect=_cloudviet,
    portal_url="https://my.cloudviet.vn",
)
DNS_SERVICES: Final = ProviderSpec(
    key="dns-services",
    label="DNS.services",
    badge="DS",
    hue="ds",
    base_url="https://dns.services/api",
    base_path="/api",
    auth_methods=(JWT, BASIC),
    time_zone="Europe/Copenhagen",
    connect=_dns_services,
    portal_url="https://dns.services",
)
HOSTBILL: Final = ProviderSpec(
    key="hostbill",
    label="Other HostBill portal",
    badge="HB",
    hue="other",
    base_url="",
    base_path="/api",
    auth_methods=(BASIC, JWT),
    time_zone="UTC",
    connect=_hostbill,
    help="Any portal made with HostBill whose user API is switched on: give the address of its client area.",
)
VPS_ORG: Final = ProviderSpec(
    key="vps-org",
    label="VPS.org",
    badge="VO",
    hue="vo",
    base_url="https://admin.vps.org/api/v1",
    base_path="/api/v1",
    auth_methods=(BEARER,),
    time_zone="UTC",
    connect=_vps_org,
    portal_url="https://admin.vps.org",
)
BUILT_IN: Final = (CLOUDVIET, DNS_SERVICES, HOSTBILL, VPS_ORG)
