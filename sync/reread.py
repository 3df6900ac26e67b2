"""Reads one thing again at once, after an action touched it, so that pages show upstream's truth."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from providers.contract import Provider
from providers.errors import MalformedResponse
from sync.declare import ResourceSync, registry
from sync.engine.clean import Unfit
from sync.engine.compare import said_by
from sync.engine.rows import Batch, Entry, write_rows
from sync.models import Resource


def can_reread(resource: Resource, provider: Provider) -> bool:
    """Whether this thing can be read by itself at this portal."""
    declaration = registry[resource.kind]
    if not isinstance(declaration, ResourceSync) or not declaration.detail_capability:
        return False
    return provider.can(declaration.detail_capability)


def reread(resource: Resource, provider: Provider) -> bool:
    """Reads the thing's detail and writes what differs, as a sync does; what was asked of the portal before now is not written over
    it. False where the thing can't be read by itself. Raises what the provider raises, and MalformedResponse.
    """
    declaration = registry[resource.kind]
    if not isinstance(declaration, ResourceSync) or not can_reread(resource, provider):
        return False
    began = timezone.now()
    detail = declaration.read_detail(provider, resource.upstream_id)
    try:
        said = said_by(declaration, detail, resource.account, detail=True)
    except Unfit as unfit:
        raise MalformedResponse(_("What the portal says of it can't be kept: %(why)s.") % {"why": unfit}) from unfit
    if said.upstream_id != resource.upstream_id:
        raise MalformedResponse(_("The portal answered with another one's detail."))
    batch = Batch(declaration, resource.account_id, run=None, first=False, reads_details=True)
    with transaction.atomic():
        write_rows(batch, [Entry(resource.pk, said, began)], detail=True)
        # Two readings of one thing may overtake each other: the later one stays.
        older = Resource.objects.filter(pk=resource.pk).exclude(fresh_at__gt=began)
        older.update(fresh_at=began)
    return True


def read_later(resources: list[Resource]) -> None:
    """What could not be read at once is read by the next run of its kind. What the portal was asked before now is older than
    that."""
    wanted = Resource.objects.filter(pk__in=[each.pk for each in resources], gone_at=None)
    wanted.update(detail_wanted=True, fresh_at=timezone.now())
