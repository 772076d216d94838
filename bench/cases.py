"""What is measured: the six throughput cases, who takes part, and what is wanted of s3zipper."""

from dataclasses import dataclass, field

from contestants import NginxProxy, Peer, Relay, S3zipper, SeenBefore
from figures import Target
from objects import GIB, KIB, MIB, Set

# As S3 does: 25 ms to the first byte, 90 MB/s a connection.
S3_LIMITS = ("--first-byte-ms", "25", "--connection-mbps", "90")


@dataclass(frozen=True)
class Case:
    name: str
    store: str  # "origin" or "s3-like"
    objects: Set
    reference: tuple  # the best of these contestants
    target: Target  # throughput
    own: tuple = field(default=(), compare=False)  # makes the contestants that are not peers
    cpu_above: float | None = None  # s/GiB that s3zipper may take above relays
    object_cpu_target: Target | None = None  # of µs an object
    tls: bool = False  # on both sides

    @property
    def unit(self):
        return "MB/s" if self.objects.count == 1 else "objects/s"

    @property
    def title(self):
        return f"{self.objects.title}, {self.store}" + (", TLS on both sides" if self.tls else "")

    def rate(self, seconds):
        amount = self.objects.bytes / 1e6 if self.objects.count == 1 else self.objects.count
        return amount / seconds

    @property
    def cpu_unit(self):
        return "s/GiB" if self.objects.count == 1 else "µs/object"

    def cpu_rate(self, seconds):
        if self.objects.count == 1:
            return seconds / (self.objects.bytes / GIB)
        return seconds * 1e6 / self.objects.count


def contestants(case, peers):
    """All of them, new; `peers`: their names and scripts."""
    out = [make() for make in case.own]
    ours = S3zipper()
    out.append(ours)
    if case.name == "large":
        out.append(SeenBefore("s3zipper, CRC known", ours))
    if not case.tls:
        out += [Peer(name, script) for name, script in peers]
    return out


def copying_relay():
    return Relay("copying relay", "--no-crc", "--ahead", "1", "--range-bytes", "0")


def relay_16():
    return Relay("relay-16", "--ahead", "16")


def relay_64():
    return Relay("relay-64", "--ahead", "64")


def nginx_proxy():
    return NginxProxy("nginx proxy")


def cases(quick):
    """The cases of objects and stores; a quick run has fewer objects, and a smaller large one."""
    part = 4 if quick else 1
    return [
        Case("large", "origin", Set("large", 1, GIB // part), ("copying relay", "nginx proxy"),
             Target(0.75, 0.9), (copying_relay, nginx_proxy, relay_16),
             cpu_above=0.12),
        Case("tls", "origin", Set("large", 1, GIB // part),
             ("copying relay", "relay-16", "nginx proxy"), Target(0.85, 1.0),
             (copying_relay, nginx_proxy, relay_16), tls=True),
        Case("medium", "origin", Set("medium", 2000 // part, 256 * KIB), ("relay-16",),
             Target(0.85, 1.0), (relay_16,)),
        Case("small", "origin", Set("small", 20000 // part, 4 * KIB), ("relay-16",),
             Target(0.7, 0.9), (relay_16,), object_cpu_target=Target(40, 30, at_most=True)),
        Case("s3-large", "s3-like", Set("large", 1, 256 * MIB), ("relay-64",), Target(0.9, 1.0),
             (relay_64,)),
        Case("s3-medium", "s3-like", Set("medium", 400, 256 * KIB), ("relay-64",),
             Target(0.9, 1.0), (relay_64,)),
    ]
