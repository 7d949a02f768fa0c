#!/usr/bin/env python3
"""How long does a question take while thousands of documents are being read, and what does the reading lose by it?

    while_reading.py --data DIR --binary PLLM [--documents N] [--questions N]

DIR is the folder of scripts/twenty-thousand.sh: corpus.jsonl, queries.jsonl and pllm/ with the collection `bench`. The server runs
on a copy of pllm/; N new documents (6,000) are given to the collection that is asked, first as the rows of one table, then as files
of their own. Goal: the median of the questions is at most twice that of the idle server and 200 ms more.
"""

import argparse
import itertools
import json
import os
import shutil
import statistics
import sys
import tempfile
import time

from load import Load, quantile
from service import Service, end_in_order, free_port, machine

ALLOWED_FACTOR, ALLOWED_MS = 2, 200
PAUSE, WINDOW = 0.2, 20
FILES_A_JOB = 1000


def asked(service, questions):
    """Milliseconds of each question, one after another with a pause, as a person would."""
    times = []
    for question in questions:
        began = time.perf_counter()
        status, answer = service.ask("POST", "/api/collections/bench/ask", {"question": question})
        times.append(1e3 * (time.perf_counter() - began))
        if status != 200:
            raise SystemExit(f"error: {status} {answer}")
        time.sleep(PAUSE)
    return times


def new_texts(corpus, count, mark):
    """Texts that are not in the collection yet: those of the corpus with another first sentence."""
    with open(corpus, encoding="utf-8") as file:
        for number, row in enumerate(map(json.loads, itertools.islice(file, count))):
            yield f"{mark}-{number}", row["title"], f"Copy {number} for {mark}. {row['text']}"


def form(files, options):
    """A multipart body."""
    edge, parts = "edge-of-the-parts", []
    if options:
        parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="options"\r\n\r\n{json.dumps(options)}\r\n')
    for name, text in files:
        parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n{text}\r\n')
    return "".join([*parts, f"--{edge}--\r\n"]).encode(), {"Content-Type": f"multipart/form-data; boundary={edge}"}


def upload(service, files, options=None):
    status, job = service.ask("POST", "/api/collections/bench/sources", *form(files, options))
    if status != 202:
        raise SystemExit(f"error: {status} {job}")
    return job["id"]


def as_table(service, texts):
    rows = "".join(json.dumps({"id": key, "title": title, "text": text}) + "\n" for key, title, text in texts)
    return [upload(service, [("new.jsonl", rows)], {"content": ["text"], "meta": ["title"], "id": "id"})]


def as_files(service, texts):
    files = [(f"{key}.txt", text) for key, _, text in texts]
    return [upload(service, files[n: n + FILES_A_JOB]) for n in range(0, len(files), FILES_A_JOB)]


def done(service, jobs):
    """Documents that the jobs have made, and whether one of them still runs."""
    states = [service.ask("GET", f"/api/jobs/{job}")[1] for job in jobs]
    return sum(state["documents"] for state in states), any(state["ended_at"] is None for state in states)


def rate(service, jobs, work):
    """Documents a second during `work`, and what it gave."""
    (before, _), began = done(service, jobs), time.perf_counter()
    result = work()
    (after, _), elapsed = done(service, jobs), time.perf_counter() - began
    return (after - before) / elapsed, result


def measure(name, give, service, options, questions):
    print(f"\n{name}, {machine()}")
    idle = asked(service, questions)
    began = time.perf_counter()
    jobs = give(service, new_texts(f"{options.data}/corpus.jsonl", options.documents, name))
    print(f"  given in: {time.perf_counter() - began:.1f} s")
    while done(service, jobs)[0] == 0:
        time.sleep(0.1)
    alone, _ = rate(service, jobs, lambda: time.sleep(WINDOW))
    beside, busy = rate(service, jobs, lambda: asked(service, questions))
    bodies = [("/api/collections/bench/ask", json.dumps({"question": question})) for question in questions]
    under_load, load = rate(service, jobs, lambda: Load(service.port, bodies, 1, WINDOW))
    _, is_running = done(service, jobs)
    for job in jobs:
        service.ask("POST", f"/api/jobs/{job}/cancel")
    while done(service, jobs)[1]:
        time.sleep(0.1)
    allowed = ALLOWED_FACTOR * statistics.median(idle) + ALLOWED_MS
    print(f"  idle:    median {statistics.median(idle):6.1f} ms, p95 {quantile(idle, 0.95):6.1f} ms, most {max(idle):.1f} ms")
    print(f"  reading: median {statistics.median(busy):6.1f} ms, p95 {quantile(busy, 0.95):6.1f} ms, most {max(busy):.1f} ms,"
          f" of {len(busy)}; allowed {allowed:.0f} ms")
    print(f"  one client that asks all the time: {load}")
    print(f"  documents/s: {alone:.1f} alone, {beside:.1f} beside {len(busy)} questions, {under_load:.1f} beside one client")
    if not is_running:
        print("  NOT VALID: the reading ended meanwhile, expected more --documents")
    return is_running and statistics.median(busy) <= allowed


def main(options):
    end_in_order()
    with open(f"{options.data}/queries.jsonl", encoding="utf-8") as file:
        questions = [json.loads(line)["text"] for line in file][: options.questions]
    with tempfile.TemporaryDirectory(dir=options.data) as folder:
        shutil.copytree(f"{options.data}/pllm", f"{folder}/pllm")
        port = free_port()
        command = [options.binary, "--data-dir", f"{folder}/pllm", "serve", "--port", str(port)]
        with Service("pllm serve", command, port, os.path.join(options.data, "serve.log")) as service:
            service.wait_until("/api/health", lambda health: health["state"] == "ready")
            asked(service, questions[:5])
            met = [measure(name, give, service, options, questions)
                   for name, give in [("table", as_table), ("files", as_files)]]
    return 0 if all(met) else 1


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    for flag in ["data", "binary"]:
        arguments.add_argument(f"--{flag}", required=True)
    arguments.add_argument("--documents", type=int, default=6000)
    arguments.add_argument("--questions", type=int, default=50)
    sys.exit(main(arguments.parse_args()))
