"""A walker for the text browser Lynx, which reads its keys from a pipe and prints each page to a file."""

import os
import re
import shutil
import subprocess
from functools import cached_property
from itertools import count
from pathlib import Path

from tests.served import HANG, wait_for

# Every link and field has a number that selects it; a text field needs Enter before it takes text.
_SETTINGS = """
ACCEPT_ALL_COOKIES:TRUE
ALERTSECS:0
ASSUME_CHARSET:utf-8
CHARACTER_SET:utf-8
DEFAULT_KEYPAD_MODE:LINKS_AND_FIELDS_ARE_NUMBERED
INFOSECS:0
MESSAGESECS:0
TEXTFIELDS_NEED_ACTIVATION:TRUE
"""
_NAMES = {"\n": "^J", "\t": "^I", " ": "<space>"}


class Lynx:
    def __init__(self, folder: Path):
        self.folder = folder
        self._printed = count(1)
        (folder / "lynx.cfg").write_text(_SETTINGS, encoding="utf-8")
        os.mkfifo(folder / "keys")
        self._keys = os.open(folder / "keys", os.O_RDWR)

    def open(self, address: str) -> None:
        self._process = subprocess.Popen(
            [shutil.which("lynx"), "-cfg=lynx.cfg", "-cmd_script=keys", address],
            cwd=self.folder,
            env={"HOME": str(self.folder), "TERM": "vt100", "LANG": "C.UTF-8", "LINES": "50", "COLUMNS": "250"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def read(self) -> str:
        return re.sub(r"\[\d+\]", "", self._page)

    def choose(self, label: str) -> None:
        self._press(self._number(rf"\[(\d+)\](?:\([ *]\)|\[[ X]\]) {re.escape(label)}") + "\n\n")

    def write(self, label: str, text: str) -> None:
        self._press(self._number(rf"{re.escape(label)}.*?\[(\d+)\]_") + f"\n\n{text}\t")

    def go_on(self, words: str) -> None:
        """A link needs its number and Enter, a button a second Enter."""
        page = self._page
        button = re.search(rf"\(\[(\d+)\]BUTTON\) {re.escape(words)}", page)
        link = re.search(rf"\[(\d+)\]{re.escape(words)}", page)
        assert button or link, page
        self._press(f"{button[1]}\n\n" if button else f"{link[1]}\n")
        del self._page

    def close(self) -> None:
        self._command("exit")
        try:
            self._process.wait(timeout=HANG)
        finally:
            self._process.kill()
            os.close(self._keys)

    def _number(self, pattern: str) -> str:
        found = re.search(pattern, self._page)
        assert found, self._page
        return found[1]

    @cached_property
    def _page(self) -> str:
        """The page as Lynx prints it first; that print is complete once the second one exists."""
        name = f"page-{next(self._printed)}"
        for file in (name, f"{name}-done"):
            self._press("p\n")
            self._command("key ^U")
            self._press(f"{file}\n")
        assert wait_for((self.folder / f"{name}-done").exists), "Lynx does not answer"
        return " ".join((self.folder / name).read_text(encoding="utf-8").split())

    def _press(self, text: str) -> None:
        for byte in text.encode():
            self._command(f"key {_NAMES.get(chr(byte)) or (chr(byte) if byte < 128 else hex(byte))}")

    def _command(self, line: str) -> None:
        os.write(self._keys, f"{line}\n".encode())
