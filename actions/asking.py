"""Enquiries: questions to upstream that change nothing and can't wait for a sync. The answer is sealed, for an hour at most.

enquiry = ask("domain.epp", domain.resource, {}, actor=user)      # then poll it, and when it is answered:
answer_of(enquiry)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import sealing
from accounts.errors import VaultError
from accounts.models import User
from accounts.roles import may_act, role_of
from actions.declare import Refused, registry
from actions.filing import refuse_unless_possible
from actions.models import Enquiry
from actions.publishing import publish_enquiry
from sync.engine.clean import plain
from sync.models import Resource


def ask(
    kind_name: str, resource: Resource, parameters: Mapping[str, Any], *, actor: User, request_id: str = ""
) -> Enquiry:
    """Files a question about `resource`, which the caller has found among what the actor may see. Raises Refused. Publishes after
    commit."""
    kind = registry.enquiries[kind_name]
    allowed = may_act(actor) if kind.audience == "act" else role_of(actor) is not None
    if not allowed:
        raise Refused(_("This needs the role Staff."), code="not_allowed")
    refuse_unless_possible(kind, resource)
    with transaction.atomic():
        enquiry = Enquiry.objects.create(
            kind=kind.name,
            account=resource.account,
            resource=resource,
            parameters=plain(parameters),
            actor=actor,
            request_id=request_id[:64] or str(structlog.contextvars.get_contextvars().get("request_id", ""))[:64],
        )
        publish_enquiry(enquiry.pk)
    return enquiry


def answer_of(enquiry: Enquiry) -> Any:
    """The answer. Raises Refused when there is none, or none any more."""
    if enquiry.state != Enquiry.State.ANSWERED:
        raise Refused(enquiry.error or _("It is not answered yet."), code=enquiry.error_code or "not_answered")
    if not enquiry.sealed_answer or enquiry.expires_at is None or enquiry.expires_at <= timezone.now():
        raise Refused(_("The answer was kept for a while and is forgotten. Ask again."), code="expired")
    try:
        return sealing.unseal(enquiry.account, f"enquiry:{enquiry.pk}", enquiry.sealed_answer)["answer"]
    except VaultError as error:
        raise Refused(str(error), code="sealed") from error
