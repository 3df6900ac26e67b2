from django.urls import path

from profiles import views

app_name = "profiles"
urlpatterns = [
    path("contacts/", views.ContactList.as_view(), name="contact-list"),
    path("contacts/<int:pk>/", views.contact_detail, name="contact-detail"),
    path("contacts/<int:pk>/history/", views.contact_detail, {"tab": "history"}, name="contact-history"),
    path("accounts/<int:pk>/profile/", views.account_profile, name="account-profile"),
]
