"""The same searches and questions to Flask + Haystack and to `pllm serve`, in alternating rounds on one machine.

    compare.py --data DIR --vectors FILE.npy --peer-model DIR --peer-python PYTHON --binary PLLM [--rounds N] [--seconds S]

DIR has corpus.jsonl, queries.jsonl and pllm/, the same corpus as the collection `bench`. Run by run.sh.
"""

import argparse
import collections
import contextlib
import json
import os
import statistics
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from load import Load, quantile  # noqa: E402
from service import Service, end_in_order, free_port, machine  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
CLIENTS, TOP_K, COMPARED = [1, 2, 8], 10, 50
GOALS = {"search": 20.0, "ask": 3.0}
MOST_ANONYMOUS_MB = 150

# Both ways to use two cores, and waitress with either number of threads for its matrix products.
PEERS = {
    "gunicorn, 2 workers x 1 thread, 1 BLAS thread": (1, ["-m", "gunicorn", "--workers", "2", "--threads", "1",
                                                          "--timeout", "600", "--bind", "{host}", "peer:create_app()"]),
    "waitress, 2 threads, 1 BLAS thread": (1, ["-m", "waitress", "--threads", "2", "--listen", "{host}",
                                               "--call", "peer:create_app"]),
    "waitress, 2 threads, 2 BLAS threads": (2, ["-m", "waitress", "--threads", "2", "--listen", "{host}",
                                                "--call", "peer:create_app"]),
}


