"""A HostBill portal as the engines see it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from providers.contract import BaseProvider, Connection, ProviderSpec
from providers.families import offered_by
from providers.hostbill.auth import Basic, Jwt
from providers.hostbill.billing import Billing
from providers.hostbill.capabilities import Capabilities
from providers.hostbill.catalog import Catalog
from providers.hostbill.certificates import Certificates
from providers.hostbill.client import HostBillClient
from providers.hostbill.dns import Dns
from providers.hostbill.domains import Domains
from providers.hostbill.portal import Portal
from providers.hostbill.profile import ProfileFamily
from providers.hostbill.refusals import judge
from providers.hostbill.services import Services
from providers.hostbill.support import Support
from providers.transport import Answer, Limits, Transport

LEAVING = Limits(total=5.0)
"""Nobody waits long to say good-bye: the tokens run out by themselves."""


class HostBillProvider(BaseProvider):
    """Threads may share it: it holds no state of a request, and its caches are filled under a lock."""

    def __init__(self, connection: Connection, spec: ProviderSpec) -> None:
        self.spec = spec
        self._connection = connection
        self._credentials: Basic | Jwt = Jwt(connection) if connection.auth == "jwt" else Basic(connection)
        self._transport = Transport(connection, self._credentials, check=check)
        self._capabilities = Capabilities(connection, self._credentials, spec.key)
        self.client = HostBillClient(self._transport)
        portal = Portal(
            client=self.client,
            connection=connection,
            zone=ZoneInfo(connection.time_zone),
            capabilities=self._capabilities,
        )
        self.domains = Domains(portal)
        self.dns = Dns(portal)
        self.billing = Billing(portal)
        self.support = Support(portal)
        self.services = Services(portal)
        self.certificates = Certificates(portal)
        self.catalog = Catalog(portal)
        self.profile = ProfileFamily(portal)

    @property
    def capabilities(self) -> frozenset[str]:
        """As `family.method`. May read the portal's Swagger document the first time."""
        return self._capabilities.all() & offered_by(self)

    def sign_out(self) -> None:
        """Ends the account's tokens at the portal and forgets them; nothing to do where every call carries the password."""
        if isinstance(self._credentials, Jwt):
            self._credentials.sign_out(
                lambda credentials: Transport(self._connection, credentials, check=check, limits=LEAVING)
            )

    def close(self) -> None:
        self._transport.close()


def check(answer: Answer, operation: str, changes: bool) -> None:
    """Judges a readable answer by its body, since HTTP 200 means nothing here."""
    judge(answer.data, answer.status, operation, changes=changes)
