"""Clients at a steady pace, and how long the slowest of their answers take."""

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

CLIENTS = 20
SECONDS = 15


def p95(ask: Callable[[int], float]) -> float:
    """The 95th percentile of ``ask(client)``, in seconds: CLIENTS clients, one question a second each, for SECONDS."""
    start = time.monotonic() + 0.5

    def client(number: int) -> list[float]:
        return [_at(start + second + number / CLIENTS, ask, number) for second in range(SECONDS)]

    with ThreadPoolExecutor(CLIENTS) as pool:
        taken = [seconds for of_client in pool.map(client, range(CLIENTS)) for seconds in of_client]
    return statistics.quantiles(taken, n=20)[-1]


def _at(moment: float, ask: Callable[[int], float], number: int) -> float:
    time.sleep(max(0.0, moment - time.monotonic()))
    return ask(number)
