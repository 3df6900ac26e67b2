from django.urls import path

from reminders import views

app_name = "reminders"
urlpatterns = [
    path("", views.ReminderList.as_view(), name="reminder-list"),
    path("settings/", views.settings_page, name="settings"),
    path("settings/digest/", views.save_digest, name="digest"),
    path("settings/rules/<int:pk>/", views.save_rule, name="rule"),
    path("settings/test-mail/", views.send_test, name="test-mail"),
]
