"""Kills and faults of the disk: what was published is served, and a further load heals."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

_ROOT = Path(__file__).parents[2]


def run(script: str, *arguments: str) -> Any:
    """Run one of the benchmarks in a fresh process: it forks, which a process with threads must not."""
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, str(_ROOT / "tests" / "benchmarks" / script), *arguments, "--json"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_sixty_kills_lose_nothing() -> None:
    """Killed at any moment and at system calls: no chunk lost, none added, none mixed."""
    found = run("bench_kills.py", "--each", "20", "--seed", str(os.getpid()))
    assert found["faults"] == {}
    assert sum(kills.get("before", 0) for kills in found["hit"].values()) > 10
    assert found["folders"] <= 2


def test_faults_of_the_disk_stop_no_reader() -> None:
    """A full disk, too many open files, what may not be written: reading goes on, and a later load heals."""
    found = run("bench_faults.py", "--points", "8")
    assert found["faults"] == {}
    assert found["refused"] > 0
