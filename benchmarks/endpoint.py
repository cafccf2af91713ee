"""SPARQL endpoints side by side: requests a second, how long they take, and what each costs.

    python benchmarks/endpoint.py [--quads N] [--clients N …] [--seconds S] [--only ENGINE …] [--kinds KIND …]

The same data (`synthetic.py`, a named graph a document) behind `oxigraph serve`, rdflib-endpoint, Apache
Jena Fuseki and kgraph, each asked over HTTP by processes of their own: point look-ups, stars, paths of two
steps, a search in labels, an aggregate, results of 10,000 rows, a large CONSTRUCT, and a mix in which few
queries come again and again (their places in a Zipf distribution). Told are requests a second, their median
and 99th percentile, and the processor time of the server for each, that of all its processes together;
`times` is requests a second beside `oxigraph serve`. All servers run at once and are asked by turns, so that
what else the machine does meets them all.

`constant` reads no request, and answers all with the same 1,500 bytes from a loop of Python over sockets: the
most that these clients can tell apart.
`oxigraph` is taken from PATH (or --oxigraph), rdflib-endpoint from the Python of --rdflib-python, Fuseki from
its jar (--fuseki, or beside `fuseki-server` on PATH; needs Java); what is not found is left out. Ours runs as
`kgraph serve` does, on a store that its writer made: `kgraph` keeps no answers, so that every query is
evaluated; `disk` has no copy of the graph in memory either; `keeping` keeps answers, as it does by default.
What is answered with another status than 200 is counted as failed, and not otherwise.
"""

import argparse
import json
import multiprocessing
import os
import random
import re
import shutil
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import accumulate, cycle, islice
from pathlib import Path

import pyoxigraph as ox
from synthetic import MINTER, quads

from kgraph.namespaces import KG, RDF, RDFS
from kgraph.store import open_store

#: Documents that are put into a store of ours by one commit.
_GROUP = 50

#: Requests that a client chooses before it begins, and sends in that order.
_CHOSEN = 10_000

#: How long a client waits for a part of an answer.
_PATIENCE_S = 120


@dataclass(frozen=True)
class Kind:
    """Queries of one kind, as many different ones as there are to choose from."""

    name: str
    queries: list[str]
    accept: str = "application/sparql-results+json"
    skewed: bool = False


def kinds(data: list[ox.Quad]) -> list[Kind]:
    chance = random.Random(7)
    events = sorted({q.subject.value for q in data if q.predicate.value == KG.date})
    chosen = chance.sample(events, min(500, len(events)))
    lookups = [f"SELECT ?p ?o {{ <{event}> ?p ?o }}" for event in chosen]
    stars = [
        f"SELECT ?type ?date ?country {{ <{event}> a ?type ; <{KG.date}> ?date"
        f" OPTIONAL {{ <{event}> <{KG.country}> ?country }} }}"
        for event in chosen
    ]
    hops = [
        f"SELECT ?e ?label {{ <{event}> <{KG.country}> ?c . ?e <{KG.country}> ?c ; a <{KG.Blocking}> ."
        f" ?c <{RDFS.label}> ?label }} LIMIT 50"
        for event in chosen
    ]
    labels = [
        f'SELECT DISTINCT ?s ?l {{ ?s <{RDFS.label}> ?l FILTER(CONTAINS(LCASE(?l), "{part}")) }} LIMIT 20'
        for part in ("grad", "ville", "mini", "agency", "twit", "burg", "stan", "ov", "pur", "comm")
    ]
    counts = [f"SELECT ?t (COUNT(?s) AS ?n) {{ ?s a ?t ; <{KG.date}> ?d }} GROUP BY ?t ORDER BY DESC(?n)"]
    rows = [f"SELECT ?s ?p ?o {{ ?s ?p ?o }} LIMIT 10000 OFFSET {n}" for n in range(0, 50)]
    large = [f"CONSTRUCT {{ ?s a ?t }} WHERE {{ ?s <{RDF.type}> ?t }} LIMIT 20000"]
    mixed = [*lookups[:200], *stars[:200], *hops[:60], *labels, *counts]
    return [
        Kind("look-up", lookups),
        Kind("star", stars),
        Kind("two steps", hops),
        Kind("label search", labels),
        Kind("aggregate", counts),
        Kind("10,000 rows", rows),
        Kind("CONSTRUCT", large, accept="application/n-triples"),
        Kind("repeated mix", mixed, skewed=True),
    ]


