"""/api/v1/services/, virtual-machines/ and certificates/; machines can be rebooted."""

from __future__ import annotations

from typing import Literal

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.routers import BaseRouter

from actions.api import verb
from services.models import Certificate, Product, ProductPrice, Service, VirtualMachine
from services.queries import certificates, machines, products_visible_to, services
from sync.rest import RESOURCE_FIELDS, MoneyField, ResourceSerializer, TextOrNull
from web.rest import ApiViewSet

COMMON_FILTERS = {"account": "resource__account_id", "customer": "resource__customer_id", "status": "status"}


class ServiceSerializer(ResourceSerializer[Service]):
    upstream_status = TextOrNull(read_only=True, allow_null=True)
    currency = TextOrNull(read_only=True, allow_null=True)
    price = MoneyField()
    next_due = serializers.DateField(source="next_due_on", read_only=True, allow_null=True)

    class Meta:
        model = Service
        fields = (
            *RESOURCE_FIELDS,
            "name",
            "domain",
            "label",
            "category",
            "status",
            "upstream_status",
            "next_due",
            "next_invoice_on",
            "registered_on",
            "price",
            "currency",
            "billing_cycle",
            "methods",
            "offers",
        )


class MachineSerializer(ResourceSerializer[VirtualMachine]):
    upstream_status = TextOrNull(read_only=True, allow_null=True)

    class Meta:
        model = VirtualMachine
        fields = (
            *RESOURCE_FIELDS,
            "name",
            "status",
            "upstream_status",
            "ips",
            "service_id",
            "memory_mb",
            "disk_gb",
            "cpus",
            "system",
            "plan",
            "location",
            "created_at",
        )


class CertificateSerializer(ResourceSerializer[Certificate]):
    upstream_status = TextOrNull(read_only=True, allow_null=True)
    currency = TextOrNull(read_only=True, allow_null=True)
    price = MoneyField()

    class Meta:
        model = Certificate
        fields = (
            *RESOURCE_FIELDS,
            "domain",
            "name",
            "status",
            "upstream_status",
            "certificate_status",
            "expires_on",
            "next_due_on",
            "next_invoice_on",
            "registered_on",
            "price",
            "currency",
            "billing_cycle",
            "organization",
            "software",
            "contacts",
            "email",
        )


class ProductPriceSerializer(serializers.ModelSerializer[ProductPrice]):
    price = MoneyField()
    setup = MoneyField()
    currency = TextOrNull(read_only=True, allow_null=True)

    class Meta:
        model = ProductPrice
        fields = ("cycle", "code", "price", "setup", "currency", "changed_at")


class ProductSerializer(serializers.ModelSerializer[Product]):
    account = serializers.IntegerField(source="account_id", read_only=True)
    type = serializers.SerializerMethodField(
        help_text="`product` of the catalogue, or `plan` that a machine is made from."
    )
    category = serializers.CharField(source="category.name", default=None, read_only=True, allow_null=True)
    description = TextOrNull(read_only=True, allow_null=True, help_text="Plain text.")
    prices = ProductPriceSerializer(many=True, read_only=True)

    class Meta:
        model = Product
        fields = (
            "id",
            "account",
            "upstream_id",
            "type",
            "name",
            "category",
            "description",
            "in_stock",
            "prices",
            "first_seen",
        )

    def get_type(self, product: Product) -> Literal["product", "plan"]:
        return "plan" if product.is_plan else "product"


class ServiceViewSet(RetrieveModelMixin, ListModelMixin, ApiViewSet):
    """Services of every account that you may see."""

    serializer_class = ServiceSerializer
    ordering_fields = {"id": "pk", "name": "name", "next_due": "next_due_on", "price": "price", "status": "status"}
    search_fields = ["name", "domain", "label", "resource__customer__name"]
    filter_paths = COMMON_FILTERS

    def get_queryset(self) -> QuerySet[Service]:
        return services(self.request.user)


class MachineViewSet(RetrieveModelMixin, ListModelMixin, ApiViewSet):
    """Virtual machines of every account that you may see; `service_id` is upstream's id of the service."""

    serializer_class = MachineSerializer
    ordering_fields = {"id": "pk", "name": "name", "status": "status"}
    search_fields = ["name", "system", "plan", "resource__customer__name"]
    filter_paths = {**COMMON_FILTERS, "service": "service_id"}
    reboot = verb("machine.reboot", "reboot")

    def get_queryset(self) -> QuerySet[VirtualMachine]:
        return machines(self.request.user)


class CertificateViewSet(RetrieveModelMixin, ListModelMixin, ApiViewSet):
    """Certificates of every account that you may see."""

    serializer_class = CertificateSerializer
    ordering_fields = {"id": "pk", "domain": "domain", "expires_on": "expires_on", "status": "status"}
    search_fields = ["domain", "name", "resource__customer__name"]
    filter_paths = COMMON_FILTERS

    def get_queryset(self) -> QuerySet[Certificate]:
        return certificates(self.request.user)


class ProductViewSet(RetrieveModelMixin, ListModelMixin, ApiViewSet):
    """What the portals sell, with a price for each period; `code` is the portal's own word for it. `in_stock` is null where the
    portal does not count, a price null where it names none."""

    serializer_class = ProductSerializer
    ordering_fields = {"id": "pk", "name": "name"}
    search_fields = ["name", "description", "category__name"]
    filter_paths = {"account": "account_id", "category": "category__name", "cycle": "prices__cycle"}

    def get_queryset(self) -> QuerySet[Product]:
        return products_visible_to(self.request.user)


def register(router: BaseRouter) -> None:
    router.register("services", ServiceViewSet, basename="service")
    router.register("virtual-machines", MachineViewSet, basename="virtual-machine")
    router.register("certificates", CertificateViewSet, basename="certificate")
    router.register("products", ProductViewSet, basename="product")
