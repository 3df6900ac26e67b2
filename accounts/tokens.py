"""Keys to the REST API: made, recognised, and what they allow. Only a token's SHA-256 is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission

from accounts.models import ApiToken, User
from accounts.roles import may_act, may_administer

if TYPE_CHECKING:
    # The views of the framework load the classes of this module from the settings: not the other way round as well.
    from rest_framework.request import Request
    from rest_framework.views import APIView

PREFIX: Final = "hf_"
_SHOWN: Final = 10
_TOUCH_EVERY: Final = timedelta(minutes=1)


def make(user: User, *, scope: str = ApiToken.Scope.READ, name: str = "") -> tuple[ApiToken, str]:
    """A new token and its text, which nobody can show again."""
    text = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(user=user, name=name, prefix=text[:_SHOWN], digest=digest(text), scope=scope)
    return token, text


def digest(text: str) -> str:
    # No slow hash: 256 random bits can't be guessed, however fast one tries.
    return hashlib.sha256(text.encode()).hexdigest()


def owner_of(text: str) -> ApiToken | None:
    """The valid token with this text, its user loaded; notes its use, at most once a minute."""
    token = ApiToken.objects.select_related("user").filter(digest=digest(text), revoked_at=None).first()
    if token is None or not token.user.is_active:
        return None
    now = timezone.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - _TOUCH_EVERY)
    if token.last_used_at is None or token.last_used_at < now - _TOUCH_EVERY:
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
    return token


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer hf_...`. `request.auth` is then the ApiToken; with a session it is None."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _space, given = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        try:
            token = owner_of(given.strip().decode("ascii"))
        except UnicodeDecodeError:
            token = None
        if token is None:
            raise AuthenticationFailed(_("This token is not valid, or it was revoked."))
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Holdfast"'


def scope_allows(request: Request, *scopes: str) -> bool:
    """Whether the request came with one of these scopes. A session in the browser has them all."""
    token = request.auth
    return token.scope in scopes if isinstance(token, ApiToken) else True


class ScopePermission(BasePermission):
    """Reading wants any token; anything else wants one that may act, in the hand of somebody who may act. What is read is
    narrowed by `visible_to`, so that an outsider meets empty lists and 404."""

    message = _("This needs the role Staff, and a token with the scope “write” or “admin”.")

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not request.user or not request.user.is_authenticated:
            return False
        if request.method in SAFE_METHODS:
            return True
        return may_act(request.user) and scope_allows(request, ApiToken.Scope.WRITE, ApiToken.Scope.ADMIN)


class AdminPermission(ScopePermission):
    """For accounts and people: reading as everywhere, anything else wants an administrator and the scope `admin`."""

    message = _("This needs the role Administrator, and a token with the scope “admin”.")

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not super().has_permission(request, view):
            return False
        if request.method in SAFE_METHODS:
            return True
        return may_administer(request.user) and scope_allows(request, ApiToken.Scope.ADMIN)
