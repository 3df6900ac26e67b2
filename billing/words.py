"""What pages call the states of an invoice."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from providers.resources import InvoiceStatus

STATUS: dict[str, Promise] = {
    InvoiceStatus.DRAFT.value: _("Draft"),
    InvoiceStatus.UNPAID.value: _("Unpaid"),
    InvoiceStatus.PENDING.value: _("Payment pending"),
    InvoiceStatus.PAID.value: _("Paid"),
    InvoiceStatus.CANCELLED.value: _("Cancelled"),
    InvoiceStatus.REFUNDED.value: _("Refunded"),
    InvoiceStatus.COLLECTIONS.value: _("In collections"),
    InvoiceStatus.UNKNOWN.value: _("Unknown"),
}
