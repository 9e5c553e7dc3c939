"""A pytest plugin for `any_day` that shifts the clock by SHIFTED_BY seconds before anything else is imported."""

import os
import time
from datetime import UTC, datetime

import time_machine

_shifted_by = float(os.environ.get("SHIFTED_BY", "0"))
if _shifted_by:
    time_machine.travel(datetime.fromtimestamp(time.time() + _shifted_by, UTC), tick=True).start()
