"""The content of the sandbox's virtual objects, computed on its own, for tests that check what came
through. How it is defined: sandbox/buckets/virtual_content.h.

    content("prefix/7.bin", 4096)               the first 4,096 bytes
    content("prefix/7.bin", 4096, offset=2**32)
    small("prefix/7.bin", 4096)                 the same as the first, for many small objects
    digests("prefix/7.bin", size)               CRC-32 and SHA-256 of the whole, streaming
    virtual_content.py KEY SIZE                 prints the digests
"""

import hashlib
import struct
import sys
import zlib

MASK = 2**64 - 1
GOLDEN = 0x9E3779B97F4A7C15
BLOCK_BYTES = 64 * 1024
BLOCK_WORDS = BLOCK_BYTES // 8
# A word times this is the word over and over, once for each of a block's.
REPEAT = sum(1 << (64 * i) for i in range(BLOCK_WORDS))


def _mix(x):
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def _seeds(key):
    if isinstance(key, str):
        key = key.encode()
    return struct.unpack_from("<QQ", hashlib.sha256(key).digest())


def blocks(key, number=0):
    """The blocks of 64 KiB from that number on, without end."""
    pattern_seed, block_seed = _seeds(key)
    words = [_mix((pattern_seed + (j + 1) * GOLDEN) & MASK) for j in range(BLOCK_WORDS)]
    pattern = int.from_bytes(struct.pack(f"<{BLOCK_WORDS}Q", *words), "little")
    while True:
        mask = _mix((block_seed + (number + 1) * GOLDEN) & MASK) * REPEAT
        yield (pattern ^ mask).to_bytes(BLOCK_BYTES, "little")
        number += 1


def pieces(key, size, offset=0):
    """The `size` bytes from `offset` on, in pieces."""
    skip = offset % BLOCK_BYTES
    for block in blocks(key, offset // BLOCK_BYTES):
        piece = block[skip : skip + size]
        skip = 0
        size -= len(piece)
        yield piece
        if size == 0:
            return


def content(key, size, offset=0):
    return b"".join(pieces(key, size, offset))


def small(key, size):
    """The first `size` bytes, 64 KiB at most, without the work for a whole block."""
    pattern_seed, block_seed = _seeds(key)
    mask = _mix((block_seed + GOLDEN) & MASK)
    words = [_mix((pattern_seed + j * GOLDEN) & MASK) ^ mask for j in range(1, size // 8 + 2)]
    return struct.pack(f"<{len(words)}Q", *words)[:size]


def digests(key, size):
    """(CRC-32 as a number, SHA-256 in hex) of the object's `size` bytes."""
    crc, sha256 = 0, hashlib.sha256()
    for piece in pieces(key, size):
        crc = zlib.crc32(piece, crc)
        sha256.update(piece)
    return crc, sha256.hexdigest()


if __name__ == "__main__":
    found = digests(sys.argv[1], int(sys.argv[2]))
    print(f"{found[0]:08x} {found[1]}")
