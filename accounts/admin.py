"""The admin site, for looking only: accounts, people and tokens change through their pages, which test, check and record."""

from __future__ import annotations

from django.contrib import admin

from accounts.models import AccountShare, ApiToken, AuditEntry, Customer, ProviderAccount, User
from web.admin import ReadOnlyAdmin


@admin.register(User)
class UserAdmin(ReadOnlyAdmin[User]):
    fields = ["email", "name", "time_zone", "groups", "is_active", "is_superuser", "last_login", "date_joined"]
    list_display = ["email", "name", "is_active", "is_superuser", "last_login"]
    search_fields = ["email", "name"]


@admin.register(Customer)
class CustomerAdmin(ReadOnlyAdmin[Customer]):
    list_display = ["name", "email", "is_demo", "created_at"]
    search_fields = ["name", "email"]


@admin.register(ProviderAccount)
class ProviderAccountAdmin(ReadOnlyAdmin[ProviderAccount]):
    # Named one by one: a new column stays out of sight until somebody decided that it holds no secret.
    fields = [
        "uuid", "provider", "name", "base_url", "auth", "login_hint", "time_zone", "currency", "state", "state_reason",
        "open_to_staff", "is_demo", "rate_per_minute", "concurrency", "credential_changed_at", "created_at", "created_by",
    ]  # fmt: skip
    list_display = ["name", "provider", "state", "is_demo", "created_at"]
    list_filter = ["provider", "state", "is_demo"]
    search_fields = ["name", "base_url"]


@admin.register(AccountShare)
class AccountShareAdmin(ReadOnlyAdmin[AccountShare]):
    list_display = ["account", "user"]


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin[ApiToken]):
    fields = ["user", "name", "prefix", "scope", "created_at", "last_used_at", "revoked_at"]
    list_display = ["prefix", "user", "name", "scope", "last_used_at", "revoked_at"]


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin[AuditEntry]):
    fields = ["at", "who", "user", "event", "subject", "account", "detail", "request_id", "ip"]
    list_display = ["at", "who", "event", "subject", "account", "ip"]
    list_filter = ["event"]
    search_fields = ["who", "subject"]
    date_hierarchy = "at"