# Servers


@dataclass(frozen=True)
class Server:
    """How to start a server, and where it answers; `union` is what it needs to ask all graphs."""

    name: str
    path: str
    command: Callable[[int], list[str]]
    union: str = ""
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Running:
    """A server that answers at a port of this machine."""

    server: Server
    port: int
    pid: int


@contextmanager
def running(server: Server, log: Path) -> Iterator[Running]:
    port = _free_port()
    with log.open("wb") as file:
        process = subprocess.Popen(
            server.command(port), stdout=file, stderr=file, start_new_session=True, cwd=log.parent,
            env=os.environ | server.environment,
        )  # fmt: skip
    try:
        for _ in range(6000):
            if process.poll() is not None:
                raise SystemExit(f"{server.name} ended by itself: {log.read_text()[-500:]}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield Running(server, port, process.pid)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def settle(server: Running, kind: Kind) -> None:
    """Ask now and then until the server has nothing else to do, such as reading data into memory."""
    for _ in range(120):
        measure(server, kind, 1, 0.3)
        before = cpu_seconds(server.pid)
        time.sleep(1)
        if cpu_seconds(server.pid) - before < 0.1:
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def servers(asked: argparse.Namespace, folder: Path) -> list[Server]:
    found = []
    data = str(folder / "data.nq")
    engine = asked.oxigraph or shutil.which("oxigraph")
    if engine:
        serve = [engine, "serve-read-only", "--location", str(folder / "oxigraph"), "--bind"]
        found.append(
            Server("oxigraph", "/query", lambda port: [*serve, f"127.0.0.1:{port}"], "&union-default-graph")
        )
    if asked.rdflib_python:
        code = (
            "import sys, uvicorn; from rdflib import Dataset; from rdflib_endpoint import SparqlEndpoint;"
            " d = Dataset(default_union=True); d.parse(sys.argv[2], format='nquads');"
            " uvicorn.run(SparqlEndpoint(graph=d, path='/'), port=int(sys.argv[1]), log_level='error')"
        )
        found.append(
            Server("rdflib-endpoint", "/", lambda port: [asked.rdflib_python, "-c", code, str(port), data])
        )
    jar = asked.fuseki or _fuseki_jar()
    if jar and shutil.which("java"):
        place = str(folder / "fuseki")
        options = [f"--loc={place}", "--set", "tdb2:unionDefaultGraph=true", "--localhost"]
        serve_fuseki = ["java", "-jar", str(Path(jar).resolve()), "--tdb2", *options]
        found.append(Server("fuseki", "/ds/query", lambda port: [*serve_fuseki, f"--port={port}", "/ds"]))
    found.append(Server("constant", "/", lambda port: [sys.executable, "-c", _CONSTANT, str(port)]))
    ours = [sys.executable, "-m", "kgraph.cli", "--store", str(folder / "kgraph"), "serve", "--port"]
    for name, settings in {
        "kgraph": {"KGRAPH_CACHE_BYTES": "0"},
        "disk": {"KGRAPH_CACHE_BYTES": "0", "KGRAPH_REPLICA_BYTES": "0"},
        "keeping": {},
    }.items():
        found.append(Server(name, "/sparql", lambda port: [*ours, str(port)], environment=settings))
    return [server for server in found if not asked.only or server.name in asked.only]


_CONSTANT = """
import asyncio, sys
body = b"x" * 1500
answer = b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n%s" % (len(body), body)
class Connection(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
    def data_received(self, data):
        self.transport.write(answer)
async def main():
    server = await asyncio.get_running_loop().create_server(Connection, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()
asyncio.run(main())
"""


def _fuseki_jar() -> str | None:
    script = shutil.which("fuseki-server")
    jar = Path(script).resolve().parent / "fuseki-server.jar" if script else None
    return str(jar) if jar and jar.is_file() else None


def cpu_seconds(pid: int) -> float:
    """Processor time of a process and all that it has started, and they, even where those have ended."""
    parents, times = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        each = int(stat.parent.name)
        parents[each] = int(fields[1])
        times[each] = sum(map(int, fields[11:15]))
    tree, found = {pid}, {pid}
    while found:
        found = {each for each, parent in parents.items() if parent in found} - tree
        tree |= found
    return sum(times.get(each, 0) for each in tree) / os.sysconf("SC_CLK_TCK")


# Clients


class _Client:
    """A connection that does as little as it can with an answer: clients take time from the server here."""

    _LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)\r\n", re.IGNORECASE)
    _CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked\r\n", re.IGNORECASE)

    def __init__(self, port: int):
        self._socket = socket.create_connection(("127.0.0.1", port))
        # A timeout of Python's would have each call ask the system first whether it may.
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", _PATIENCE_S, 0))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._read = bytearray(1_000_000)

    def get(self, request: bytes) -> tuple[int, int]:
        """Status and size of the body of an answer; of one in chunks, with what is around them."""
        self._socket.sendall(request)
        data = self._more()
        while (end := data.find(b"\r\n\r\n") + 4) < 4:
            data += self._more()
        told = self._LENGTH.search(data, 0, end)
        size, last = len(data) - end, data[-5:]
        if told is None and not self._CHUNKED.search(data, 0, end):
            raise OSError("an answer without an end")
        while size < int(told[1]) if told else last != b"0\r\n\r\n":
            more = self._more()
            size, last = size + len(more), (last + more)[-5:]
        return int(data[9:12]), size

    def _more(self) -> bytearray:
        """Read into room that is there: to make a megabyte of it each time takes longer than to read."""
        count = self._socket.recv_into(self._read)
        if not count:
            raise OSError("the server has gone")
        return self._read[:count]


