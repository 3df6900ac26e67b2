"""The choices that every resource list filters by: whose it is and where it is held."""

from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import Customer, ProviderAccount


def accounts(request: HttpRequest | None) -> QuerySet[ProviderAccount]:
    """The accounts that the reader may see."""
    return ProviderAccount.objects.visible_to(request.user) if request else ProviderAccount.objects.none()


def customers(request: HttpRequest | None) -> QuerySet[Customer]:
    """The customers that the reader may see."""
    return Customer.objects.visible_to(request.user) if request else Customer.objects.none()
