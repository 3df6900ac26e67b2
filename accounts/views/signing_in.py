from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView

from accounts.forms import SignInForm


class SignIn(LoginView):
    """The lock after too many attempts is django-axes': its middleware answers in the place of this view."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


class SignOut(LogoutView):
    http_method_names = ["post", "options"]
