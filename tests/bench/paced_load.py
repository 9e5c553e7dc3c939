"""Clients that send requests at a steady pace, and their 95th percentile."""

import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

CLIENTS = 20
TURNS, SECONDS = 3, 5

Ask = Callable[[int], float]  # one request of the client with this number; returns its seconds


def p95(asks: Sequence[Ask]) -> list[float]:
    """Return each ask's 95th percentile in seconds: CLIENTS clients at one request a second, TURNS times SECONDS."""
    taken: list[list[float]] = [[] for _ in asks]
    for _ in range(TURNS):
        for ask, of_one in zip(asks, taken, strict=True):
            of_one += _one_turn(ask)
    return [statistics.quantiles(of_one, n=20)[-1] for of_one in taken]


def _one_turn(ask: Ask) -> list[float]:
    start = time.monotonic() + 0.5

    def client(number: int) -> list[float]:
        return [_at(start + second + number / CLIENTS, ask, number) for second in range(SECONDS)]

    with ThreadPoolExecutor(CLIENTS) as pool:
        return [seconds for of_client in pool.map(client, range(CLIENTS)) for seconds in of_client]


def _at(moment: float, ask: Ask, number: int) -> float:
    time.sleep(max(0.0, moment - time.monotonic()))
    return ask(number)
