"""What pages call the states of services, machines and certificates."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from providers.offers import Cycle
from providers.resources import CertificateStatus, MachineStatus, ServiceStatus

SERVICE: dict[str, Promise] = {
    ServiceStatus.PENDING.value: _("Pending"),
    ServiceStatus.ACTIVE.value: _("Active"),
    ServiceStatus.SUSPENDED.value: _("Suspended"),
    ServiceStatus.CANCELLED.value: _("Cancelled"),
    ServiceStatus.TERMINATED.value: _("Terminated"),
    ServiceStatus.FRAUD.value: _("Marked as fraud"),
    ServiceStatus.UNKNOWN.value: _("Unknown"),
}
MACHINE: dict[str, Promise] = {
    MachineStatus.RUNNING.value: _("Running"),
    MachineStatus.STOPPED.value: _("Stopped"),
    MachineStatus.SUSPENDED.value: _("Suspended"),
    MachineStatus.BUILDING.value: _("Being built"),
    MachineStatus.BUSY.value: _("Busy"),
    MachineStatus.FAILED.value: _("Failed"),
    MachineStatus.UNKNOWN.value: _("Unknown"),
}
CERTIFICATE: dict[str, Promise] = {
    CertificateStatus.PENDING.value: _("Pending"),
    CertificateStatus.ACTIVE.value: _("Active"),
    CertificateStatus.EXPIRED.value: _("Expired"),
    CertificateStatus.SUSPENDED.value: _("Suspended"),
    CertificateStatus.CANCELLED.value: _("Cancelled"),
    CertificateStatus.REVOKED.value: _("Revoked"),
    CertificateStatus.UNKNOWN.value: _("Unknown"),
}
ROLES: dict[str, Promise] = {
    "registrant": _("Owner"),
    "admin": _("Administrator"),
    "tech": _("Technician"),
    "billing": _("For the bills"),
}
CYCLE: dict[str, Promise] = {
    Cycle.ONCE.value: _("once"),
    Cycle.FREE.value: _("free"),
    Cycle.HOURLY.value: _("an hour"),
    Cycle.DAILY.value: _("a day"),
    Cycle.WEEKLY.value: _("a week"),
    Cycle.MONTHLY.value: _("a month"),
    Cycle.QUARTERLY.value: _("every 3 months"),
    Cycle.SEMIANNUALLY.value: _("every 6 months"),
    Cycle.ANNUALLY.value: _("a year"),
    Cycle.BIENNIALLY.value: _("every 2 years"),
    Cycle.TRIENNIALLY.value: _("every 3 years"),
    Cycle.QUADRENNIALLY.value: _("every 4 years"),
    Cycle.QUINQUENNIALLY.value: _("every 5 years"),
    Cycle.UNKNOWN.value: _("by another period"),
}
