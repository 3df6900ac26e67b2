"""A fleet that only the tests of the page kit know; its tables are made by the fixture `fleet`."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import connection, models
from django.utils import timezone

from web.signs import ProviderBadge
from web.tones import Tone

BADGES = {
    "cv": ProviderBadge("CV", "cv", "Cloudviet"),
    "ds": ProviderBadge("DS", "ds", "DNS.services"),
    "vo": ProviderBadge("VO", "vo", "VPS.org"),
}


class Owner(models.Model):
    name = models.CharField(max_length=100)

    objects: models.Manager["Owner"] = models.Manager()

    class Meta:
        app_label = "fleet"

    def __str__(self) -> str:
        return self.name


class Boat(models.Model):
    name = models.CharField(max_length=100)
    owner = models.ForeignKey(Owner, models.CASCADE, null=True)
    harbour = models.CharField(max_length=2)
    status = models.CharField(max_length=20)
    lapses_on = models.DateField(null=True)
    auto_renew = models.BooleanField(default=True)
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    seen_at = models.DateTimeField(null=True)

    objects: models.Manager["Boat"] = models.Manager()

    class Meta:
        app_label = "fleet"

    def __str__(self) -> str:
        return self.name

    @property
    def tone(self) -> Tone:
        return {"active": Tone.FINE, "transfer": Tone.SOON, "expired": Tone.BROKEN}.get(self.status, Tone.UNKNOWN)

    @property
    def place(self) -> "Harbour":
        return Harbour(self.harbour)


class Harbour:
    def __init__(self, key: str) -> None:
        self.badge = BADGES[key]
        self.name = self.badge.name


NAMES = [
    ("phoviet-imports.com", "Phố Việt Imports", "vo", "expired", -2, False, "12.99", "USD"),
    ("songhongcoffee.vn", "Sông Hồng Coffee", "cv", "active", 3, True, "770000", "VND"),
    ("nordlysbageri.dk", "Nordlys Bageri", "ds", "lost", 6, True, "79.00", "DKK"),
    ("anphatlogistics.com", "An Phát Logistics", "vo", "active", 19, False, "12.99", "USD"),
    ("kystvand.dk", "Kystvand ApS", "ds", "active", 27, True, "79.00", "DKK"),
    ("hoasenspa.vn", "Hoa Sen Spa", "cv", "active", 27, True, "770000", "VND"),
    ("lotusdental.vn", "Nha Khoa Lotus", "cv", "active", 34, False, "770000", ""),
    ("havneby-cykler.com", "Havneby Cykler", "ds", "transfer", 41, True, "109.00", "DKK"),
    ("sondergaardarkitekter.dk", "Søndergaard Arkitekter", "ds", "active", 44, True, None, ""),
    ("dalat-orchids.vn", "Đà Lạt Orchids", "cv", "active", None, True, "770000", "VND"),
]


def launch(count: int = 120) -> None:
    """Make the tables and `count` boats. On an atomic connection they vanish with the test."""
    with connection.schema_editor() as editor:
        editor.create_model(Owner)
        editor.create_model(Boat)
    owners = {name: Owner.objects.create(name=name) for name in sorted({row[1] for row in NAMES})}
    now, today = timezone.now(), timezone.localdate()
    boats = []
    for number in range(count):
        name, owner, harbour, status, left, renew, price, currency = NAMES[number % len(NAMES)]
        lap = number // len(NAMES)
        boats.append(
            Boat(
                name=name if not lap else f"{lap}-{name}",
                owner=owners[owner],
                harbour=harbour,
                status=status if not lap else "active",
                lapses_on=_day(today, left, lap),
                auto_renew=renew,
                price=Decimal(price) if price else None,
                currency=currency,
                seen_at=now - timedelta(minutes=4 + 7 * number),
            )
        )
    Boat.objects.bulk_create(boats)


def sink() -> None:
    with connection.schema_editor() as editor:
        editor.delete_model(Boat)
        editor.delete_model(Owner)


def _day(today: date, left: int | None, lap: int) -> date | None:
    return None if left is None else today + timedelta(days=left + 37 * lap)
