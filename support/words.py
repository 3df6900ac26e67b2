"""What pages call the states of a ticket: whose turn it is, not upstream's word."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from providers.resources import TicketStatus

STATUS: dict[str, Promise] = {
    TicketStatus.OPEN.value: _("With the portal"),
    TicketStatus.ANSWERED.value: _("Waits for us"),
    TicketStatus.CUSTOMER_REPLY.value: _("With the portal"),
    TicketStatus.IN_PROGRESS.value: _("In progress"),
    TicketStatus.ON_HOLD.value: _("On hold"),
    TicketStatus.CLOSED.value: _("Closed"),
    TicketStatus.UNKNOWN.value: _("Unknown"),
}
