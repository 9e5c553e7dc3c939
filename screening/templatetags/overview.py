"""The `overview` tag: the desk's figures, for the admin's index page, whose view is Django's."""

from django import template

from screening.desk.overview.views import Overview, overview

register = template.Library()


@register.simple_tag(takes_context=True, name="overview")
def overview_for(context: template.Context) -> Overview:
    return overview(context["user"])
