"""/api/v1/contacts/: the people that the portals know, read only."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.routers import BaseRouter

from profiles.models import Contact
from profiles.queries import contacts
from sync.rest import RESOURCE_FIELDS, ResourceSerializer
from web.rest import ApiViewSet


class ContactSerializer(ResourceSerializer[Contact]):
    class Meta:
        model = Contact
        fields = (
            *RESOURCE_FIELDS,
            "first_name",
            "last_name",
            "email",
            "company",
            "is_company",
            "address",
            "city",
            "state",
            "postcode",
            "country",
            "phone",
            "mobile",
            "privileges",
            "last_login_at",
        )


class ContactViewSet(RetrieveModelMixin, ListModelMixin, ApiViewSet):
    """Contacts (sub-accounts) at every account that you may see."""

    serializer_class = ContactSerializer
    ordering_fields = {"id": "pk", "last_name": "last_name", "email": "email"}
    search_fields = ["first_name", "last_name", "email", "company"]
    filter_paths = {"account": "resource__account_id", "customer": "resource__customer_id"}

    def get_queryset(self) -> QuerySet[Contact]:
        return contacts(self.request.user)


def register(router: BaseRouter) -> None:
    router.register("contacts", ContactViewSet, basename="contact")
