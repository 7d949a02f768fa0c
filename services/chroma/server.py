"""Runs Chroma's server from its bare wheel: `server.py FOLDER PORT PROCESS`.

Writes FOLDER/server.address once the server answers. Where PROCESS is not 0, the server ends as soon as that process does.
"""

import os
import select
import signal
import socket
import sys


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def is_ready(port: int) -> bool:
    """Whether the server answers. A connection alone is not enough: it is taken before the collections are there."""
    request = b"GET /api/v2/heartbeat HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection(("127.0.0.1", port), 5) as connection:
            connection.sendall(request)
            return b" 200 " in connection.recv(64)
    except OSError:
        return False


def watch(server: int, folder: str, port: int, process: int) -> None:
    """In a child of the server: announces it when it is ready, and ends it when `process` ends."""
    here = os.pidfd_open(server)
    while not is_ready(port):
        if select.select([here], [], [], 0.02)[0]:
            return
    address = os.path.join(folder, "server.address")
    with open(address + ".new", "w") as file:
        file.write(f"http://127.0.0.1:{port}\n")
    os.rename(address + ".new", address)
    if not process:
        return
    try:
        other = os.pidfd_open(process)
        ended = select.select([here, other], [], [])[0]
    except ProcessLookupError:
        ended = []
    if here not in ended:
        os.kill(server, signal.SIGKILL)


def main() -> None:
    folder, port, process = sys.argv[1], int(sys.argv[2]) or free_port(), int(sys.argv[3])
    server = os.getpid()
    if os.fork() == 0:
        watch(server, folder, port, process)
        return
    from chromadb_rust_bindings import cli

    cli(["chroma", "run", "--path", os.path.join(folder, "data"), "--host", "127.0.0.1", "--port", str(port)])


main()
