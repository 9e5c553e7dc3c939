"""The desk's figures on the admin's front page, which is Django's view."""

from django import template

from screening.desk.overview.views import Overview, overview

register = template.Library()


@register.simple_tag(takes_context=True, name="overview")
def overview_for(context) -> Overview:
    return overview(context["user"])
