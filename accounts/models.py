"""Staff, customers, provider accounts and what they leave behind in the audit log."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role, role_of
from accounts.spelling import one_spelling
from providers.registry import spec
from web.signs import ProviderBadge


class UserManager(BaseUserManager["User"]):
    use_in_migrations = True

    def get_by_natural_key(self, username: str | None) -> User:
        # Not by iexact: the database holds more letters for the same (ı for i) than the lock on sign-ins does.
        return self.get(email=one_spelling(username))

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A member of staff. Without a role (`roles.grant`) they see nothing."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})


class User(AbstractUser):
    """A member of the agency's staff, who signs in with an e-mail address."""

    username = None  # type: ignore[assignment]  # e-mail is the name
    first_name = None  # type: ignore[assignment]  # one name as people write it
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]  # ours has no username

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

    @property
    def initials(self) -> str:
        words = [word for word in (self.name or self.email.partition("@")[0]).replace(".", " ").split() if word]
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()

    @cached_property
    def role(self) -> Role | None:
        """The strongest role; None when there is none or the person was deactivated."""
        if not self.is_active:
            return None
        if self.is_superuser:
            return Role.ADMINISTRATOR
        held = set(self.groups.values_list("name", flat=True))
        return next((role for role in Role if role.value in held), None)


class CustomerQuerySet(models.QuerySet["Customer"]):
    def visible_to(self, user: User | AnonymousUser) -> CustomerQuerySet:
        """Everybody with a role sees the agency's customers; others see none."""
        return self if role_of(user) else self.none()


class Customer(models.Model):
    """A client of the agency. Upstream knows nothing of them."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    notes = models.TextField(_("notes"), blank=True)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ProviderAccountQuerySet(models.QuerySet["ProviderAccount"]):
    def visible_to(self, user: User | AnonymousUser) -> ProviderAccountQuerySet:
        """The accounts whose things this person may see: administrators all, others those open to staff or shared with them."""
        role = role_of(user)
        if role is None:
            return self.none()
        kept = self.exclude(state=ProviderAccount.State.DELETING)
        if role is Role.ADMINISTRATOR:
            return kept
        return kept.filter(
            models.Q(open_to_staff=True)
            | models.Q(pk__in=AccountShare.objects.filter(user_id=user.pk or 0).values("account"))
        )

    def live(self) -> ProviderAccountQuerySet:
        """Accounts that are read: neither paused nor locked out."""
        return self.filter(state=ProviderAccount.State.ACTIVE)

    def countable(self) -> ProviderAccountQuerySet:
        """Those of these that may be added up and warned about together: without the demo's as soon as a real one is among them."""
        return self.filter(models.Q(is_demo=False) | ~models.Exists(self.filter(is_demo=False)))


class ProviderAccount(models.Model):
    """One login at one provider. The credential is sealed by the vault under this account's uuid and never shown again."""

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Paused")
        REFUSED = "refused", _("Credential refused")
        DELETING = "deleting", _("Being deleted")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    provider = models.CharField(_("provider"), max_length=40)
    name = models.CharField(_("name"), max_length=120, unique=True)
    base_url = models.URLField(_("API address"), max_length=300)
    auth = models.CharField(_("sign-in method"), max_length=20)
    sealed_credential = models.TextField(editable=False)
    login_hint = models.CharField(max_length=200, blank=True, editable=False)
    """Which login it is, for people: the user name, or the last four characters of a token."""
    time_zone = models.CharField(_("portal's time zone"), max_length=64, default="UTC")
    currency = models.CharField(_("currency"), max_length=3, blank=True, editable=False)
    state = models.CharField(max_length=12, choices=State, default=State.ACTIVE)
    state_reason = models.CharField(max_length=500, blank=True)
    open_to_staff = models.BooleanField(_("all staff may see this account"), default=True)
    is_demo = models.BooleanField(default=False, editable=False)
    rate_per_minute = models.PositiveIntegerField(_("calls a minute at most"), null=True, blank=True)
    concurrency = models.PositiveSmallIntegerField(_("calls at once at most"), null=True, blank=True)
    capabilities = models.JSONField(default=list, editable=False)
    """What the adapter said it can do when it was last asked."""
    capabilities_at = models.DateTimeField(null=True, editable=False)
    """When that was, to the hour; null while it is to be asked anew."""
    portal_notes = models.JSONField(default=list, editable=False)
    """Sentences of the adapter about this portal's API, such as which form of it was met."""
    upstream_profile = models.JSONField(default=dict, editable=False)
    credential_changed_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, editable=False, related_name="+")

    objects = ProviderAccountQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def badge(self) -> ProviderBadge:
        """What pages draw for its provider; a neutral one when the package that brought the provider is gone."""
        try:
            preset = spec(self.provider)
        except KeyError:
            return ProviderBadge(self.provider[:2].upper(), "other", self.provider)
        return ProviderBadge(preset.badge, preset.hue, preset.label)


class AccountShare(models.Model):
    """An account that is not open to all staff, shared with one person."""

    account = models.ForeignKey(ProviderAccount, on_delete=models.CASCADE, related_name="shares")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="shares")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "user"], name="account_share_once")]

    def __str__(self) -> str:
        return f"{self.account} → {self.user}"


class AccountTokens(models.Model):
    """The access tokens of one account, sealed, shared by all processes."""

    account = models.OneToOneField(ProviderAccount, primary_key=True, on_delete=models.CASCADE, related_name="tokens")
    sealed = models.TextField(blank=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"tokens of {self.account}"


class LeftLogin(models.Model):
    """The tokens of a login whose account was deleted or whose credential was replaced, until a worker has ended them at the
    portal. It outlives the account: `owner` is the uuid that they are sealed for."""

    owner = models.UUIDField()
    name = models.CharField(max_length=120)
    provider = models.CharField(max_length=40)
    base_url = models.URLField(max_length=300)
    auth = models.CharField(max_length=20)
    sealed = models.TextField(editable=False)
    left_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"a login that {self.name} had"


class AccountMemory(models.Model):
    """What the adapter has learned about this account's portal and need not ask again before `until`."""

    account = models.ForeignKey(ProviderAccount, on_delete=models.CASCADE, related_name="memories")
    key = models.CharField(max_length=100)
    value = models.JSONField()
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="account_memory_once")]

    def __str__(self) -> str:
        return f"{self.account}: {self.key}"


class ApiToken(models.Model):
    """A person's key to the REST API. Only its SHA-256 is kept; `prefix` lets people tell their tokens apart."""

    class Scope(models.TextChoices):
        READ = "read", _("Read")
        WRITE = "write", _("Read and act")
        ADMIN = "admin", _("Administer")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100, blank=True)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=8, choices=Scope, default=Scope.READ)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.scope})"


class AuditEntry(models.Model):
    """Who did what in Holdfast itself: sign-ins, credentials, accounts, tokens. Never holds a secret, never changes."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    who = models.CharField(max_length=254)
    """The person's e-mail at that time, or `system`; stays when the user is deleted."""
    event = models.CharField(max_length=60)
    subject = models.CharField(max_length=300, blank=True)
    account = models.ForeignKey(ProviderAccount, null=True, on_delete=models.SET_NULL, related_name="+")
    detail = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)
    ip = models.GenericIPAddressField(null=True)

    class Meta:
        ordering = ["-at"]
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.who} {self.event}"
