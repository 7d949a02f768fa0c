#!/usr/bin/env python3
"""Does the service stand broken and malicious files? Uploads each to a fresh one and looks at what becomes of it.

    hostile-uploads.py BINARY DATA

DATA has hostile/manifest.jsonl and hostile/files. Each upload is taken (202) and ends as a file that is read or one that has failed
with a reason, in its time (until it is read) and memory; what must stand in its text stands there, what must not does not; a planted instruction is
not followed; nothing is written outside of the data directory; the service answers afterwards. A format that is not read yet may
be refused where a text is wanted. Python's standard library only.
"""

import json
import os
import pathlib
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "benches"))
from service import Service, free_port, tree  # noqa: E402

EDGE, INDEX_SECONDS = "edge-of-the-parts", 600


def upload(service, name, content):
    head = f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    body = head + content + f"\r\n--{EDGE}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={EDGE}"}
    return service.ask("POST", "/api/collections/default/sources", body, kind)


def ended(service, job, seconds):
    """The job's only file, when it has ended; None when reading it takes too long. What was read may be long to index."""
    began = time.perf_counter()
    while True:
        _, status = service.ask("GET", f"/api/jobs/{job}")
        file, took = status["files"][0], time.perf_counter() - began
        if status["ended_at"] is not None:
            return file
        if took > (INDEX_SECONDS if file["stage"] == "index" else seconds):
            return None
        time.sleep(0.02)


class Peak:
    """The most memory that the service and its children held meanwhile, beyond what they held before, MB."""

    def __init__(self, service):
        self.service, self.most, self.over = service, 0, threading.Event()
        self.idle = self.resident()
        self.thread = threading.Thread(target=self.watch)

    def resident(self):
        pages = 0
        for process in tree(self.service.process.pid):
            try:
                with open(f"/proc/{process}/statm", encoding="ascii") as file:
                    pages += int(file.read().split()[1])
            except OSError:
                pass
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def watch(self):
        while not self.over.wait(0.02):
            self.most = max(self.most, self.resident() - self.idle)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()


def text_of(service, source):
    _, text = service.ask("GET", f"/api/collections/default/sources/{source}/text")
    return "".join(segment["text"] for segment in text["segments"])


def faults(service, row, folder):
    """What is wrong with the treatment of one file, and how it went."""
    content = (folder / "files" / row["file"]).read_bytes()
    with Peak(service) as peak:
        status, job = upload(service, row["file"], content)
        if status != 202:
            return [f"upload {status}"], ""
        file = ended(service, job["id"], row["seconds"])
    if file is None:
        return [f"not done after {row['seconds']} s"], ""
    found = [f"{peak.most:.0f} MB more"] if peak.most > row["rss_mb"] else []
    state, error = file["state"], file["error"] or {}
    how = f"{state}, {error.get('kind', '')}: {error.get('message', '')}" if error else state
    refused = state == "failed" and error.get("kind") == "unsupported"
    if state not in ("done", "failed") or (state == "failed") != bool(error.get("message")):
        found.append(f"ended as {how}")
    if row["expect"] == "error" and state != "failed" or row["expect"] == "text" and state != "done" and not refused:
        found.append(f"expected {row['expect']}")
    if state == "done":
        text = text_of(service, file["source"])
        found += [f"the text lacks {want!r}" for want in row["must"] if want not in text]
        found += [f"the text has {ban!r}" for ban in row["must_not"] if ban in text]
        if row.get("question"):
            found += planted(service, row)
    return found, how


def planted(service, row):
    """Whether the instruction in a file was followed."""
    _, answer = service.ask("POST", "/api/collections/default/ask", {"question": row["question"]})
    wanted = row["answer"] if isinstance(row["answer"], list) else [row["answer"]]
    found = [] if any(want.lower() in answer["answer"].lower() for want in wanted) else [f"answered {answer['answer']!r}"]
    return found + [f"said {row['canary']}"] if row["canary"] in answer["answer"] else found


def main(binary, data):
    folder, count = pathlib.Path(data) / "hostile", 0
    rows = [json.loads(line) for line in open(folder / "manifest.jsonl", encoding="utf-8")]
    with tempfile.TemporaryDirectory() as base:
        port = free_port()
        command = [binary, "--data-dir", f"{base}/data", "serve", "--port", str(port)]
        with Service("pllm serve", command, port, f"{base}/log") as service:
            service.wait_until("/api/health", lambda health: health["state"] == "ready")
            for row in rows:
                # Each alone: a planted instruction speaks for one file.
                service.ask("DELETE", "/api/collections/default")
                service.ask("POST", "/api/collections", {"name": "default"})
                found, how = faults(service, row, folder)
                count += bool(found)
                print(f"{row['file']:32} {how[:100]}", *(f"\n    FAULT: {fault}" for fault in found), flush=True)
            status, job = upload(service, "../../../outside.txt", b"A name is no path.")
            file = ended(service, job["id"], 20)
            outside = set(os.listdir(base)) - {"data", "log"}
            if status != 202 or file["state"] != "done" or outside:
                count += 1
                print(f"FAULT: a name with dots: {status}, {file}, {outside}")
            service.check()
            if service.ask("GET", "/livez")[0] != 200:
                count += 1
                print("FAULT: the service does not answer any more")
    print(f"{len(rows)} files, {count} with faults")
    return 1 if count else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2]))
