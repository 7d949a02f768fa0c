"""A service under measurement: start it, ask it, see its memory, end it. Python's standard library only."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time

START_SECONDS, ANSWER_SECONDS, END_SECONDS = 600, 120, 20


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def end_in_order():
    """Lets a signal end this program as an error does, so that the services that it started are ended too."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


class Service:
    """A child process that listens on `port`; what it logs is in `log`."""

    def __init__(self, name, command, port, log, environment=None):
        self.name, self.port, self.log = name, port, log
        self.began = time.perf_counter()
        with open(log, "w", encoding="utf-8") as out:
            self.process = subprocess.Popen(
                command, env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.STDOUT, start_new_session=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def seconds_until_listening(self):
        """Since it was started; a connection is tried all the time."""
        while True:
            self.check()
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return time.perf_counter() - self.began
            except OSError:
                time.sleep(0.001)

    def wait_until(self, path, is_so):
        """Asks `path` until what it answers `is_so`."""
        while True:
            self.check()
            try:
                status, body = self.ask("GET", path)
                if status == 200 and is_so(body):
                    return time.perf_counter() - self.began
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.05)

    def check(self):
        if self.process.poll() is not None:
            raise SystemExit(f"error: {self.name} ended with {self.process.returncode}, see {self.log}")
        if time.perf_counter() - self.began > START_SECONDS:
            raise SystemExit(f"error: {self.name} is not ready after {START_SECONDS} s, see {self.log}")

    def ask(self, method, path, body=None, headers=None):
        """Status and JSON of one request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        try:
            if body is not None and not isinstance(body, bytes):
                body, headers = json.dumps(body).encode(), {"Content-Type": "application/json", **(headers or {})}
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            data = response.read()
            is_json = "json" in (response.headers["Content-Type"] or "")
            return response.status, json.loads(data) if is_json else data
        finally:
            connection.close()

    def memory(self):
        """Of all its processes, MB of 1,000,000 bytes: resident, share of what is shared counted once, anonymous."""
        total = dict.fromkeys(["Rss", "Pss", "Anonymous"], 0)
        for process in tree(self.process.pid):
            try:
                with open(f"/proc/{process}/smaps_rollup", encoding="ascii") as file:
                    rows = [line.split() for line in file]
            except OSError:
                continue
            for row in rows:
                if row[0].rstrip(":") in total:
                    total[row[0].rstrip(":")] += int(row[1]) * 1024 / 1e6
        return total


def tree(root):
    """A process and all below it."""
    children = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                parent = int(file.read().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(name))
    found = [root]
    for process in found:
        found += children.get(process, [])
    return found


def machine():
    """Processor, cores and load, for the report."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        name = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "unknown")
    return f"{name}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
