"""A pytest plugin for `any_day`: from the first import on, the clock runs SHIFTED_BY seconds ahead of the true one."""

import os
import time
from datetime import UTC, datetime

import time_machine

_shifted_by = float(os.environ.get("SHIFTED_BY", "0"))
if _shifted_by:
    time_machine.travel(datetime.fromtimestamp(time.time() + _shifted_by, UTC), tick=True).start()
