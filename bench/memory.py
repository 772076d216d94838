"""The server's peak resident memory: with many entries, with a long archive, with many slow
clients. The store is s3_like without delays; each figure is a fresh server's."""

import subprocess

import rounds
from contestants import S3zipper
from figures import Figure, Target
from objects import GIB, KIB, MIB, Set
from stores import S3Like

DEFAULT_BUDGET_MIB = 192
CLIENTS = 100
CLIENT_BYTES_PER_SECOND = 1_000_000
CLIENT_SECONDS = 5


class Server:
    """s3zipper and its store, for the time of a `with`."""

    def __init__(self, setup, sets, **settings):
        self.setup, self.sets = setup, sets
        self.ours = S3zipper(**settings)

    def __enter__(self):
        self.store = S3Like(self.setup, sets=self.sets)
        try:
            self.ours.start(self.setup, self.store, self.sets[0], None)
        except BaseException:
            self.store.stop()
            raise
        return self

    def __exit__(self, *_):
        self.ours.stop()
        self.store.stop()

    def download(self, of_set):
        self.ours.of_set = of_set
        rounds.drain(self.setup, self.ours.url(1))

    def peak_mib(self):
        return self.ours.peak_memory() / MIB


def figure(what, peak_mib, at_most):
    made = Figure(f"peak memory, {what}: s3zipper", peak_mib, "MiB")
    return made.judge(Target(at_most, at_most, at_most=True), peak_mib)


def entries(setup, quick, count, say):
    """One download of very many objects, with the default budget and with a small one."""
    many = Set("many", 100_000 if quick else 1_000_000, KIB)
    figures = []
    for settings, budget, at_most in (({}, DEFAULT_BUDGET_MIB, DEFAULT_BUDGET_MIB + 64),
                                      ({"MEMORY_BUDGET": "16MiB"}, 16, 32)):
        say(f"{many.count:,} entries, budget {budget} MiB")
        with Server(setup, [many], **settings) as server:
            server.download(many)
            figures.append(figure(f"{many.count:,} entries, budget {budget} MiB",
                                  server.peak_mib(), at_most))
    return figures


def length(setup, quick, count, say):
    """One object of 1 GiB, then one that is a hundred times as long."""
    short, long = Set("short", 1, GIB), Set("long", 1, (8 if quick else 100) * GIB)
    with Server(setup, [short, long]) as server:
        server.download(short)
        before = server.peak_mib()
        say(f"{long.title}")
        server.download(long)
        after = server.peak_mib()
    grown = Figure(f"peak memory, {long.title} after {short.title}: s3zipper", after, "MiB",
                   reference=before, reference_name=short.title, ratio=after / before)
    return [grown.judge(Target(1.1, 1.05, at_most=True), grown.ratio)]


def slow_clients(setup, quick, count, say):
    """A hundred downloads at once, by clients that take 1 MB/s, each of its own link."""
    one = Set("slow", 1, GIB)
    with Server(setup, [one]) as server:
        links = [server.ours.url(number) for number in range(1, CLIENTS + 1)]
        say(f"{CLIENTS} slow clients")
        options = ["--rate", str(CLIENT_BYTES_PER_SECOND), "--seconds", str(CLIENT_SECONDS)]
        clients = [subprocess.Popen([setup.tool("drain"), link, *options],
                                    stdout=subprocess.DEVNULL) for link in links]
        failed = [client for client in clients if client.wait() != 0]
        peak = server.peak_mib()
    if failed:
        raise RuntimeError(f"{len(failed)} of {CLIENTS} slow downloads failed")
    return [figure(f"{CLIENTS} slow clients", peak, DEFAULT_BUDGET_MIB + 64 + CLIENTS)]
