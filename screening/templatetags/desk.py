"""Template filters of the desk."""

from django import template
from django.utils.html import format_html

from screening.desk import labels

register = template.Library()
register.filter("name_of", labels.staff_name)


@register.filter
def breakable(text: str) -> str:
    """HTML in which a line may end after the @ of an e-mail address, rather than within a word."""
    local, at, host = str(text).rpartition("@")
    return format_html("{}<wbr>{}", local + at, host) if at else text
