"""The conversation between the measuring program and a peer, one line at a time.

A peer builds its network, compiles and warms up, and prints {"ready": true, ...}. For every line on standard input, a
work and the seconds to spend on it ("training 0.5"), it runs that work's step again and again and prints one line of
JSON. It ends with its input. In between it waits in a read: no thread of it may spin then.
"""

import json
import statistics
import sys
import time


def say(**values):
    print(json.dumps(values), flush=True)


def warm_up(step, count=12, seconds=1.5):
    """The first calls compile; the later ones settle."""
    step(0)
    end = time.perf_counter() + seconds
    for i in range(1, count):
        step(i)
        if time.perf_counter() > end:
            break


LEAD_IN = 0.3  # seconds: threads that slept need some steps to spread over the cores again


def burst(step, batch, seconds):
    lead_in_end = time.perf_counter() + LEAD_IN
    i = 0
    while time.perf_counter() < lead_in_end:
        step(i)
        i += 1
    times = []
    end = time.perf_counter() + seconds
    while True:
        start = time.perf_counter()
        step(i)
        now = time.perf_counter()
        times.append(now - start)
        i += 1
        if now >= end and len(times) >= 3:
            break
    median = statistics.median(times)
    return {
        "images_per_second": batch / median,
        "median_ms": 1e3 * median,
        "least_ms": 1e3 * min(times),
        "steps": len(times),
    }


def serve(version, batch, works):
    """works: name -> function of the step's number, which returns when the step is done."""
    for step in works.values():
        warm_up(step)
    say(ready=True, version=version)
    for line in sys.stdin:
        words = line.split()
        if len(words) != 2 or words[0] not in works:
            say(error=f"this peer knows {', '.join(works)} and seconds, not '{line.strip()}'")
            continue
        say(**burst(works[words[0]], batch, float(words[1])))
