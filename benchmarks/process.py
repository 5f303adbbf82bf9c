"""The process itself: `--help`, from start to ready, memory while serving, and understanding one message."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import yaml

from app.desk import load_desk
from app.settings import ROOT
from benchmarks.desk import NOW, scratch, settings
from benchmarks.report import Line, median

LOKET = (sys.executable, "-m", "app.cli.main")
EAGER = "import app.serve, app.wire, app.cli.explain"
TEXTS = (
    "kapan jadwal les berikutnya?",
    "kak mau geser les besok jam 3 sore ke lusa pagi bisa ga ya",
    "how much is the monthly package and where is the studio?",
    "udh tf ya kak, tolong dicek pembayarannya",
    "saya mau refund, kecewa banget sama coachnya",
)
SECRETS = {
    "LOKET_WHATSAPP_ACCESS_TOKEN": "bench",
    "LOKET_WHATSAPP_APP_SECRET": "bench",
    "LOKET_WHATSAPP_VERIFY_TOKEN": "bench",
    "LOKET_TELEGRAM_BOT_TOKEN": "1:bench",
    "LOKET_AUDIT_SALT": "bench",
    "LOKET_MIDTRANS_SERVER_KEY": "bench",
}
READY_WITHIN = 30.0


async def measure(rounds: int) -> list[Line]:
    """Start processes, one after the other, and read in this one."""
    bare: list[float] = []
    helped: list[float] = []
    eager: list[float] = []
    for number in range(max(5, rounds)):
        bare.append(_took((sys.executable, "-c", "pass")))
        helped.append(_took((*LOKET, "--help")))
        if number < rounds:
            eager.append(_took((sys.executable, "-c", EAGER)))
    reader = load_desk(settings(), settings().cache).reader
    zone = ZoneInfo("Asia/Jakarta")
    reading: list[float] = []
    for _ in range(20 * rounds):
        for text in TEXTS:
            began = time.process_time()
            reader.read(text, now=NOW, zone=zone, conversation_language=None)
            reading.append((time.process_time() - began) * 1000)
    ready, resident = [], []
    for _ in range(rounds):
        seconds, megabytes = _serve()
        ready.append(seconds)
        resident.append(megabytes)
    return [
        Line("understanding one message", median(reading), "ms CPU", 20),
        Line("memory of the serving process", median(resident), "MB", 400),
        Line(
            "loket --help",
            median(helped) * 1000,
            "ms",
            3,
            compared="ratio",
            peer=median(bare) * 1000,
            peer_name="ms bare Python",
            note=f"with everything imported it would be {median(eager) / median(bare):.0f}x",
        ),
        Line("from process start to /readyz", median(ready), "s", 3),
    ]


def _took(command: tuple[str, ...]) -> float:
    began = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def _serve() -> tuple[float, float]:
    """Start `loket serve` on a private database; return seconds until ready and resident megabytes then."""
    folder = scratch()
    port = _free_port()
    config = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    config["server"] = {"host": "127.0.0.1", "port": port}
    config["database"] = {"path": str(folder / "loket.db")}
    config["desks"] = [str(ROOT / desk) for desk in config["desks"]]
    # Nobody listens there: what is measured is ours alone.
    for name in ("telegram", "whatsapp", "midtrans"):
        config[name]["base_url"] = "http://127.0.0.1:9"
    (folder / "config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    cache = folder / "var" / "understanding"
    shutil.copytree(settings().cache, cache)
    began = time.perf_counter()
    server = subprocess.Popen(
        (*LOKET, "serve", "--config", str(folder / "config.yaml")),
        cwd=ROOT,
        env={**os.environ, **SECRETS},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _until_ready(f"http://127.0.0.1:{port}/readyz", began)
        return time.perf_counter() - began, _resident(server.pid)
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder)


def _until_ready(url: str, began: float) -> None:
    while time.perf_counter() - began < READY_WITHIN:
        try:
            with urlopen(url, timeout=1) as answer:
                if answer.status == 200:
                    return
        except (URLError, ConnectionError):
            time.sleep(0.02)
    raise AssertionError(f"{url} is not ready within {READY_WITHIN:.0f} s")


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) / 1024


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
