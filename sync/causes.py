"""Why a reading fails, in the words of staff. Errors that mean the same to them are alike, whatever the portal called them."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from web.filters import Words


class Cause(StrEnum):
    SILENT = "silent"
    LIMITED = "limited"
    GARBLED = "garbled"
    REFUSED = "refused"
    FORBIDDEN = "forbidden"
    OURS = "ours"
    OTHER = "other"


_BY_CODE: Final = {
    "unavailable": Cause.SILENT,
    "outcome_unknown": Cause.SILENT,
    "rate_limited": Cause.LIMITED,
    "malformed_response": Cause.GARBLED,
    "authentication_failed": Cause.REFUSED,
    "permission_denied": Cause.FORBIDDEN,
    "crashed": Cause.OURS,
    "parked": Cause.OURS,
    "credential_unreadable": Cause.OURS,
}
ONE: Final[dict[Cause, Words]] = {
    Cause.SILENT: _("%(account)s gives no answer since %(since)s."),
    Cause.LIMITED: _("%(account)s has asked us to wait since %(since)s: too many calls."),
    Cause.GARBLED: _("%(account)s has answered what can't be read since %(since)s; its API may have changed."),
    Cause.REFUSED: _("%(account)s has refused its credential since %(since)s."),
    Cause.FORBIDDEN: _("%(account)s has refused to show this since %(since)s."),
    Cause.OURS: _("Reading %(account)s has ended in a fault of Holdfast's own since %(since)s; the log has it."),
    Cause.OTHER: _("Reading %(account)s has failed since %(since)s."),
}
"""What is said of one account."""
MANY: Final = {
    Cause.SILENT: ngettext_lazy("%(n)s account gets no answer", "%(n)s accounts get no answer", "n"),
    Cause.LIMITED: ngettext_lazy("%(n)s account is told to wait", "%(n)s accounts are told to wait", "n"),
    Cause.GARBLED: ngettext_lazy(
        "%(n)s account gets answers that can't be read", "%(n)s accounts get answers that can't be read", "n"
    ),
    Cause.REFUSED: ngettext_lazy(
        "%(n)s account is refused its credential", "%(n)s accounts are refused their credentials", "n"
    ),
    Cause.FORBIDDEN: ngettext_lazy("%(n)s account may not read", "%(n)s accounts may not read", "n"),
    Cause.OURS: ngettext_lazy(
        "%(n)s account is not read for a fault of Holdfast's own",
        "%(n)s accounts are not read for a fault of Holdfast's own",
        "n",
    ),
    Cause.OTHER: ngettext_lazy("%(n)s account is not read", "%(n)s accounts are not read", "n"),
}
"""What is said of several accounts of one provider."""
SHORT: Final[dict[Cause, Words]] = {
    Cause.SILENT: _("no answer"),
    Cause.LIMITED: _("told to wait"),
    Cause.GARBLED: _("an answer that can't be read"),
    Cause.REFUSED: _("credential refused"),
    Cause.FORBIDDEN: _("not allowed"),
    Cause.OURS: _("a fault of Holdfast's own"),
    Cause.OTHER: _("failed"),
}
REMEDIES: Final[dict[Cause, Words]] = {
    Cause.SILENT: _("Should it last, look whether the portal opens in a browser and its address is right."),
    Cause.LIMITED: _("Should that come back, read some kinds less often."),
    Cause.GARBLED: _("The sync’s page has the portal’s own words; an update of Holdfast may be needed."),
    Cause.REFUSED: _("Replace the credential."),
    Cause.FORBIDDEN: _("Give the login that right at the portal, or ignore it."),
    Cause.OURS: _("The log says more; tell whoever looks after Holdfast."),
    Cause.OTHER: _("The sync’s page says more."),
}
"""What a person can do about it."""


def cause_of(code: str) -> Cause:
    """The cause behind a run's error code."""
    return _BY_CODE.get(code, Cause.OTHER)
