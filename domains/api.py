"""Domains, zones and records of /api/v1/, with renewing and editing. What upstream did not say is null."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.routers import BaseRouter

from actions.api import PricedSerializer, verb
from domains import queries
from domains.models import Domain, Record, TldPrice, Zone
from sync.rest import RESOURCE_FIELDS, MoneyField, ResourceSerializer, TextOrNull
from sync.scoping import present
from web.hosts import unicode_host
from web.rest import ApiViewSet


class DomainSerializer(ResourceSerializer[Domain]):
    unicode_name = serializers.SerializerMethodField(help_text="The name in its own script.")
    upstream_status = TextOrNull(read_only=True, allow_null=True)
    renewal_price = MoneyField(currency="renewal_currency")
    renewal_currency = TextOrNull(read_only=True, allow_null=True)

    class Meta:
        model = Domain
        fields = [
            *RESOURCE_FIELDS,
            "name",
            "unicode_name",
            "status",
            "upstream_status",
            "registered_on",
            "expires_on",
            "next_due_on",
            "next_invoice_on",
            "auto_renew",
            "period_years",
            "renewal_price",
            "renewal_currency",
            "nameservers",
            "locked",
            "privacy",
            "registrar",
        ]

    def get_unicode_name(self, domain: Domain) -> str:
        return unicode_host(domain.name)


class ZoneSerializer(ResourceSerializer[Zone]):
    unicode_name = serializers.SerializerMethodField(help_text="The name in its own script.")
    reason = TextOrNull(read_only=True, allow_null=True)
    record_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = Zone
        fields = [*RESOURCE_FIELDS, "name", "unicode_name", "hosted", "reason", "record_count"]

    def get_unicode_name(self, zone: Zone) -> str:
        return unicode_host(zone.name)


class RecordSerializer(serializers.ModelSerializer[Record]):
    account = serializers.IntegerField(source="zone.resource.account_id", read_only=True)
    zone = serializers.IntegerField(source="zone_id", read_only=True)
    zone_name = serializers.CharField(source="zone.name", read_only=True)

    class Meta:
        model = Record
        fields = ["id", "account", "upstream_id", "zone", "zone_name", "name", "type", "content", "ttl", "priority"]


class RenewSerializer(PricedSerializer):
    years = serializers.IntegerField(min_value=1, max_value=10, default=1)
    expires_on = serializers.DateField(
        required=False, help_text="The expiry that was seen: when it has moved since, nothing is ordered (409)."
    )
    use_credit = serializers.BooleanField(
        default=True, help_text="Pay the invoice from the account's credit where that covers it."
    )


class RecordChangeSerializer(serializers.Serializer[Any]):
    """`add` takes the record's fields; `change` an `id` and those that become others; `remove` an `id` alone."""

    op = serializers.ChoiceField(["add", "change", "remove"])
    id = serializers.IntegerField(required=False, help_text="Of the record, as /records/ has it.")
    name = serializers.CharField(required=False, allow_blank=True, help_text="Relative to the zone, `@` for itself.")
    type = serializers.CharField(required=False)
    content = serializers.CharField(required=False, trim_whitespace=False)
    ttl = serializers.IntegerField(required=False, allow_null=True)
    priority = serializers.IntegerField(required=False, allow_null=True)


class RecordsSerializer(serializers.Serializer[Any]):
    changes = RecordChangeSerializer(many=True)
    comment = serializers.CharField(required=False, allow_blank=True, max_length=300, help_text="Why, for the history.")
    override = serializers.BooleanField(
        default=False, help_text="Change or remove more than 30 % of a zone of ten or more records."
    )
    checksum = serializers.CharField(
        required=False, help_text="Of the zone that was seen, as the zone has it; edits of another zone are refused."
    )


