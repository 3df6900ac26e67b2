from django.contrib import admin

from actions.models import Action, ActionEvent, Enquiry
from web.admin import ReadOnlyAdmin


@admin.register(Action)
class ActionAdmin(ReadOnlyAdmin[Action]):
    list_display = ("summary", "account", "state", "stage", "actor", "created_at")
    search_fields = ("target", "summary", "kind")
    exclude = ("sealed_parameters",)


@admin.register(ActionEvent)
class ActionEventAdmin(ReadOnlyAdmin[ActionEvent]):
    list_display = ("at", "action", "text", "user")


@admin.register(Enquiry)
class EnquiryAdmin(ReadOnlyAdmin[Enquiry]):
    list_display = ("kind", "account", "state", "actor", "created_at")
    exclude = ("sealed_answer",)
