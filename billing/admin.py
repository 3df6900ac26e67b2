from django.contrib import admin

from billing.models import Balance, Invoice
from web.admin import ReadOnlyAdmin


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyAdmin[Invoice]):
    list_display = ("number", "status", "total", "currency", "due_on")
    search_fields = ("number",)


@admin.register(Balance)
class BalanceAdmin(ReadOnlyAdmin[Balance]):
    list_display = ("account", "currency", "owed", "credit")
