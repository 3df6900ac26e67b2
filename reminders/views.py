from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts import audit
from accounts.access import actor_of, administrator_of, person_of
from accounts.roles import may_act, may_administer, role_of
from reminders import mail, queries
from reminders.filters import ReminderFilters
from reminders.forms import RuleForm, SubscriptionForm
from reminders.models import Reminder, Rule, State, Subscription
from reminders.people import subscription_of
from reminders.tables import ReminderTable
from web.htmx import flash
from web.listing import EmptyState, HeadAction, ListPage, SavedView
from web.tones import Tone

SHOWN = 8
"""Of the days to come."""


class ReminderList(ListPage):
    table_class = ReminderTable
    filterset_class = ReminderFilters
    title = gettext_lazy("Reminders")
    template_name = "reminders/list_page.html"
    views = (
        SavedView("", gettext_lazy("All"), None),
        SavedView("coming", gettext_lazy("Coming"), queries.COMING),
        SavedView("sent", gettext_lazy("Sent"), Q(state=State.SENT)),
        SavedView("failed", gettext_lazy("Failed"), Q(state=State.FAILED)),
        SavedView("cancelled", gettext_lazy("Called off"), Q(state=State.CANCELLED)),
    )
    empty = EmptyState(
        gettext_lazy("No reminder yet"),
        gettext_lazy(
            "What was mailed about things that lapse stands here, with what is to come and what could not be sent."
        ),
        gettext_lazy("Reminder settings"),
        "/reminders/settings/",
        "bell",
    )

    def rows(self) -> QuerySet[Reminder]:
        return queries.visible_to(self.request.user, self.scope)

    def head_actions(self) -> Sequence[HeadAction]:
        return [HeadAction(_("Settings"), reverse("reminders:settings"), "settings")]

    def extra_context(self) -> dict[str, Any]:
        person = person_of(self.request)
        coming = queries.crossings(person)
        return {
            "stuck": queries.stuck(person),
            "next_at": queries.next_digest_at(person),
            "crossings": coming[:SHOWN],
            "crossings_more": len(coming[SHOWN:]),
            "configured": mail.configured(),
        }


@require_GET
@login_required
def settings_page(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@login_required
def save_digest(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    if role_of(person) is None:
        raise PermissionDenied(_("Digests are for people with a role."))
    form = SubscriptionForm(request.POST, subscription=subscription_of(person), zone=person.time_zone)
    if not form.is_valid():
        return _page(request, status=422, digest_form=form)
    Subscription.objects.update_or_create(user=person, defaults=form.cleaned_data)
    flash(request, _("Your digest is set."))
    return redirect("reminders:settings")


@require_POST
@login_required
def save_rule(request: HttpRequest, pk: int) -> HttpResponse:
    person = administrator_of(request)
    rule = get_object_or_404(Rule, pk=pk)
    form = RuleForm(request.POST, rule=rule, auto_id=_ids(rule))
    if not form.is_valid():
        return _page(request, status=422, rule=rule, rule_form=form)
    rule.active, rule.distances = form.cleaned_data["active"], form.cleaned_data["distances"]
    rule.save(update_fields=["active", "distances"])
    audit.record(person, "reminder_rule_changed", subject=rule.what, detail=form.cleaned_data, request=request)
    flash(request, _("The rule is saved; it holds from the next look on, within a minute."))
    return redirect("reminders:settings")


@require_POST
@login_required
def send_test(request: HttpRequest) -> HttpResponse:
    """To the person's own address only."""
    person = actor_of(request)
    try:
        mail.send_test(person.email)
    except mail.MailProblem as problem:
        flash(request, problem, Tone.BROKEN)
    else:
        told = _("The mail server %(server)s took a test mail for %(address)s.")
        flash(request, told % {"server": mail.server(), "address": person.email})
    return redirect("reminders:settings")


def _page(
    request: HttpRequest,
    *,
    status: int = 200,
    digest_form: SubscriptionForm | None = None,
    rule: Rule | None = None,
    rule_form: RuleForm | None = None,
) -> HttpResponse:
    person = person_of(request)
    rules = [
        (
            each,
            rule_form if rule_form is not None and rule == each else RuleForm(rule=each, auto_id=_ids(each)),
        )
        for each in Rule.objects.order_by("pk")
    ]
    context = {
        "title": _("Reminder settings"),
        "digest_form": digest_form or SubscriptionForm(subscription=subscription_of(person), zone=person.time_zone),
        "rules": rules,
        "may_edit": may_administer(person),
        "may_test": may_act(person),
        "has_role": role_of(person) is not None,
        "configured": mail.configured(),
        "sender": settings.DEFAULT_FROM_EMAIL,
        "server": mail.server() if mail.configured() else "",
        "next_at": queries.next_digest_at(person),
    }
    return render(request, "reminders/settings.html", context, status=status)


def _ids(rule: Rule) -> str:
    """Of its fields: the page has several forms."""
    return f"rule_{rule.pk}_%s"
