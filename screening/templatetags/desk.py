"""Template filters of the desk."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from screening.desk import labels

register = template.Library()
register.filter("name_of", labels.staff_name)


@register.filter
def breakable(text: str) -> str:
    """HTML in which a line may end within an e-mail address where it can be read: after its @, before a dot."""
    local, at, host = str(text).rpartition("@")
    if not at:
        return text
    names = format_html_join(SafeString("<wbr>."), "{}", ([name] for name in host.split(".")))
    return format_html("{}<wbr>{}", local + at, names)