class TldPriceSerializer(serializers.ModelSerializer[TldPrice]):
    account = serializers.IntegerField(source="account_id", read_only=True)
    unicode_tld = serializers.SerializerMethodField(help_text="The ending in its own script.")
    register = MoneyField()
    renew = MoneyField()
    transfer = MoneyField()
    redemption = MoneyField()
    currency = TextOrNull(read_only=True, allow_null=True)
    upstream_id = TextOrNull(read_only=True, allow_null=True, help_text="What an order names the ending by.")
    listed_on = serializers.DateField(
        read_only=True, allow_null=True, help_text="Of a published list; null where the portal itself names the price."
    )

    class Meta:
        model = TldPrice
        fields = [
            "id",
            "account",
            "upstream_id",
            "tld",
            "unicode_tld",
            "years",
            "register",
            "renew",
            "transfer",
            "redemption",
            "currency",
            "listed_on",
            "first_seen",
            "changed_at",
        ]

    def get_unicode_tld(self, price: TldPrice) -> str:
        return unicode_host(price.tld)


class DomainViewSet(RetrieveModelMixin, ListModelMixin, ApiViewSet):
    """The domains that you may see. The list has those that upstream still lists; a single one answers also when it is gone.

    `name` is punycode. Where `unreadable` names a date, it stands as it was last readable, or is null.
    """

    serializer_class = DomainSerializer
    ordering = "id"
    ordering_fields = {
        "id": "pk",
        "name": "name",
        "status": "status",
        "expires_on": "expires_on",
        "next_due_on": "next_due_on",
        "registered_on": "registered_on",
    }
    search_fields = [*queries.NAMES, "resource__customer__name"]
    filter_paths = {
        "account": "resource__account_id",
        "customer": "resource__customer_id",
        "status": "status",
        "name": "name",
        "auto_renew": "auto_renew",
    }

    renew = verb("domain.renew", "renew", RenewSerializer)

    def get_queryset(self) -> QuerySet[Domain]:
        rows = queries.domains_visible_to(self.request.user)
        return rows if self.detail else present(rows)


class ZoneViewSet(RetrieveModelMixin, ListModelMixin, ApiViewSet):
    """The DNS zones that you may see. `hosted` is null until the records were read, false where the portal does not run the zone
    (`reason` has its words)."""

    serializer_class = ZoneSerializer
    ordering = "id"
    ordering_fields = {"id": "pk", "name": "name", "record_count": "record_count"}
    search_fields = queries.NAMES
    filter_paths = {
        "account": "resource__account_id",
        "customer": "resource__customer_id",
        "name": "name",
        "hosted": "hosted",
    }

    records = verb("zone.records", "records", RecordsSerializer)

    def get_queryset(self) -> QuerySet[Zone]:
        rows = queries.with_record_count(queries.zones_visible_to(self.request.user))
        return rows if self.detail else present(rows)


class RecordViewSet(RetrieveModelMixin, ListModelMixin, ApiViewSet):
    """The records of those zones. `name` is relative to the zone (`@` is the zone itself), `ttl` in seconds."""

    serializer_class = RecordSerializer
    ordering = "id"
    ordering_fields = {"id": "pk", "name": "name", "type": "type"}
    search_fields = ["name", "content", "zone__name"]
    filter_paths = {
        "account": "zone__resource__account_id",
        "zone": "zone_id",
        "zone_name": "zone__name",
        "customer": "zone__resource__customer_id",
        "name": "name",
        "type": "type",
    }

    def get_queryset(self) -> QuerySet[Record]:
        return queries.records_visible_to(self.request.user)


class TldPriceViewSet(RetrieveModelMixin, ListModelMixin, ApiViewSet):
    """What each portal asks for an ending and so many years, in all. Null is what it names no price for. `tld` is punycode without
    a leading dot; `changed_at` is when a price last moved, null while all are as first seen."""

    serializer_class = TldPriceSerializer
    ordering = "id"
    ordering_fields = {"id": "pk", "tld": "tld", "years": "years", "register": "register", "renew": "renew"}
    search_fields = ["tld"]
    filter_paths = {"account": "account_id", "tld": "tld", "years": "years", "currency": "currency"}

    def get_queryset(self) -> QuerySet[TldPrice]:
        return queries.prices_visible_to(self.request.user)


def register(router: BaseRouter) -> None:
    router.register("domains", DomainViewSet, basename="domain")
    router.register("zones", ZoneViewSet, basename="zone")
    router.register("records", RecordViewSet, basename="record")
    router.register("domain-prices", TldPriceViewSet, basename="domain-price")
