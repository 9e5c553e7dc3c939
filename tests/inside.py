"""Run functions inside the site: in a process that has its environment and its settings."""

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from tests.served import ROOT

_PROGRAM = """
import importlib, json, sys, django
from django.db import connections
django.setup()
for line in sys.stdin:
    module, name, arguments = json.loads(line)
    answer = json.dumps(getattr(importlib.import_module(module), name)(*arguments))
    connections.close_all()  # before the answer: a drill may stop the database next
    print(answer, flush=True)
"""


@dataclass
class Inside:
    """One process for all calls, since Django takes a second to start; a new one if the environment has changed."""

    environment: dict[str, str]
    _process: subprocess.Popen | None = field(init=False, default=None)
    _started_with: dict[str, str] = field(init=False, default_factory=dict)

    def run(self, function: Callable, *arguments: Any) -> Any:
        """Run a module's function. Arguments and result must be JSON. Raises CalledProcessError if the process ends."""
        process = self._running()
        process.stdin.write(json.dumps([function.__module__, function.__name__, arguments]) + "\n")
        process.stdin.flush()
        if answer := process.stdout.readline():
            return json.loads(answer)
        raise subprocess.CalledProcessError(process.wait(), function.__name__)

    def _running(self) -> subprocess.Popen:
        is_usable = self._process and self._process.poll() is None and self._started_with == self.environment
        if not is_usable:
            self.close()
            self._started_with = dict(self.environment)
            self._process = subprocess.Popen(
                [sys.executable, "-c", _PROGRAM],
                cwd=ROOT,
                env=self._started_with,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        return self._process

    def close(self) -> None:
        if self._process:
            with self._process:  # closes its input, which ends it, and waits
                self._process = None


def inside(environment: dict[str, str], function: Callable, *arguments: Any) -> Any:
    """Run one function in a process of its own."""
    with closing(Inside(environment)) as process:
        return process.run(function, *arguments)
