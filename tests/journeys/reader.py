"""A walker in any of three browser engines."""

import json
from contextlib import contextmanager

import pytest

from tests.engines import Engine, wait_until

ENGINES = (
    "chromium",
    pytest.param("firefox", marks=pytest.mark.firefox),
    pytest.param("webkit", marks=pytest.mark.webkit),
)


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
        self.engine.run(f"document.documentElement.dataset.left = 'yes'; {control}.click()")
        wait_until(self.engine, "!document.documentElement.dataset.left && document.readyState === 'complete'")

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
