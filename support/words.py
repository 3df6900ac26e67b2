"""What pages call the states of a ticket: whose turn it is, not upstream's word."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from providers.resources import TicketStatus

STATUS: dict[str, Promise] = {
    TicketStatus.OPEN: _("With the portal"),
    TicketStatus.ANSWERED: _("Waits for us"),
    TicketStatus.CUSTOMER_REPLY: _("With the portal"),
    TicketStatus.IN_PROGRESS: _("In progress"),
    TicketStatus.ON_HOLD: _("On hold"),
    TicketStatus.CLOSED: _("Closed"),
    TicketStatus.UNKNOWN: _("Unknown"),
}
