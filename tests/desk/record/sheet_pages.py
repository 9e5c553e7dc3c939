"""A record's URL, and its forms as a browser would send them."""

from html.parser import HTMLParser

from django.urls import reverse

from screening.models import Inquiry


def record_of(made: Inquiry, page: str = "change") -> str:
    return reverse(f"admin:screening_inquiry_{page}", args=[made.pk])


def form_of(page: str, do: str, **changed) -> dict:
    """Return the data of the form with this button, updated with ``changed`` (_ may stand for -)."""
    for form in _Forms(page).forms:
        if do in form["do"]:
            fields = form["fields"]
            dashed = {name: name.replace("_", "-") for name in changed}
            names = {name: dashed[name] if dashed[name] in fields else name for name in changed}
            return fields | {"do": do} | {names[name]: value for name, value in changed.items()}
    raise AssertionError(f"no form on this page has the button {do}")


def buttons_on(page: str) -> set[str]:
    return {do for form in _Forms(page).forms for do in form["do"]}


class _Forms(HTMLParser):
    def __init__(self, page: str):
        super().__init__()
        self.forms: list[dict] = []
        self.name = ""  # of the open text area or select
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "form":
            self.forms.append({"do": [], "fields": {}})
        elif not self.forms:
            return
        elif tag == "button" and found.get("name") == "do":
            self.forms[-1]["do"].append(found["value"])
        elif tag == "input" and (found.get("type") not in ("radio", "checkbox") or "checked" in found):
            self._is(found.get("name"), found.get("value", "on" if "checked" in found else ""))
        elif tag in ("textarea", "select"):
            self.name = found["name"]
            self._is(self.name, "")
        elif tag == "option" and "selected" in found:
            self._is(self.name, found["value"])

    def handle_data(self, data):
        if self.lasttag == "textarea" and self.name:
            self._is(self.name, data.removeprefix("\r\n").removeprefix("\n"))

    def handle_endtag(self, tag):
        if tag in ("textarea", "select"):
            self.name = ""

    def _is(self, name: str, value: str) -> None:
        if name:
            self.forms[-1]["fields"][name] = value
