from django.urls import path

from accounts.views import account_pages, connecting_pages, customer_pages, own, people_pages, signing_in

app_name = "accounts"

urlpatterns = [
    path("sign-in/", signing_in.SignIn.as_view(), name="sign-in"),
    path("sign-out/", signing_in.SignOut.as_view(), name="sign-out"),
    path("profile/", own.profile, name="profile"),
    path("profile/password/", own.change_password, name="password"),
    path("profile/tokens/new/", own.make_token, name="token-new"),
    path("profile/tokens/<int:pk>/revoke/", own.revoke_token, name="token-revoke"),
    path("accounts/", account_pages.AccountList.as_view(), name="account-list"),
    path("accounts/connect/", connecting_pages.pick_provider, name="connect"),
    path("accounts/connect/<slug:provider>/", connecting_pages.connect, name="connect-provider"),
    path("accounts/remove-demo/", account_pages.remove_demo, name="remove-demo"),
    path("accounts/<int:pk>/", account_pages.account_detail, name="account-detail"),
    path("accounts/<int:pk>/health/", account_pages.account_detail, {"tab": "health"}, name="account-health"),
    path("accounts/<int:pk>/edit/", account_pages.edit_account, name="account-edit"),
    path("accounts/<int:pk>/credential/", connecting_pages.replace_credential, name="account-credential"),
    path("accounts/<int:pk>/pause/", account_pages.pause_account, name="account-pause"),
    path("accounts/<int:pk>/resume/", account_pages.resume_account, name="account-resume"),
    path("accounts/<int:pk>/delete/", account_pages.delete_account, name="account-delete"),
    path("customers/", customer_pages.CustomerList.as_view(), name="customer-list"),
    path("customers/new/", customer_pages.new_customer, name="customer-new"),
    path("customers/<int:pk>/", customer_pages.customer_detail, name="customer-detail"),
    path("customers/<int:pk>/edit/", customer_pages.edit_customer, name="customer-edit"),
    path("customers/<int:pk>/delete/", customer_pages.delete_customer, name="customer-delete"),
    path("people/", people_pages.PersonList.as_view(), name="person-list"),
    path("people/invite/", people_pages.invite, name="person-invite"),
    path("people/<int:pk>/", people_pages.person_detail, name="person-detail"),
    path("people/<int:pk>/role/", people_pages.change_role, name="person-role"),
    path("people/<int:pk>/deactivate/", people_pages.deactivate, name="person-deactivate"),
    path("people/<int:pk>/activate/", people_pages.activate, name="person-activate"),
]
