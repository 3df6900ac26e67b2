"""What it says of a login when a call is refused as if nobody had signed in: that it is wrong, or may not do just this."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from providers.contract import Provider
from providers.errors import AuthenticationFailed, PermissionDenied, ProviderError, RateLimited, SignInRefused


def meaning_of(refused: AuthenticationFailed, provider: Provider) -> ProviderError:
    """Portals refuse a sub-login what it may not see in the words for strangers. The call with which the login was tested when it
    was connected tells the two apart: PermissionDenied where the portal still answers it. Otherwise SignInRefused, after which
    nobody asks again; RateLimited where the portal takes no calls now, so that nothing is known yet.

    Asks once, and not at all when it was the sign-in itself that was refused.
    """
    if isinstance(refused, SignInRefused):
        return refused
    told: dict[str, Any] = {
        "operation": refused.operation,
        "account": refused.account,
        "upstream_words": refused.upstream_words,
        "status": refused.status,
    }
    try:
        provider.test()
    except PermissionDenied:
        pass  # which says that the login is known
    except RateLimited as limited:
        return limited
    except ProviderError:
        return SignInRefused(refused.sentence, **told)
    return PermissionDenied(
        _(
            "This login may not do that: the portal refuses it as if nobody had signed in, but the login itself is good."
        ),
        **told,
    )
