"""The arrows between the parts, as one table: a module may import only what its row names."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Longest prefix counts. What a row does not name is forbidden, of our own packages and of the libraries listed below.
MAY_IMPORT = {
    "crc_site": {"crc_site"},
    "crc_site.observability.health": {"screening.backups.restore_marker", "screening.models"},
    "crc_site.urls": {
        "content.imaging.photographs",
        "content.seo.sitemaps",
        "content.views",
        "crc_site.security_txt",
        "screening.questionnaire.views",
    },
    "crc_site.wsgi": {"content.page_cache", "screening.inquiries"},
    "content": {"content", "crc_site"},
    "content.rendering": {"markdown"},
    "screening.models": {"screening.privacy.encryption", "screening.models"},
    "screening.apps": {"screening.checks", "screening.desk.admin", "screening.privacy.vacuum"},
    "screening.templatetags": {"screening.desk"},
    "screening.urls": {"screening.inquiries", "screening.questionnaire"},
    "screening.checks": {"content.library", "screening.questionnaire"},
    "screening.management": {
        "content.library",
        "crc_site",
        "screening.inquiries",
        "screening.management",
        "screening.models",
        "screening.questionnaire",
        "screening.accounts",
    },
    "screening.questionnaire": {"content.documents", "content.library", "screening.questionnaire"},
    "screening.questionnaire.rate_limits": {"screening.privacy.encryption", "screening.models"},
    "screening.questionnaire.views": {
        "content.library",
        "crc_site.middleware.client_address",
        "crc_site.middleware.languages",
        "screening.models",
        "screening.questionnaire",
    },
    "screening.questionnaire.schema": set(),
    "screening.questionnaire.flow": {"screening.questionnaire.schema"},
    "screening.questionnaire.answer_text": {"screening.questionnaire.schema", "screening.questionnaire.fields"},
    "screening.questionnaire.text_cleaning": set(),
    "screening.questionnaire.drafts": {"screening.questionnaire", "screening.models"},
    "screening.inquiries": {"content", "screening.inquiries", "screening.models", "screening.questionnaire"},
    "screening.inquiries.views": {
        "crc_site.middleware.client_address",
        "screening.inquiries",
        "screening.models",
        "screening.questionnaire",
    },
    "screening.worker.scheduler": {
        "screening.inquiries",
        "screening.models",
        "screening.questionnaire",
        "screening.accounts.cleanup",
    },
    "screening.privacy.encryption": set(),
    "screening.accounts": {
        "crc_site.middleware.client_address",
        "screening.accounts.permissions",
        "screening.privacy.encryption",
        "screening.models",
        "screening.accounts",
    },
    "screening.desk.overview.charts": set(),
    "screening.accounts.permissions": set(),
    "screening.desk": {"screening.desk", "screening.inquiries", "screening.models", "screening.questionnaire"},
}
OURS = ("crc_site", "content", "screening")
GUARDED = (*OURS, "markdown")

# These know no request and no database.
PURE = ("catalogue", "flow", "plain")


def modules() -> list[str]:
    files = [file for folder in OURS for file in (ROOT / folder).rglob("*.py")]
    files = [file for file in files if "migrations" not in file.parts and file.name != "gunicorn.conf.py"]
    return sorted(".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for file in files)


def imports_of(module: str) -> set[str]:
    path = ROOT.joinpath(*module.split("."))
    source = (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text(encoding="utf-8")
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module}: imports name their whole path"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def permitted(module: str) -> set[str]:
    row = max((row for row in MAY_IMPORT if is_within(module, row)), key=len)
    return MAY_IMPORT[row]


def is_within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


@pytest.mark.parametrize("module", modules())
def test_arrows_run_one_way(module):
    for imported in imports_of(module):
        if any(is_within(imported, package) for package in GUARDED):
            assert any(is_within(imported, allowed) for allowed in permitted(module)), f"{module} imports {imported}"


@pytest.mark.parametrize("name", PURE)
def test_the_pure_modules_know_no_django(name):
    assert not any(is_within(imported, "django") for imported in imports_of(f"screening.questionnaire.{name}"))


def test_only_records_drafts_and_the_worker_write_the_models():
    writing = {"create", "bulk_create", "save", "update", "delete", "get_or_create", "update_or_create"}
    writers = {"records", "sending", "schedules"}
    may_write = {"screening.models", "screening.questionnaire.drafts", *(f"screening.inquiries.{w}" for w in writers)}
    for module in modules():
        if any(is_within(module, writer) for writer in may_write) or not module.startswith("screening"):
            continue
        path = ROOT.joinpath(*module.split("."))
        source = (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in writing:
                called = ast.unparse(node.func)
                assert not any(
                    name in called for name in ("Inquiry", "Draft.", "Mark", "Note", "Letter", "Event", "Schedule")
                ), f"{module} writes: {called}"
