#!/usr/bin/env bash
# How fast are files of each format read, and where does the time of an ingest go? `ingest-rates.sh [COPIES]` with $PLLM_EVAL_DATA:
# its files of each format that has a text, each COPIES times (8), converted, then ingested into a fresh data directory. After `make run`.
. "$(dirname "$0")/env.sh"

say "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg), $(git rev-parse --short HEAD)"
python3 - "$BINARY" "${PLLM_EVAL_DATA:?a folder with formats/manifest.jsonl}/formats" "${1:-8}" <<'END'
import json, pathlib, shutil, subprocess, sys, tempfile, time

binary, data, copies = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]), int(sys.argv[3])
FORMATS = ["txt", "md", "csv", "json", "html", "docx", "pdf"]
STEPS = ["converter", "splitter", "document_embedder", "writer"]
rows = [json.loads(line) for line in open(data / "manifest.jsonl", encoding="utf-8")]


def run(arguments):
    """What it prints, how long it takes, and the peak of the process itself, MB."""
    began, peak = time.perf_counter(), 0
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen([binary, *arguments], stdout=out, stderr=subprocess.DEVNULL)
        while process.poll() is None:
            try:
                lines = open(f"/proc/{process.pid}/status").read().splitlines()
                peak = max([peak, *(int(line.split()[1]) // 1000 for line in lines if line.startswith("VmHWM"))])
            except OSError:
                pass
            time.sleep(0.005)
        seconds = time.perf_counter() - began
        out.seek(0)
        return out.read().decode(), seconds, peak


print("format  files    MB | convert files/s   MB/s  peak child | ingest files/s   MB/s  peak parent |", *STEPS, "(share of their sum, %)")
for name in FORMATS:
    files = [data / row["file"] for row in rows if row["format"] == name and row["outcome"] == "text"]
    with tempfile.TemporaryDirectory() as folder:
        for n in range(copies):
            for file in files:
                shutil.copy(file, f"{folder}/{n}-{file.name}")
        count, size = copies * len(files), copies * sum(file.stat().st_size for file in files) / 1e6
        lines, seconds, _ = run(["convert", "--jsonl", folder])
        child = max(json.loads(line)["rss_mb"] or 0 for line in lines.splitlines())
        with tempfile.TemporaryDirectory() as library:
            told, whole, parent = run(["--data-dir", library, "--quiet", "--json", "ingest", folder])
        spent = json.loads(told)["timings"]
        shares = [100 * spent.get(f"{step}_ms", 0) / spent["total_ms"] for step in STEPS]
        print(f"{name:6} {count:6} {size:5.1f} | {count / seconds:15.0f} {size / seconds:6.1f} {child:8.0f} MB "
              f"| {count / whole:14.1f} {size / whole:6.2f} {parent:9} MB |", *(f"{share:8.1f}" for share in shares))
END
