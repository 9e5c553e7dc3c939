"""One interface to three browser engines: Chromium by Playwright, Firefox by Marionette, WebKitGTK by WebDriver."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import Browser

from tests.served import HANG, free_port

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
WEBKIT_DRIVER = shutil.which("WebKitWebDriver")
XVFB = shutil.which("Xvfb")
_SYSTEM_PYTHON = "/usr/bin/python3"
_BINDINGS = [
    *Path("/usr/lib/python3/dist-packages").glob("gi/__init__.py"),
    *Path("/usr/lib").glob("*/girepository-1.0/WebKit2-4.1.typelib"),
]
_MINI_BROWSERS = sorted(Path("/usr/lib").glob("*/webkit2gtk-4*/MiniBrowser"))

# WebDriver's characters for these keys.
TAB, ENTER = "\ue004", "\ue007"

# For each engine, the missing programs as named in the test summary, or None if it is available.
MISSING = {
    "firefox": None if FIREFOX else "Firefox (Debian: firefox-esr)",
    "webkit": None
    if WEBKIT_DRIVER and XVFB and _MINI_BROWSERS and len(_BINDINGS) == 2
    else "WebKitGTK (Debian: webkit2gtk-driver, xvfb, python3-gi, gir1.2-webkit2-4.1)",
}


class Engine(Protocol):
    """A browser with one window.

    ``run`` returns the result of a JavaScript function body; ``print`` the page as PDF; ``forget`` deletes the cookies;
    ``type`` sends characters and the keys ``TAB`` and ``ENTER`` to whatever has the focus.
    """

    def open(self, address: str) -> None: ...
    def back(self) -> None: ...
    def forward(self) -> None: ...
    def reload(self) -> None: ...
    def resize(self, width: int, height: int) -> None: ...
    def forget(self) -> None: ...
    def print(self) -> bytes: ...
    def run(self, script: str) -> Any: ...
    def type(self, keys: str) -> None: ...


class Chromium:
    def __init__(self, browser: Browser):
        self.page = browser.new_page()
        self.page.set_default_timeout(1000 * HANG)

    def open(self, address: str) -> None:
        self.page.goto(address)

    def back(self) -> None:
        self.page.go_back()

    def forward(self) -> None:
        self.page.go_forward()

    def reload(self) -> None:
        self.page.reload()

    def resize(self, width: int, height: int) -> None:
        self.page.set_viewport_size({"width": width, "height": height})

    def forget(self) -> None:
        self.page.context.clear_cookies()

    def print(self) -> bytes:
        return self.page.pdf()

    def run(self, script: str) -> Any:
        return self.page.evaluate(f"() => {{ {script} }}")

    def type(self, keys: str) -> None:
        names = {TAB: "Tab", ENTER: "Enter"}
        if keys in names:
            self.page.keyboard.press(names[keys])
        else:
            self.page.keyboard.type(keys)


class Firefox:
    def __init__(self, client: Any):
        self.client = client

    def open(self, address: str) -> None:
        self.client.navigate(address)

    def back(self) -> None:
        self.client.go_back()

    def forward(self) -> None:
        self.client.go_forward()

    def reload(self) -> None:
        self.client.refresh()

    def resize(self, width: int, height: int) -> None:
        """Resize the window so that the page's viewport has this size."""
        frame = self.run("return [outerWidth - innerWidth, outerHeight - innerHeight]")
        self.client.set_window_rect(width=width + frame[0], height=height + frame[1])

    def forget(self) -> None:
        self.client.delete_all_cookies()

    def print(self) -> bytes:
        return base64.b64decode(self.client._send_message("WebDriver:Print", {}, key="value"))

    def run(self, script: str) -> Any:
        return self.client.execute_script(script)

    def type(self, keys: str) -> None:
        self.client.actions.sequence("key", "keyboard").send_keys(keys).perform()
        self.run("if (!document.hasFocus()) window.focus()")  # after a page's end, Tab goes on in the window's bars


