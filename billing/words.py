"""What pages call the states of an invoice."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from providers.resources import InvoiceStatus

STATUS: dict[str, Promise] = {
    InvoiceStatus.DRAFT: _("Draft"),
    InvoiceStatus.UNPAID: _("Unpaid"),
    InvoiceStatus.PENDING: _("Payment pending"),
    InvoiceStatus.PAID: _("Paid"),
    InvoiceStatus.CANCELLED: _("Cancelled"),
    InvoiceStatus.REFUNDED: _("Refunded"),
    InvoiceStatus.COLLECTIONS: _("In collections"),
    InvoiceStatus.UNKNOWN: _("Unknown"),
}
