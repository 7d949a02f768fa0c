"""Does the main job end with the sample library served? Without a terminal, a second time, beside somebody else's port, and in a
terminal, where Ctrl-C ends it."""

import json
import os
import pty
import re
import signal
import socket
import subprocess
import time
import urllib.request

from address import OPENER
from check_answer import EXPECTED, QUESTION

RUN = ["scripts/run.sh"]
ADDRESS = re.compile(r"Personal LLM is on (http://127\.0\.0\.1:(\d+))")
PROCESS = re.compile(r"`kill (\d+)` ends it")
LIMIT_S = 120


def run(**environment):
    """The main job without a terminal: it does not wait for the service to end."""
    done = subprocess.run(
        RUN,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, **environment},
        timeout=LIMIT_S,
        check=False,
    )
    text = done.stdout.decode("utf-8")
    print(text, end="")
    assert done.returncode == 0, f"exit code {done.returncode}"
    return text


def address_in(text):
    found = ADDRESS.search(text)
    assert found, text
    return found[1], int(found[2])


def check_answer(url):
    body = json.dumps({"question": QUESTION}).encode("utf-8")
    request = urllib.request.Request(
        f"{url}/api/collections/default/ask", body, {"content-type": "application/json"}
    )
    with OPENER.open(request, timeout=LIMIT_S) as reply:
        answer = json.load(reply)
    first = answer["citations"][0]
    assert not answer["abstained"] and EXPECTED in first["quote"], answer
    assert first["name"] == "travel-plan.md", first


def check_page(url):
    with OPENER.open(url, timeout=LIMIT_S) as reply:
        assert reply.headers.get_content_type() == "text/html", reply.headers


def wait_for(what, holds):
    until = time.monotonic() + LIMIT_S
    while not holds():
        assert time.monotonic() < until, what
        time.sleep(0.05)


def is_closed(port):
    with socket.socket() as own:
        return own.connect_ex(("127.0.0.1", port)) != 0


def check_background():
    """It serves, says so again, and ends by its process's id."""
    text = run()
    url, port = address_in(text)
    process = int(PROCESS.search(text)[1])
    try:
        check_answer(url)
        check_page(url)
        again = run()
        assert "served already" in again and address_in(again) == (url, port), again
    finally:
        os.kill(process, signal.SIGTERM)
    wait_for("it does not end", lambda: is_closed(port) and not os.path.exists(f"/proc/{process}"))
    return port


def check_taken(port):
    """What is somebody else's is left alone: the next port is taken, and said."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        text = run(PLLM_PORT=str(port))
        _, own = address_in(text)
        os.kill(int(PROCESS.search(text)[1]), signal.SIGTERM)
        assert own != port and f"port {port} is taken" in text, text
    wait_for("it does not end", lambda: is_closed(own))


def check_terminal():
    """In the foreground until Ctrl-C, then without a complaint."""
    child, terminal = pty.fork()
    if child == 0:
        os.execv(RUN[0], RUN)
    text, ended = "", False
    while not ended:
        try:
            read = os.read(terminal, 4096)
        except OSError:  # Linux says so when the other side has closed.
            read = b""
        text, ended = text + read.decode("utf-8", "replace"), not read
        if "Ctrl-C ends it" in text and ADDRESS.search(text) and not text.endswith("\x03"):
            url, _ = address_in(text)
            check_answer(url)
            os.write(terminal, b"\x03")
            text = text.replace("Ctrl-C ends it", "") + "\x03"
    _, status = os.waitpid(child, 0)
    assert "\x03" in text, text
    assert os.waitstatus_to_exitcode(status) == 0, text


def main():
    check_taken(check_background())
    check_terminal()
    print("the sample library is served: in the background, a second time, beside a taken port, in a terminal until Ctrl-C")


if __name__ == "__main__":
    main()
