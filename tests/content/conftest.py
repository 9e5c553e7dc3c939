"""Texts that did not change are rendered once for all tests of this package."""

from functools import cache

import pytest

from content import documents
from content.rendering import Rendered, render


@cache
def _render_once(source: str, language: str, default_language: str, terms: tuple) -> Rendered:
    return render(source, language=language, default_language=default_language, terms=dict(terms))


@pytest.fixture(autouse=True)
def render_once(monkeypatch) -> None:
    def remembered(source: str, *, language: str, default_language: str, terms: dict) -> Rendered:
        return _render_once(source, language, default_language, tuple(terms.items()))

    monkeypatch.setattr(documents, "render", remembered)