class WebKit:
    def __init__(self, driver: Any, environment: dict[str, str]):
        self.driver = driver
        self.environment = environment

    def open(self, address: str) -> None:
        self.driver.get(address)

    def back(self) -> None:
        self.driver.back()

    def forward(self) -> None:
        self.driver.forward()

    def reload(self) -> None:
        self.driver.refresh()

    def resize(self, width: int, height: int) -> None:
        frame = self.run("return [outerWidth - innerWidth, outerHeight - innerHeight]")
        self.driver.set_window_size(width + frame[0], height + frame[1])

    def forget(self) -> None:
        self.driver.delete_all_cookies()

    def print(self) -> bytes:
        """The driver knows no printing, so another window of the same engine, without cookies, prints the address."""
        with tempfile.TemporaryDirectory(prefix="print-") as folder:
            paper = Path(folder) / "page.pdf"
            script = Path(__file__).parent / "webkit_print.py"
            command = [_SYSTEM_PYTHON, str(script), self.driver.current_url, str(paper)]
            subprocess.run(command, env=self.environment, check=True, capture_output=True, timeout=HANG)
            return paper.read_bytes()

    def run(self, script: str) -> Any:
        return self.driver.execute_script(script)

    def type(self, keys: str) -> None:
        from selenium.webdriver import ActionChains

        ActionChains(self.driver).send_keys(keys).perform()


@contextmanager
def firefox(folder: Path) -> Iterator[Firefox]:
    """Headless Firefox with an empty profile in ``folder``; it makes no requests of its own."""
    from marionette_driver.marionette import Marionette

    prefs = {
        "browser.shell.checkDefaultBrowser": False,
        "datareporting.policy.dataSubmissionEnabled": False,
        "app.update.enabled": False,
        "network.captive-portal-service.enabled": False,
        "network.connectivity-service.enabled": False,
        "services.settings.server": "data:,",
        "messaging-system.rsexperimentloader.enabled": False,
        "marionette.port": free_port(),
    }
    profile = folder / "profile"
    profile.mkdir()
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in prefs.items()]
    (profile / "user.js").write_text("\n".join(lines))
    command = [str(FIREFOX), "--headless", "--marionette", "--no-remote", "--profile", str(profile)]
    browser = subprocess.Popen(command, env=os.environ | {"HOME": str(folder)}, stderr=subprocess.DEVNULL)
    try:
        client = Marionette(host="127.0.0.1", port=prefs["marionette.port"])
        client.raise_for_port(timeout=HANG)
        client.start_session()
        yield Firefox(client)
        client.delete_session()
    finally:
        browser.terminate()
        browser.wait(timeout=HANG)


@contextmanager
def webkit(folder: Path) -> Iterator[WebKit]:
    """WebKitGTK's MiniBrowser on a virtual screen."""
    from selenium.webdriver import WebKitGTK, WebKitGTKOptions
    from selenium.webdriver.webkitgtk.service import Service

    screen = subprocess.Popen(
        [str(XVFB), "-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert screen.stdout is not None
    display = f":{screen.stdout.readline().strip()}"
    options = WebKitGTKOptions()
    options.binary_location = str(_MINI_BROWSERS[-1])
    options.add_argument("--automation")
    # Over plain HTTP this cache restores even no-store pages; over HTTPS, as in production, it does not.
    options.add_argument("--enable-page-cache=false")
    environment = os.environ | {
        "DISPLAY": display,
        "HOME": str(folder),
        "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",  # it cannot run as root; only our own pages are shown
        "LIBGL_ALWAYS_SOFTWARE": "1",
        "NO_AT_BRIDGE": "1",
    }
    service = Service(str(WEBKIT_DRIVER), port=free_port(), env=environment)
    try:
        driver = WebKitGTK(options=options, service=service)
        try:
            yield WebKit(driver, environment)
        finally:
            driver.quit()
    finally:
        screen.terminate()
        screen.wait(timeout=HANG)


def wait_until(engine: Engine, script: str) -> None:
    """Wait until the JavaScript expression is true: a click returns before the next page is loaded."""
    end = time.monotonic() + HANG
    while True:
        try:
            if engine.run(f"return Boolean({script})"):
                return
        except Exception:  # the page is being unloaded
            if time.monotonic() > end:
                raise
        assert time.monotonic() < end, f"{script} never held at {engine.run('return location.href')}"
        time.sleep(0.05)
