"""Prints a page to a PDF file with WebKitGTK, whose WebDriver cannot: `python3 webkit_print.py ADDRESS FILE`.

Runs with the system's Python, since GObject's bindings (python3-gi) belong to it; needs a display.
"""

import sys
from pathlib import Path

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402 (versions are required first)


def main(address: str, file: str) -> None:
    view = WebKit2.WebView()
    window = Gtk.OffscreenWindow(default_width=800, default_height=1000)
    window.add(view)
    window.show_all()
    settings = Gtk.PrintSettings()
    settings.set_printer("Print to File")
    settings.set(Gtk.PRINT_SETTINGS_OUTPUT_FILE_FORMAT, "pdf")
    settings.set(Gtk.PRINT_SETTINGS_OUTPUT_URI, Path(file).as_uri())
    printing = WebKit2.PrintOperation(web_view=view, print_settings=settings)
    printing.connect("finished", lambda _printing: Gtk.main_quit())
    printing.connect("failed", lambda _printing, error: sys.exit(error.message))
    view.connect("load-changed", lambda _view, event: event == WebKit2.LoadEvent.FINISHED and printing.print_())
    view.load_uri(address)
    Gtk.main()


if __name__ == "__main__":
    main(*sys.argv[1:])
