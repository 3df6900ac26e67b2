from django.contrib import admin

from services.models import Certificate, Service, VirtualMachine
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
