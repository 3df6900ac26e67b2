from django.urls import path

from support import views

app_name = "support"
urlpatterns = [
    path("", views.TicketList.as_view(), name="ticket-list"),
    path("tickets/<int:pk>/", views.ticket_detail, name="ticket-detail"),
    path("tickets/<int:pk>/messages/", views.ticket_messages, name="ticket-messages"),
    path("tickets/<int:pk>/reply/", views.ticket_reply, name="ticket-reply"),
    path("tickets/<int:pk>/history/", views.ticket_detail, {"tab": "history"}, name="ticket-history"),
]
