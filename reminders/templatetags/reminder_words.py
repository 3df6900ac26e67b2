from __future__ import annotations

from django import template

from reminders import words

register = template.Library()
register.filter("distance", words.distance)
