"""A walker in any of three browser engines."""

import json
from contextlib import contextmanager

import pytest

from tests.engines import ENTER, TAB, Engine, wait_until

ENGINES = (
    "chromium",
    pytest.param("firefox", marks=pytest.mark.firefox),
    pytest.param("webkit", marks=pytest.mark.webkit),
)


# The focused element's accessible name, approximately. Asking for its `labels` can abort WebKitGTK 2.50's process.
NAME = """const here = document.activeElement, label = here.id && document.querySelector(`label[for="${here.id}"]`);
    return (label || here).innerText.trim();"""


class Reader:
    """Drive one engine: press controls by their text, choose by value, read the page. Also a walker of `script`."""

    def __init__(self, engine: Engine, site: str):
        self.engine = engine
        self.site = site

    def open(self, address: str) -> None:
        self.engine.open(address if address.startswith("http") else self.site + address)

    @property
    def place(self) -> str:
        return self.engine.run("return location.pathname + location.search")

    @property
    def text(self) -> str:
        return self.engine.run("return document.querySelector('main').innerText")

    def chosen(self, name: str) -> list[str]:
        return self.engine.run(
            f"return [...document.getElementsByName({json.dumps(name)})].filter(i => i.checked).map(i => i.value)"
        )

    def choose_value(self, name: str, value: str) -> None:
        inputs = f"[...document.getElementsByName({json.dumps(name)})]"
        self.engine.run(f"{inputs}.find(i => i.value === {json.dumps(value)}).click()")

    def choose(self, label: str) -> None:
        labels = "[...document.querySelectorAll('label')]"
        field = f"{labels}.find(l => l.textContent.trim() === {json.dumps(label)}).control"
        self.engine.run(f"const field = {field}; if (!field.checked) field.click()")

    def tick(self, name: str) -> None:
        self.engine.run(f"document.getElementsByName({json.dumps(name)})[0].click()")

    def press(self, words: str) -> None:
        """Click the control with this text and wait for the next page."""
        self.follow(
            f"[...document.querySelectorAll('button, a')].find(c => c.textContent.trim() === {json.dumps(words)})"
        )

    def follow(self, control: str) -> None:
        """Click what the JavaScript expression finds and wait for the next page."""
        with self.leaving():
            self.engine.run(f"{control}.click()")

    @contextmanager
    def leaving(self):
        """Wait for the next page, which the block asks for."""
        self.engine.run("document.documentElement.dataset.left = 'yes'")
        yield
        wait_until(self.engine, "!document.documentElement.dataset.left && document.readyState === 'complete'")

    def tab_to(self, name: str) -> None:
        """Press Tab until an element has the focus whose name begins so."""
        for _stop in range(200):
            self.engine.type(TAB)
            if self.engine.run(NAME).startswith(name):
                return
        raise AssertionError(f"Tab never reached {name} at {self.place}")

    def enters(self, name: str) -> None:
        """Tab to a link or button, press Enter, and wait for the next page."""
        self.tab_to(name)
        with self.leaving():
            self.engine.type(ENTER)

    def unfolds(self, name: str) -> None:
        self.tab_to(name)
        self.engine.type(ENTER)

    def types(self, name: str, text: str) -> None:
        """Tab to a field and type."""
        self.tab_to(name)
        self.engine.type(text)

    def chooses(self, name: str, option: str) -> None:
        """Tab to a list and choose the option with this value or beginning; its keys differ between engines."""
        self.tab_to(name)
        options = "[...document.activeElement.options]"
        is_it = f"o => o.value === {json.dumps(option)} || o.text.startsWith({json.dumps(option)})"
        self.engine.run(f"{options}.find({is_it}).selected = true")

    def sets(self, field: str, value: str) -> None:
        """Fill a field as a picker or a password manager does: the keys of pickers differ between engines."""
        self.engine.run(f"document.querySelector({json.dumps(field)}).value = {json.dumps(value)}")

    @contextmanager
    def going(self):
        """Wait for the page after Back, Forward or Refresh."""
        yield
        wait_until(self.engine, "document.readyState === 'complete' && document.querySelector('main')")

    def read(self) -> str:
        return " ".join(self.text.split())

    def write(self, label: str, text: str) -> None:
        field = (
            f"[...document.querySelectorAll('label')].find(l => l.textContent.trim() === {json.dumps(label)}).control"
        )
        self.engine.run(f"const field = {field}; field.focus(); field.value = {json.dumps(text)};")

    def go_on(self, words: str) -> None:
        self.press(words)