def start_peer(name, options):
    blas, command = PEERS[name]
    port = free_port()
    threads = {key: str(blas) for key in ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"]}
    environment = {**threads, "TOKENIZERS_PARALLELISM": "false", "HAYSTACK_TELEMETRY_ENABLED": "False",
                   "HF_HUB_OFFLINE": "1", "PYTHONPATH": HERE, "CORPUS": f"{options.data}/corpus.jsonl",
                   "VECTORS": options.vectors, "MODEL": options.peer_model}
    command = [options.peer_python, *(part.format(host=f"127.0.0.1:{port}") for part in command)]
    return Service(name, command, port, f"{options.data}/peer.log", environment)


def start_ours(options):
    port = free_port()
    command = [options.binary, "--data-dir", f"{options.data}/pllm", "serve", "--port", str(port)]
    return Service("pllm serve", command, port, f"{options.data}/serve.log")


def ready(service, is_ours, questions):
    """Loaded, and warm: each process has answered. Of a peer with two processes each gets its share."""
    if is_ours:
        service.wait_until("/api/health", lambda health: health["state"] == "ready")
    else:
        service.wait_until("/ready", lambda state: state["documents"] > 0)
    for kind in GOALS:
        Load(service.port, bodies(kind, is_ours, questions), 4, 8)


def bodies(kind, is_ours, questions):
    key = {"search": "query", "ask": "question"}[kind]
    path = f"/api/collections/bench/{kind}" if is_ours else f"/{kind}"
    extra = {"top_k": TOP_K} if kind == "search" else {}
    return [(path, json.dumps({key: question, **extra})) for question in questions]


def fastest_peer(options, questions):
    rates = {}
    for name in PEERS:
        with start_peer(name, options) as peer:
            ready(peer, False, questions)
            print(f"\n{name}; memory {memory(peer)}")
            rates[name] = 0
            for kind in GOALS:
                for clients in CLIENTS:
                    load = Load(peer.port, bodies(kind, False, questions), clients, options.seconds)
                    rates[name] = max(rates[name], load.rate if kind == "search" else 0)
                    print(f"  {kind:6} {clients} clients {load}", flush=True)
    return max(rates, key=rates.get)


def memory(service):
    return ", ".join(f"{key} {value:.0f} MB" for key, value in service.memory().items())


def overlap(peer, ours, questions):
    """Which share of the ten Documents of one side is among those of the other, by their text."""
    def found(service, is_ours, question):
        (path, body), = bodies("search", is_ours, [question])
        _, answer = service.ask("POST", path, json.loads(body))
        texts = [one["content"] for one in answer["documents"]]
        titles = [one["meta"].get("title") or "" for one in answer["documents"]]
        # A row's text has the name of its column in front on one side, a text its title on the other.
        return {" ".join(text.removeprefix(f"{title}\n").removeprefix("text: ").split())
                for text, title in zip(texts, titles)}
    shares = []
    for question in questions:
        one, other = found(peer, False, question), found(ours, True, question)
        shares.append(len(one & other) / max(len(one), 1))
    return shares


def rounds(peer, ours, questions, options):
    """Both sides in turn, with the order turned around each round; the ratios of each round."""
    ratios, times = collections.defaultdict(list), collections.defaultdict(list)
    for number in range(options.rounds):
        print(f"\nround {number + 1}, {machine()}")
        for kind in GOALS:
            for clients in CLIENTS:
                sides = [(peer, False), (ours, True)]
                rates = {}
                for service, is_ours in sides[:: -1 if number % 2 else 1]:
                    load = Load(service.port, bodies(kind, is_ours, questions), clients, options.seconds)
                    rates[is_ours] = load.rate
                    times[kind, clients, is_ours] += load.times
                    print(f"  {kind:6} {clients} clients  {'pllm' if is_ours else 'peer'} {load}", flush=True)
                ratios[kind, clients].append(rates[True] / rates[False])
    return ratios, times


def report(ratios, times):
    print("\n| | clients | ratio of requests/s, median [least, most] | goal | peer p50 / p99 | pllm p50 / p99 |")
    print("|---|---|---|---|---|---|")
    for (kind, clients), found in ratios.items():
        p = {is_ours: " / ".join(f"{1e3 * quantile(times[kind, clients, is_ours], share):.1f} ms" for share in (0.5, 0.99))
             for is_ours in (False, True)}
        print(f"| {kind} | {clients} | **{statistics.median(found):.1f}** [{min(found):.1f}, {max(found):.1f}] "
              f"| {GOALS[kind]:.0f} | {p[False]} | {p[True]} |")


def main(options):
    end_in_order()
    with open(f"{options.data}/queries.jsonl", encoding="utf-8") as file:
        questions = [json.loads(line)["text"] for line in file]
    print(machine(), f"; {len(questions)} questions", sep="")
    name = options.peer or fastest_peer(options, questions)
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(start_ours(options))
        ours.wait_until("/api/health", lambda health: health["state"] == "ready")
        # The index is read from disk by the first search.
        (path, body), = bodies("search", True, questions[:1])
        ours.ask("POST", path, json.loads(body))
        idle = ours.memory()
        print(f"\npllm serve, idle, embedder loaded: {memory(ours)}")
        peer = stack.enter_context(start_peer(name, options))
        ready(peer, False, questions)
        ready(ours, True, questions)
        print(f"the peer: {name}; memory {memory(peer)}\npllm serve after its first questions: {memory(ours)}")
        shares = overlap(peer, ours, questions[:COMPARED])
        print(f"overlap@{TOP_K} of {len(shares)} questions: mean {statistics.mean(shares):.3f}, median {statistics.median(shares):.1f}")
        ratios, times = rounds(peer, ours, questions, options)
        report(ratios, times)
        print(f"\npllm serve after the rounds: {memory(ours)}; the peer: {memory(peer)}")
    met = all(statistics.median(found) >= GOALS[kind] for (kind, _), found in ratios.items())
    return 0 if met and idle["Anonymous"] <= MOST_ANONYMOUS_MB else 1


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    for flag in ["data", "vectors", "peer-model", "peer-python", "binary"]:
        arguments.add_argument(f"--{flag}", required=True)
    arguments.add_argument("--peer", choices=list(PEERS), help="instead of the fastest")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--seconds", type=float, default=15)
    sys.exit(main(arguments.parse_args()))
