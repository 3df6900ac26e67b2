"""VPS.org's API v1: one method per operation, in groups. Nothing here interprets an answer: that is the adapter's work.

Two sources: the documentation page of the domain API ("page"), and what public clients send ("seen":
`upstream/REFERENCE.md`, "Seen on the wire", read from their source, not from recorded answers). Paths are below
`/api/v1` and end in a slash.
"""

from __future__ import annotations

from providers.transport import Transport
from providers.vpsorg.client.account import Account
from providers.vpsorg.client.catalogue import Catalogue
from providers.vpsorg.client.deployments import Deployments
from providers.vpsorg.client.dns import Dns
from providers.vpsorg.client.domains import Domains
from providers.vpsorg.client.servers import Servers
from providers.vpsorg.client.ssh_keys import SshKeys

__all__ = ["VpsOrgClient"]


class VpsOrgClient:
    def __init__(self, transport: Transport) -> None:
        self.account = Account(transport)
        self.domains = Domains(transport)
        self.dns = Dns(transport)
        self.servers = Servers(transport)
        self.catalogue = Catalogue(transport)
        self.ssh_keys = SshKeys(transport)
        self.deployments = Deployments(transport)
