"""The versions of a zone: kept before and after each write of ours."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from domains.dns.rows import Row, checksum, rows_of
from domains.models import Zone, ZoneVersion


def keep_version(
    zone: Zone, rows: Iterable[Row], *, author: User | None = None, comment: str = "", action: int | None = None
) -> ZoneVersion:
    """The newest version where the zone says the same still, else a new one."""
    told = sorted(rows, key=Row.order)
    state = checksum(told)
    with transaction.atomic():
        # Two at once would take the same number.
        Zone.objects.select_for_update().get(pk=zone.pk)
        newest = zone.versions.first()
        if newest is not None and newest.checksum == state:
            return newest
        return ZoneVersion.objects.create(
            zone=zone,
            number=newest.number + 1 if newest else 1,
            records=[row.json() for row in told],
            checksum=state,
            author=author,
            comment=comment[:300],
            action=action,
        )


def rows_in(version: ZoneVersion) -> list[Row]:
    return [Row.read(kept) for kept in version.records]


def mirrored_rows(zone: Zone) -> list[Row]:
    """The zone as it was last read."""
    return rows_of(zone.records.all())