def _ask(port: int, server: tuple[str, str], kind: Kind, seconds: float, seed: int, results: object) -> None:
    chance = random.Random(seed)
    weights = list(accumulate(1 / (n + 1) for n in range(len(kind.queries)))) if kind.skewed else None
    rest = f"{server[1]} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: {kind.accept}\r\n\r\n"
    requests = [f"GET {server[0]}?query={urllib.parse.quote(query)}{rest}".encode() for query in kind.queries]
    client: _Client | None = None
    taken, failed, size = [], 0, 0
    chosen = cycle(chance.choices(requests, cum_weights=weights, k=_CHOSEN))
    begun = time.perf_counter()
    while time.perf_counter() < begun + seconds:
        request = next(chosen)
        start = time.perf_counter()
        try:
            client = client or _Client(port)
            status, read = client.get(request)
        except OSError:
            failed += 1
            client = None
            continue
        if status != 200:
            failed += 1
            continue
        size += read
        taken.append(time.perf_counter() - start)
    results.put((taken, failed, size, time.perf_counter() - begun))


@dataclass
class Line:
    rate: float
    median_ms: float
    p99_ms: float
    cpu_ms: float
    failed: int
    bytes: int


def measure(running: Running, kind: Kind, clients: int, seconds: float) -> Line:
    context = multiprocessing.get_context("fork")  # nothing here has threads, and to import takes a while
    results = context.Queue()
    before = cpu_seconds(running.pid)
    where = (running.server.path, running.server.union)
    processes = [
        context.Process(target=_ask, args=(running.port, where, kind, seconds, seed, results))
        for seed in range(clients)
    ]
    for process in processes:
        process.start()
    found = [results.get() for _ in processes]
    for process in processes:
        process.join()
    used = cpu_seconds(running.pid) - before
    taken = sorted(each for times, *_ in found for each in times) or [float("inf")]
    return Line(
        rate=sum(len(times) / asked_s for times, _, _, asked_s in found),
        median_ms=statistics.median(taken) * 1000,
        p99_ms=taken[min(len(taken) - 1, int(len(taken) * 0.99))] * 1000,
        cpu_ms=used / len(taken) * 1000,
        failed=sum(failed for _, failed, *_ in found),
        bytes=sum(size for _, _, size, _ in found) // len(taken),
    )


