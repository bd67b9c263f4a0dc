"""Waiting for conditions, never for an amount of time."""

import time


def eventually(condition, what, timeout=10.0, interval=0.01):
    """Polls until `condition()` is truthy and returns that value; fails naming `what` otherwise.

    `what` is a string, or a function that describes the state at the moment of giving up.
    """
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout:g} s: {what() if callable(what) else what}")
        time.sleep(interval)


def settled(measure, quiet=0.5, timeout=20.0):
    """Polls until `measure()` has not changed for `quiet` seconds, and returns it."""
    deadline = time.monotonic() + timeout
    last, since = measure(), time.monotonic()
    while time.monotonic() - since < quiet:
        if time.monotonic() > deadline:
            raise AssertionError(f"still changing after {timeout:g} s, now {last}")
        time.sleep(0.02)
        now = measure()
        if now != last:
            last, since = now, time.monotonic()
    return last
