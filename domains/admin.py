from django.contrib import admin

from domains.models import Domain, Record, TldPrice, Zone, ZoneVersion
from web.admin import ReadOnlyAdmin


@admin.register(Domain)
class DomainAdmin(ReadOnlyAdmin[Domain]):
    list_display = ("name", "status", "expires_on", "next_due_on", "auto_renew")
    list_filter = ("status",)
    search_fields = ("name",)


@admin.register(Zone)
class ZoneAdmin(ReadOnlyAdmin[Zone]):
    list_display = ("name", "hosted", "resource")
    search_fields = ("name",)


@admin.register(Record)
class RecordAdmin(ReadOnlyAdmin[Record]):
    list_display = ("name", "type", "content", "ttl", "priority", "zone")
    list_select_related = ("zone",)
    search_fields = ("name", "content", "zone__name")


@admin.register(ZoneVersion)
class ZoneVersionAdmin(ReadOnlyAdmin[ZoneVersion]):
    list_display = ("zone", "number", "created_at", "author", "comment")
    list_select_related = ("zone", "author")
    search_fields = ("zone__name", "comment")


@admin.register(TldPrice)
class TldPriceAdmin(ReadOnlyAdmin[TldPrice]):
    list_display = ("tld", "years", "register", "renew", "transfer", "currency", "listed_on", "account")
    list_select_related = ("account",)
    search_fields = ("tld",)