def _prepare(folder: Path, count: int) -> list[ox.Quad]:
    data = list(quads(count))
    graphs: dict[ox.NamedNode, list[ox.Triple]] = {}
    for quad in data:
        graphs.setdefault(quad.graph_name, []).append(quad.triple)
    with open_store(folder / "kgraph", create=True, minter=MINTER) as store:
        waiting = iter(graphs.items())
        while group := list(islice(waiting, _GROUP)):
            with store.writer() as writer:
                for name, triples in group:
                    writer.replace_graph(name.value, triples)
                writer.commit()
    engine = ox.Store(str(folder / "oxigraph"))
    engine.bulk_extend(data)
    engine.flush()
    del engine
    ox.serialize(data, str(folder / "data.nq"), ox.RdfFormat.N_QUADS)
    return data


def _prepare_fuseki(jar: str, folder: Path) -> None:
    load = ["java", "-cp", jar, "tdb2.tdbloader", "--loc", str(folder / "fuseki"), str(folder / "data.nq")]
    subprocess.run(load, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quads", type=int, default=100_000)
    parser.add_argument("--clients", type=int, nargs="*", default=[1, 4, 16])
    parser.add_argument("--seconds", type=float, default=3, help="of asking, for each line")
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--kinds", nargs="*")
    parser.add_argument("--oxigraph")
    parser.add_argument("--rdflib-python")
    parser.add_argument("--fuseki", help="its jar")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    lines: dict[tuple[str, int, str], Line] = {}
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        folder = Path(scratch)
        chosen = [
            kind
            for kind in kinds(_prepare(folder, asked.quads))
            if not asked.kinds or kind.name in asked.kinds
        ]
        up = []
        for server in servers(asked, folder):
            if server.name == "fuseki":
                _prepare_fuseki(asked.fuseki or _fuseki_jar(), folder)
            up.append(stack.enter_context(running(server, folder / f"{server.name}.log")))
            settle(up[-1], chosen[0])
        for kind in chosen:
            for each in up:
                measure(each, kind, 2, 1)  # the first ones pay for opening files and for compiling
            for clients in asked.clients:
                for each in up:
                    lines[kind.name, clients, each.server.name] = measure(each, kind, clients, asked.seconds)
    _tell(lines, asked)


def _tell(lines: dict[tuple[str, int, str], Line], asked: argparse.Namespace) -> None:
    if asked.json:
        print(
            json.dumps(
                [{"query": k, "clients": c, "server": s, **vars(line)} for (k, c, s), line in lines.items()]
            )
        )
        return
    print(f"{asked.quads:,} quads, {asked.seconds:g} s each")
    for kind, clients, name in lines:
        line = lines[kind, clients, name]
        base = lines.get((kind, clients, "oxigraph"), lines.get((kind, clients, "kgraph"), line))
        print(
            f"{kind:13} {clients:2} clients  {name:15} {line.rate:9,.1f}/s {line.rate / base.rate:6.2f} times"
            f"  p50 {line.median_ms:8.2f} ms  p99 {line.p99_ms:8.2f} ms  cpu {line.cpu_ms:8.2f} ms"
            + (f"  {line.failed} FAILED" if line.failed else "")
        )


if __name__ == "__main__":
    main()
