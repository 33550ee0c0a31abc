"""A published page and a feed from `serve`'s front, against nginx serving the exported files. Ratios in one run.

    python -m tests.benchmarks.bench_serve [--seconds 2] [--rounds 5]

Requests per second of the server's own CPU time (user and system), one worker each; the two take turns in random order and
the median of the rounds' ratios is shown. nginx uses deploy/nginx.conf with gzip_static and open_file_cache. Needs nginx and
wrk; says so and ends when they are missing. Beside it: aiohttp alone, with the same pages from memory.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from aiohttp import web

from content.render.told import told
from service import keys, settings
from service.context import Context
from service.site.current import Public
from service.site.export import export
from service.site.render import make
from service.site.serving import Site
from service.site.shelf import Shelf
from service.web.keys import SECURE
from service.web.listen import listening
from service.web.public import pages
from tests.benchmarks import goals
from tests.render.situations import FIRST, WATER, publication

ROOT = Path(__file__).resolve().parents[2]
PORTS = {"front": 18081, "nginx": 18082, "aiohttp": 18083}
GOAL = 0.3  # of nginx with one worker; 1.0 is for nginx itself, which serves the exported files (deploy/)
HERTZ = os.sysconf("SC_CLK_TCK")
KINDS = {
    "page, gzip": ("/p/water2345678", ["-H", "Accept-Encoding: gzip"]),
    "page, identity": ("/p/water2345678", []),
    "feed, gzip": ("/feed.xml", ["-H", "Accept-Encoding: gzip"]),
    "feed, 304": ("/feed.xml", ["-H", "If-None-Match: *", "-H", "If-Modified-Since: Fri, 31 Dec 2032 23:59:59 GMT"]),
    "page, gzip, new connection": ("/p/water2345678", ["-H", "Accept-Encoding: gzip", "-H", "Connection: close"]),
}  # fmt: skip


def prepare(folder: Path) -> Site:
    """A site of 60 publications, and the same as files."""
    ctx = Context(settings.load(data_dir=folder, base_url="http://127.0.0.1"), keys.load(folder))
    made = [told(publication())]
    for number in range(59):
        body = WATER.model_copy(
            update={"title": f"第{number + 1}批水质检测结果全部合格", "topics": ("health",)}
        )
        one = publication(body, "rebuttal", f"bench{number:07d}", number + 2, FIRST - timedelta(hours=number))
        made.append(told(one))
    make(ctx, Public(tuple(made), 60), Shelf(ctx.settings.site_dir))
    site = Site(ctx.settings.site_dir)
    export(site, folder / "export")
    return site


async def _serve(folder: Path, front: bool) -> None:
    site = Site(folder / "site")
    app = web.Application()
    app[pages.SITE], app[SECURE] = site, False
    app.add_routes([web.get("/{path:.*}", pages.show)])
    if front:
        async with listening(app, site, "127.0.0.1", PORTS["front"]):
            await asyncio.Event().wait()
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", PORTS["aiohttp"]).start()
    await asyncio.Event().wait()


def nginx_conf(folder: Path) -> Path:
    """deploy/nginx.conf as it stands, with this run's folder and port."""
    server = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    server = server.replace("/srv/qingyuan/site", str(folder / "export"))
    server = server.replace("listen 80;", f"listen 127.0.0.1:{PORTS['nginx']};")
    path = folder / "nginx.conf"
    path.write_text(
        f"worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        "events { worker_connections 1024; }\n"
        f"http {{ access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/x; fastcgi_temp_path {folder}/f; "
        f"uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s; keepalive_requests 100000000;\n{server}\n}}\n"
    )
    return path


@contextmanager
def servers(folder: Path) -> Iterator[dict[str, int]]:
    """All three running; gives the process whose CPU counts for each."""
    own = [sys.executable, "-m", "tests.benchmarks.bench_serve", "--folder", str(folder), "--serve"]
    user = ["-g", "user root;"] if os.geteuid() == 0 else []
    started = {
        "front": subprocess.Popen([*own, "front"], cwd=ROOT),
        "aiohttp": subprocess.Popen([*own, "aiohttp"], cwd=ROOT),
        "nginx": subprocess.Popen(["nginx", *user, "-p", str(folder), "-c", str(nginx_conf(folder))]),
    }
    try:
        time.sleep(3)
        worker = subprocess.run(
            ["pgrep", "-P", str(started["nginx"].pid)], capture_output=True, text=True, check=True
        )
        yield {name: process.pid for name, process in started.items()} | {
            "nginx": int(worker.stdout.split()[0])
        }
    finally:
        for process in started.values():
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def cpu(pid: int) -> float:
    """Seconds of user and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / HERTZ


def load(name: str, path: str, headers: list[str], seconds: float, pid: int) -> tuple[float, float]:
    """(requests per CPU second of the server, p99 in ms)."""
    before = cpu(pid)
    command = [
        "wrk",
        "-t1",
        "-c32",
        f"-d{seconds:g}s",
        "--latency",
        *headers,
        f"http://127.0.0.1:{PORTS[name]}{path}",
    ]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    used = cpu(pid) - before
    requests = int((re.search(r"(\d+) requests in", text) or [0, 0])[1])
    late = re.search(r"99%\s+([\d.]+)(us|ms|s)", text)
    scale = {"us": 0.001, "ms": 1.0, "s": 1000.0}
    return requests / used if used else 0.0, float(late[1]) * scale[late[2]] if late else 0.0


def main(seconds: float = 2.0, rounds: int = 5) -> None:
    """Measure and print."""
    if not shutil.which("nginx") or not shutil.which("wrk"):
        print("bench_serve: nginx and wrk are needed (apt-get install nginx-light wrk); not measured")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        prepare(folder)
        with servers(folder) as pids:
            for kind, (path, headers) in KINDS.items():
                rates: dict[str, list[float]] = {one: [] for one in PORTS}
                late: dict[str, list[float]] = {one: [] for one in PORTS}
                for _ in range(rounds):
                    for server in random.sample(list(PORTS), len(PORTS)):
                        rate, p99 = load(server, path, headers, seconds, pids[server])
                        rates[server].append(rate)
                        late[server].append(p99)
                ratio = statistics.median(a / b for a, b in zip(rates["front"], rates["nginx"], strict=True))
                alone = statistics.median(
                    a / b for a, b in zip(rates["aiohttp"], rates["nginx"], strict=True)
                )
                goals.check(f"serve {kind}: × nginx on the same file", ratio, GOAL, at_least=True)
                ours, theirs = statistics.median(late["front"]), statistics.median(late["nginx"])
                print(
                    f"{kind:28} front/nginx {ratio:5.2f}   aiohttp alone/nginx {alone:5.2f}   "
                    f"{statistics.median(rates['front']):8.0f} requests/CPU s   p99 {ours:.1f} / {theirs:.1f} ms"
                )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--serve", choices=("front", "aiohttp"))
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if asked.serve:
        try:
            import uvloop

            uvloop.install()
        except ImportError:
            pass
        asyncio.run(_serve(asked.folder, asked.serve == "front"))
    else:
        main(asked.seconds, asked.rounds)
