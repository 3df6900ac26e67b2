from django.contrib import admin

from services.models import Certificate, Product, ProductCategory, ProductPrice, Service, VirtualMachine
from web.admin import ReadOnlyAdmin


@admin.register(Service)
class ServiceAdmin(ReadOnlyAdmin[Service]):
    list_display = ("name", "domain", "status", "next_due_on")
    search_fields = ("name", "domain")


@admin.register(VirtualMachine)
class VirtualMachineAdmin(ReadOnlyAdmin[VirtualMachine]):
    list_display = ("name", "status", "ips")
    search_fields = ("name",)


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin[Certificate]):
    list_display = ("domain", "name", "status", "expires_on")
    search_fields = ("domain", "name")


@admin.register(ProductCategory)
class ProductCategoryAdmin(ReadOnlyAdmin[ProductCategory]):
    list_display = ("name", "account")
    list_select_related = ("account",)
    search_fields = ("name",)


@admin.register(Product)
class ProductAdmin(ReadOnlyAdmin[Product]):
    list_display = ("name", "category", "is_plan", "account")
    list_select_related = ("account", "category")
    search_fields = ("name",)


@admin.register(ProductPrice)
class ProductPriceAdmin(ReadOnlyAdmin[ProductPrice]):
    list_display = ("product", "cycle", "price", "setup", "currency")
    list_select_related = ("product",)
    search_fields = ("product__name",)
