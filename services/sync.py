"""How a provider's services, virtual machines and certificates become rows."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from accounts.models import ProviderAccount
from providers import resources
from providers.contract import Provider
from providers.resources import CertificateStatus, MachineStatus, Page, ServiceStatus, Upstream
from services.catalogue import CatalogueSync
from services.models import Certificate, Service, VirtualMachine
from sync.declare import ResourceSync, family, registry
from sync.models import Kind
from web.tones import Tone

SERVICE_TONES = {
    ServiceStatus.ACTIVE: Tone.FINE,
    ServiceStatus.PENDING: Tone.SOON,
    ServiceStatus.SUSPENDED: Tone.BROKEN,
    ServiceStatus.FRAUD: Tone.BROKEN,
}
SERVICE_ENDED = (ServiceStatus.CANCELLED, ServiceStatus.TERMINATED, ServiceStatus.FRAUD)
MACHINE_TONES = {
    MachineStatus.RUNNING: Tone.FINE,
    MachineStatus.BUILDING: Tone.SOON,
    MachineStatus.BUSY: Tone.SOON,
    MachineStatus.STOPPED: Tone.BROKEN,
    MachineStatus.SUSPENDED: Tone.BROKEN,
    MachineStatus.FAILED: Tone.BROKEN,
}
CERTIFICATE_TONES = {
    CertificateStatus.ACTIVE: Tone.FINE,
    CertificateStatus.PENDING: Tone.SOON,
    CertificateStatus.EXPIRED: Tone.BROKEN,
    CertificateStatus.SUSPENDED: Tone.BROKEN,
    CertificateStatus.REVOKED: Tone.BROKEN,
}
CERTIFICATE_ENDED = (CertificateStatus.CANCELLED, CertificateStatus.REVOKED)


def priced(said: dict[str, Any], account: ProviderAccount) -> dict[str, Any]:
    """Names the account's currency beside an amount that upstream gives without one."""
    return {**said, "currency": said.get("currency") or account.currency}


class ServiceSync(ResourceSync[resources.Service, resources.ServiceDetail]):
    kind = Kind.SERVICES
    model = Service
    capability = "services.list"
    detail_capability = "services.detail"
    quiet = frozenset({"currency", "methods", "offers"})
    grave = frozenset({"status"})
    listed_while = frozenset({ServiceStatus.ACTIVE, ServiceStatus.PENDING, ServiceStatus.SUSPENDED})
    known_by_name = True

    def list_page(self, provider: Provider, token: str | None) -> Page[resources.Service]:
        return family(provider.services).list(token)

    def read_detail(self, provider: Provider, upstream_id: str) -> resources.ServiceDetail:
        return family(provider.services).detail(upstream_id)

    def columns(self, item: Upstream, account: ProviderAccount) -> dict[str, Any]:
        said = priced(super().columns(item, account), account)
        if "methods" in said:
            said["methods"] = [asdict(method) for method in said["methods"]]
        if "offers" in said:
            said["offers"] = sorted(said["offers"])
        return said

    def name(self, row: Service) -> str:
        return row.label or row.domain or row.name

    def tone(self, row: Service) -> Tone:
        return SERVICE_TONES.get(ServiceStatus(row.status), Tone.UNKNOWN)

    def due_on(self, row: Service) -> date | None:
        return None if row.status in SERVICE_ENDED else row.next_due_on


class MachineSync(ResourceSync[resources.Machine, resources.MachineDetail]):
    """Machines are read closely: that one stopped is what people want to know first."""

    kind = Kind.MACHINES
    model = VirtualMachine
    capability = "services.list_machines"
    detail_capability = "services.machine"
    interval = timedelta(minutes=10)
    watch_budget = 20
    listed_while = frozenset(MACHINE_TONES)

    def list_page(self, provider: Provider, token: str | None) -> Page[resources.Machine]:
        return family(provider.services).list_machines(token)

    def read_detail(self, provider: Provider, upstream_id: str) -> resources.MachineDetail:
        return family(provider.services).machine(upstream_id)

    def tone(self, row: VirtualMachine) -> Tone:
        return MACHINE_TONES.get(MachineStatus(row.status), Tone.UNKNOWN)

    def watched(self) -> Q:
        return Q(kind=Kind.MACHINES)


class CertificateSync(ResourceSync[resources.Certificate, resources.CertificateDetail]):
    kind = Kind.CERTIFICATES
    model = Certificate
    capability = "certificates.list"
    detail_capability = "certificates.detail"
    interval = timedelta(hours=6)
    quiet = frozenset({"currency"})
    grave = frozenset({"status"})
    listed_while = frozenset({CertificateStatus.ACTIVE, CertificateStatus.PENDING})

    def list_page(self, provider: Provider, token: str | None) -> Page[resources.Certificate]:
        return family(provider.certificates).list(token)

    def read_detail(self, provider: Provider, upstream_id: str) -> resources.CertificateDetail:
        return family(provider.certificates).detail(upstream_id)

    def columns(self, item: Upstream, account: ProviderAccount) -> dict[str, Any]:
        said = priced(super().columns(item, account), account)
        if "contacts" in said:
            said["contacts"] = [asdict(contact) for contact in said["contacts"]]
        return said

    def tone(self, row: Certificate) -> Tone:
        return CERTIFICATE_TONES.get(CertificateStatus(row.status), Tone.UNKNOWN)

    def due_on(self, row: Certificate) -> date | None:
        """The earlier of the certificate's end and the order's own due date."""
        if row.status in CERTIFICATE_ENDED:
            return None
        return min((day for day in (row.expires_on, row.next_due_on) if day), default=None)

    def watched(self) -> Q:
        return Q(certificate__status=CertificateStatus.PENDING)

    watch_budget = 10


registry.add(ServiceSync())
registry.add(MachineSync())
registry.add(CertificateSync())
registry.add(CatalogueSync())
