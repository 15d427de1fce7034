"""The command line as a process of its own, where streams and exit codes matter."""

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def shell(line: str, cwd: Path | None = None, timeout: float = 60) -> subprocess.CompletedProcess:
    """A line of ``sh`` in which ``$S`` is symparams; nothing it prints is lost."""
    environment = {**os.environ, "S": f"{sys.executable} -m symparams", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        ["sh", "-c", line],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def started(*args: str, cwd: Path, **more) -> subprocess.Popen:
    """symparams as it runs."""
    return subprocess.Popen(
        [sys.executable, "-m", "symparams", *args],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever starts the tests may ignore it, as nohup does, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
        **more,
    )
