from django.contrib import admin

from support.models import Ticket
from web.admin import ReadOnlyAdmin


@admin.register(Ticket)
class TicketAdmin(ReadOnlyAdmin[Ticket]):
    list_display = ("number", "subject", "status", "department")
    search_fields = ("number", "subject")
