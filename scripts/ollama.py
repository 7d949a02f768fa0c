#!/usr/bin/env python3
"""Offers the models of Ollama where it answers on this computer: prints what makes `pllm` know them, or nothing.

    ollama.py [ADDRESS]

ADDRESS is http://127.0.0.1:11434 unless named. The names come from GET /v1/models, as every server of OpenAI's language has it.
"""

import json
import sys
import urllib.request

SETTINGS = """
Ollama is on this computer, with {names}. To let it write, put this into ~/.config/pllm/config.toml:
  [llm.ollama]
  base_url = "{address}/v1"
  model = "{first}"
  dialect = "ollama"
and ask: pllm ask "…" --llm ollama"""


def models(address):
    """The names of its models; none where nobody answers."""
    # A proxy is for other computers.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{address}/v1/models", timeout=1) as reply:
            return [model["id"] for model in json.load(reply)["data"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def main(address="http://127.0.0.1:11434"):
    names = models(address)
    if names:
        print(SETTINGS.format(address=address, names=", ".join(names[:5]), first=names[0]))


if __name__ == "__main__":
    main(*sys.argv[1:])
