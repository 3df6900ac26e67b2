"""What can be decided about a ticket: to reply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actions.declare import ActionKind, Expectation, Finding, Refused, Sending, Verdict, registry
from providers.contract import Provider
from providers.resources import TicketDetail
from sync.declare import family
from sync.models import Resource

LONGEST = 60_000
"""Characters of a reply. Portals keep it in a text column of 64 kB."""


class TicketReply(ActionKind):
    """Sent once. While the portal is unavailable it waits and can be withdrawn; after a lost answer the thread tells."""

    name = "ticket.reply"
    label = gettext_lazy("Reply to a ticket")
    capability = "support.reply"
    may_wait = True

    def clean(self, resource: Resource, parameters: Mapping[str, Any]) -> dict[str, Any]:
        body = parameters.get("body")
        if not isinstance(body, str) or not body.strip():
            raise _refused(_("Write something first: the reply is empty."))
        if len(body) > LONGEST:
            raise _refused(
                _(
                    "The reply has %(count)d characters; the portal takes %(most)d. Shorten it, or send the rest as a second one."
                )
                % {"count": len(body), "most": LONGEST}
            )
        if "\x00" in body:
            raise _refused(_("The reply holds a character that is no text. Paste it as plain text."))
        return {"body": body.strip().replace("\r\n", "\n")}

    def summary(self, resource: Resource, parameters: Mapping[str, Any]) -> str:
        return _("Reply to #%(number)s, %(subject)s") % {"number": resource.upstream_id, "subject": resource.name}

    def check(self, provider: Provider, sending: Sending) -> None:
        """Notes which messages are there before ours goes, so that ours can be told from an older one with the same words."""
        thread = _thread(provider, sending)
        sending.keep({"seen": [reply.id for reply in thread.replies]})

    def send(self, provider: Provider, sending: Sending) -> Mapping[str, Any]:
        family(provider.support).reply(_number(sending), sending.parameters["body"])
        return {}

    def reconcile(self, provider: Provider, sending: Sending) -> Finding:
        seen = sending.progress.get("seen")
        if seen is None:
            return Finding(Verdict.CANT_TELL, _("It is not known which messages were there before."))
        ours = _plain(sending.parameters["body"])
        for reply in _thread(provider, sending).replies:
            if reply.id not in seen and not reply.by_staff and _plain(reply.body) == ours:
                return Finding(Verdict.HAPPENED, _("The reply stands in the thread."), {"reply": reply.id})
        return Finding(Verdict.NOT_HAPPENED, _("The reply is not in the thread."))

    def expectations(self, sending: Sending) -> Sequence[Expectation]:
        if sending.resource is None:
            return ()
        return [Expectation(sending.resource, field) for field in ("reply.", "status", "upstream_status")]


def _refused(sentence: str) -> Refused:
    return Refused(sentence, code="invalid", fields={"body": [sentence]})


def _number(sending: Sending) -> str:
    if sending.resource is None:
        raise Refused(_("The ticket is gone from the mirror; nothing was sent."))
    return sending.resource.upstream_id


def _thread(provider: Provider, sending: Sending) -> TicketDetail:
    return family(provider.support).detail(_number(sending))


def _plain(text: str) -> str:
    """The words alone: portals change line ends, indents and blank lines."""
    return " ".join(text.split())


registry.add(TicketReply())
