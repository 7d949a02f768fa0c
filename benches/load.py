"""A closed loop: so many clients, each asks again as soon as it is answered. Python's standard library only."""

import http.client
import itertools
import threading
import time


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


class Load:
    """What `clients` saw in `seconds`: answers a second, and how long each took, seconds."""

    def __init__(self, port, requests, clients, seconds):
        self.times, self.faults, self.lock = [], [], threading.Lock()
        self.requests, self.port = itertools.cycle(requests), port
        self.began = time.perf_counter()
        self.end = self.began + seconds
        threads = [threading.Thread(target=self.client) for _ in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.rate = len(self.times) / (time.perf_counter() - self.began)

    def client(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        while time.perf_counter() < self.end:
            with self.lock:
                path, body = next(self.requests)
            began = time.perf_counter()
            connection.request("POST", path, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            answer = response.read()
            took = time.perf_counter() - began
            with self.lock:
                self.times.append(took)
                if response.status != 200:
                    self.faults.append((response.status, answer[:200]))
        connection.close()

    def p(self, share):
        return quantile(self.times, share)

    def __str__(self):
        faults = f", {len(self.faults)} NOT ANSWERED {self.faults[0]}" if self.faults else ""
        return (f"{self.rate:8.2f}/s  p50 {1e3 * self.p(0.5):7.1f} ms  p99 {1e3 * self.p(0.99):7.1f} ms"
                f"  ({len(self.times)} answers{faults})")
