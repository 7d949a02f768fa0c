"""Which port shall the sample library be served on? Prints `serving PORT` where a service has this data directory already, else
`free PORT`: the first one from FIRST on that nothing listens on. `taken FIRST` when that is none of so many."""

import json
import os
import socket
import sys
import urllib.error
import urllib.request

PORTS = 10
# Whatever a proxy is set for, this computer is asked directly.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def data_dir_of(port):
    """What the service there serves; `None` where there is no service of ours."""
    try:
        with OPENER.open(f"http://127.0.0.1:{port}/api/health", timeout=2) as answer:
            return json.load(answer).get("data_dir")
    except (OSError, ValueError, AttributeError):
        return None


def is_free(port):
    with socket.socket() as own:
        own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            own.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def main(data, first):
    taken = [port for port in range(first, first + PORTS) if not is_free(port)]
    for port in taken:
        served = data_dir_of(port)
        if served is not None and os.path.realpath(served) == os.path.realpath(data):
            return f"serving {port}"
    free = [port for port in range(first, first + PORTS) if port not in taken]
    return f"free {free[0]}" if free else f"taken {first}"


if __name__ == "__main__":
    print(main(sys.argv[1], int(sys.argv[2])))
