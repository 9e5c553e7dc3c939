"""Each package imports only what its row of ROOMS allows."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# The longest prefix counts. docs/architecture.md has the same table.
ROOMS: dict[str, tuple[str, ...]] = {
    "crc_site.sqlite": (),
    "crc_site.observability": (),
    "crc_site.middleware": (),
    "content": ("crc_site.observability",),
    "screening.privacy": (),
    "screening.models": ("screening.privacy",),
    "screening.questionnaire": ("content", "crc_site.middleware", "screening.privacy", "screening.models"),
    "screening.inquiries": (
        "content",
        "crc_site.middleware",
        "screening.privacy",
        "screening.models",
        "screening.questionnaire",
    ),
    "screening.backups": ("screening.privacy", "screening.models", "screening.inquiries"),
    "screening.outbox": (
        "content",
        "screening.privacy",
        "screening.models",
        "screening.questionnaire",
        "screening.inquiries",
    ),
    "screening.accounts": ("crc_site.middleware", "screening.privacy", "screening.models"),
    "screening.worker": (
        "screening.privacy",
        "screening.models",
        "screening.questionnaire",
        "screening.inquiries",
        "screening.backups",
        "screening.outbox",
        "screening.accounts",
    ),
    "screening.desk": (
        "screening.privacy",
        "screening.models",
        "screening.questionnaire",
        "screening.inquiries",
        "screening.outbox",
        "screening.accounts",
    ),
    # App configuration, checks, commands, URLs.
    "screening": ("content", "crc_site.observability", "screening"),
    "crc_site": ("content", "screening", "crc_site"),
}
OURS = ("crc_site", "content", "screening")

# No request, no database.
PURE = ("types", "flow", "text_cleaning")

# The packages and modules that may write inquiries and related rows.
WRITERS = (
    "screening.models",
    "screening.questionnaire.drafts",
    "screening.inquiries.services",
    "screening.outbox",
    "screening.worker.scheduler",
)
_WRITING = {"create", "bulk_create", "save", "update", "delete", "get_or_create", "update_or_create"}
_WRITTEN = ("Inquiry", "Draft.", "Mark", "Note", "Letter", "Event", "Schedule")


def modules() -> list[str]:
    files = [file for folder in OURS for file in (ROOT / folder).rglob("*.py")]
    files = [file for file in files if "migrations" not in file.parts and file.name != "gunicorn.conf.py"]
    return sorted(".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for file in files)


def source_of(module: str) -> str:
    path = ROOT.joinpath(*module.split("."))
    return (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text(encoding="utf-8")


def imports_of(module: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(source_of(module))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module}: imports name their whole path"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def is_within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def room_of(module: str) -> str:
    return max((room for room in ROOMS if is_within(module, room)), key=len)


def test_each_row_names_lower_rooms_only():
    order = list(ROOMS)
    for room, may_import in ROOMS.items():
        for other in may_import:
            assert order.index(other) <= order.index(room), f"{room} names {other}, which stands below it"


@pytest.mark.parametrize("module", modules())
def test_a_module_imports_only_what_the_row_of_its_room_names(module):
    room = room_of(module)
    for imported in imports_of(module):
        if any(is_within(imported, package) for package in OURS):
            allowed = (room, *ROOMS[room])
            assert any(is_within(imported, other) for other in allowed), f"{module} imports {imported}"


@pytest.mark.slow
def test_one_module_alone_knows_the_markdown_library():
    knowing = [m for m in modules() if any(is_within(name, "markdown") for name in imports_of(m))]
    assert knowing == ["content.rendering"]


@pytest.mark.parametrize("name", PURE)
def test_the_pure_modules_know_no_django(name):
    assert not any(is_within(imported, "django") for imported in imports_of(f"screening.questionnaire.{name}"))


@pytest.mark.slow
def test_only_services_drafts_outbox_and_scheduler_write_the_models():
    for module in modules():
        if any(is_within(module, writer) for writer in WRITERS) or not module.startswith("screening"):
            continue
        for node in ast.walk(ast.parse(source_of(module))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _WRITING:
                called = ast.unparse(node.func)
                assert not any(name in called for name in _WRITTEN), f"{module} writes: {called}"
