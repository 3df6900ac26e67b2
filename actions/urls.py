from django.urls import path

from actions import views

app_name = "actions"
urlpatterns = [
    path("", views.ActionList.as_view(), name="action-list"),
    path("<int:pk>/", views.action_detail, name="action-detail"),
    path("<int:pk>/state/", views.action_state, name="action-state"),
    path("<int:pk>/withdraw/", views.action_withdraw, name="action-withdraw"),
    path("<int:pk>/look/", views.action_look, name="action-look"),
    path("<int:pk>/happened/", views.action_settle, {"happened": True}, name="action-happened"),
    path("<int:pk>/not-happened/", views.action_settle, {"happened": False}, name="action-not-happened"),
    path("of/<int:resource_pk>/", views.resource_actions, name="resource-actions"),
]
