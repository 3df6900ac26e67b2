"""What pages call the states of services, machines and certificates."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from providers.resources import CertificateStatus, MachineStatus, ServiceStatus

SERVICE: dict[str, Promise] = {
    ServiceStatus.PENDING: _("Pending"),
    ServiceStatus.ACTIVE: _("Active"),
    ServiceStatus.SUSPENDED: _("Suspended"),
    ServiceStatus.CANCELLED: _("Cancelled"),
    ServiceStatus.TERMINATED: _("Terminated"),
    ServiceStatus.FRAUD: _("Marked as fraud"),
    ServiceStatus.UNKNOWN: _("Unknown"),
}
MACHINE: dict[str, Promise] = {
    MachineStatus.RUNNING: _("Running"),
    MachineStatus.STOPPED: _("Stopped"),
    MachineStatus.SUSPENDED: _("Suspended"),
    MachineStatus.BUILDING: _("Being built"),
    MachineStatus.BUSY: _("Busy"),
    MachineStatus.FAILED: _("Failed"),
    MachineStatus.UNKNOWN: _("Unknown"),
}
CERTIFICATE: dict[str, Promise] = {
    CertificateStatus.PENDING: _("Pending"),
    CertificateStatus.ACTIVE: _("Active"),
    CertificateStatus.EXPIRED: _("Expired"),
    CertificateStatus.SUSPENDED: _("Suspended"),
    CertificateStatus.CANCELLED: _("Cancelled"),
    CertificateStatus.REVOKED: _("Revoked"),
    CertificateStatus.UNKNOWN: _("Unknown"),
}
