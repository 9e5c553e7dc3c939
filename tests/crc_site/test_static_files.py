from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from crc_site.static_files import MinifiedStaticFilesStorage


def served(folder, name: str, text: str) -> str:
    """The file under its hashed name, after `collectstatic`."""
    source, storage = FileSystemStorage(folder / "source"), MinifiedStaticFilesStorage(location=folder / "served")
    source.save(name, ContentFile(text.encode()))
    with source.open(name) as file:
        storage.save(name, file)
    list(storage.post_process({name: (source, name)}))
    hashed = storage.stored_name(name)
    assert hashed != name
    return (folder / "served" / hashed).read_text()


def test_style_sheets_are_served_without_comments_and_spaces(tmp_path):
    style = "/* A note. */\n@media (width < 30rem) {\n  p > a { color: red; margin: calc(1px + 2px) }\n}\n"
    assert served(tmp_path, "site.css", style) == "@media (width < 30rem){p>a{color:red;margin:calc(1px + 2px)}}"


def test_other_files_are_served_as_they_are(tmp_path):
    assert served(tmp_path, "OFL.txt", "/* A note. */\n") == "/* A note. */\n"
