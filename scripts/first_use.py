"""Starts the program of an unpacked archive, gives it a file, asks, and tells when each was done. The network is loopback alone."""

import fcntl
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request

OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
LIMIT_S = 10
BOUNDARY = "first-use"


def raise_loopback():
    """In a new network namespace even loopback is down (netdevice(7): SIOCSIFFLAGS, IFF_UP | IFF_RUNNING)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        fcntl.ioctl(own, 0x8914, struct.pack("16sH14x", b"lo", 0x1 | 0x40))


def assert_alone():
    with socket.socket() as own:
        own.settimeout(1)
        try:
            own.connect(("192.0.2.1", 80))
        except OSError:
            return
    raise AssertionError("there is a network")


def call(url, path, body=None, kind="application/json"):
    request = urllib.request.Request(url + path, body, {"content-type": kind} if body else {})
    with OPENER.open(request, timeout=LIMIT_S) as reply:
        return json.load(reply)


def upload(url, file):
    head = (
        f"--{BOUNDARY}\r\ncontent-disposition: form-data; "
        f'name="file"; filename="{os.path.basename(file)}"\r\n\r\n'
    )
    with open(file, "rb") as opened:
        body = head.encode() + opened.read() + f"\r\n--{BOUNDARY}--\r\n".encode()
    return call(url, "/api/collections/default/sources", body, f"multipart/form-data; boundary={BOUNDARY}")


def answer_of(url, question, words):
    """The citation that has the words, when there is one."""
    try:
        answer = call(url, "/api/collections/default/ask", json.dumps({"question": question}).encode())
    except urllib.error.HTTPError:
        return None
    return next((one for one in answer["citations"] if words in one["quote"]), None)


def main(folder, file, question, words):
    raise_loopback()
    assert_alone()
    data = os.path.join(folder, "data")
    began = time.monotonic()
    done = lambda: f"{time.monotonic() - began:6.2f} s"
    command = [os.path.join(folder, "pllm"), "--data-dir", data, "--json", "serve", "--port", "0"]
    program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        text = program.stdout.readline()
        url = json.loads(text)["url"]
        print(f"{done()}  the service listens")
        call(url, "/api/collections", json.dumps({"name": "default"}).encode())
        job = upload(url, file)
        print(f"{done()}  {os.path.basename(file)} is handed over")
        cited = None
        while cited is None:
            assert time.monotonic() - began < 2 * LIMIT_S, call(url, f"/api/jobs/{job['id']}")
            time.sleep(0.05)
            cited = answer_of(url, question, words)
        took = time.monotonic() - began
        print(f"{done()}  {cited['name']}, {cited['place']['label']}: “{cited['quote']}”")
    finally:
        program.send_signal(signal.SIGTERM)
        program.wait()
    assert took <= LIMIT_S, f"{took:.1f} s, expected {LIMIT_S} s at most"


if __name__ == "__main__":
    main(*sys.argv[1:])
