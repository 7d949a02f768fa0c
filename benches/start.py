#!/usr/bin/env python3
"""How long until `pllm serve` listens, until it answers, until its models are loaded, until the first search; and its memory at each.

    start.py --data DIR --binary PLLM [--starts N]

DIR is the folder of scripts/twenty-thousand.sh. Every start is of a new process, with that library and with an empty data directory.
Goal: it listens, and answers, 300 ms after its start.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time

from service import Service, end_in_order, free_port, machine

MOST_SECONDS = 0.3


def start(options, folder, question):
    """Seconds and memory of one start."""
    port = free_port()
    command = [options.binary, "--data-dir", folder, "serve", "--port", str(port)]
    with Service("pllm serve", command, port, f"{options.data}/serve.log") as service:
        found = {"listening": service.seconds_until_listening()}
        memory = {"listening": service.memory()}
        # The port is taken before the data directory is opened: who comes early waits.
        found["first answer"] = service.wait_until("/livez", lambda _: True)
        memory["first answer"] = service.memory()
        found["models loaded"] = service.wait_until("/api/health", lambda health: health["state"] == "ready")
        memory["models loaded"] = service.memory()
        if question:
            began = time.perf_counter()
            service.ask("POST", "/api/collections/bench/search", {"query": question})
            found["first search, opens the collection"] = time.perf_counter() - began
            memory["first search, opens the collection"] = service.memory()
    return found, memory


def measure(name, options, folder, question):
    print(f"\n{name}, {options.starts} starts, {machine()}")
    starts = [start(options, folder, question) for _ in range(options.starts)]
    for step in starts[0][0]:
        times = [1e3 * found[step] for found, _ in starts]
        memory = {key: statistics.median(held[step][key] for _, held in starts) for key in ("Rss", "Anonymous")}
        print(f"  {step}: median {statistics.median(times):.0f} ms, most {max(times):.0f} ms;",
              ", ".join(f"{key} {value:.0f} MB" for key, value in memory.items()))
    return max(found["first answer"] for found, _ in starts) <= MOST_SECONDS


def main(options):
    end_in_order()
    with open(f"{options.data}/queries.jsonl", encoding="utf-8") as file:
        question = json.loads(file.readline())["text"]
    with tempfile.TemporaryDirectory() as empty:
        met = [measure("20,000 chunks", options, f"{options.data}/pllm", question),
               measure("an empty data directory", options, empty, None)]
    return 0 if all(met) else 1


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    for flag in ["data", "binary"]:
        arguments.add_argument(f"--{flag}", required=True)
    arguments.add_argument("--starts", type=int, default=10)
    sys.exit(main(arguments.parse_args()))
