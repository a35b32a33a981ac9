#!/usr/bin/env python3
"""chain_macho IN OUT OFFSETS: rewrites a 64-bit Mach-O program whose pointers are listed word by word (LC_DYLD_INFO,
what Go's linker writes) into one whose pointers are chained (LC_DYLD_CHAINED_FIXUPS, what Apple's linkers write): each
word then holds its target and the distance to the next one. With OFFSETS "yes" targets count from the header."""
import struct
import sys

SEGMENT, INFO, CHAINS, FILLER = 0x19, 0x80000022, 0x80000034, 0x2a
PAGE = 0x4000


def uleb(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 0x7f) << shift
        shift += 7
        at += 1
        if not data[at - 1] & 0x80:
            return value, at


def rebases(ops):
    """(segment, offset) of each word."""
    at = segment = offset = 0
    while at < len(ops):
        kind, low = ops[at] & 0xf0, ops[at] & 15
        at += 1
        count, skip = 0, 0
        if kind == 0x20:
            segment = low
            offset, at = uleb(ops, at)
        elif kind == 0x30:
            skip, at = uleb(ops, at)
            offset += skip
        elif kind == 0x40:
            offset += low * 8
        elif kind == 0x50:
            count, skip = low, 0
        elif kind == 0x60:
            count, at = uleb(ops, at)
        elif kind == 0x70:
            skip, at = uleb(ops, at)
            count = 1
        elif kind == 0x80:
            count, at = uleb(ops, at)
            skip, at = uleb(ops, at)
        for _ in range(count):
            yield segment, offset
            offset += 8 + skip


def main():
    data, offsets = bytearray(open(sys.argv[1], "rb").read()), sys.argv[3] == "yes"
    count, = struct.unpack_from("<I", data, 16)
    at, segments, info = 32, [], None
    for _ in range(count):
        kind, size = struct.unpack_from("<II", data, at)
        if kind == SEGMENT:
            segments.append(struct.unpack_from("<QQQQ", data, at + 24))  # address, size, place in the file, size there
        if kind == INFO:
            info = at
        at += size
    base = next(addr for addr, _, place, size in segments if size and not place)
    ops_at, ops_size = struct.unpack_from("<II", data, info + 8)
    pages = {}
    for segment, offset in rebases(data[ops_at:ops_at + ops_size]):
        pages.setdefault((segment, offset // PAGE), []).append(offset % PAGE)
    words = 0
    for (segment, page), places in pages.items():
        places.sort()
        for here, following in zip(places, places[1:] + [None]):
            where = segments[segment][2] + page * PAGE + here
            target, = struct.unpack_from("<Q", data, where)
            distance = (following - here) // 4 if following is not None else 0
            struct.pack_into("<Q", data, where, target - (base if offsets else 0) | distance << 51)
            words += 1
    used = sorted({segment for segment, _ in pages})
    infos, places = b"", [0] * len(segments)
    for segment in used:
        last = max(page for s, page in pages if s == segment) + 1
        places[segment] = 4 + 4 * len(segments) + len(infos)
        starts = [pages[segment, k][0] if (segment, k) in pages else 0xffff for k in range(last)]
        one = struct.pack("<IHHQIH%dH" % last, 22 + 2 * last, PAGE, 6 if offsets else 2, segments[segment][0] - base, 0, last,
                          *starts)
        infos += one + b"\0" * (-len(one) % 4)
    blob = struct.pack("<7I", 0, 28, 0, 0, 0, 1, 0) + struct.pack("<I%dI" % len(segments), len(segments), *places) + infos
    struct.pack_into("<4I", data, info, CHAINS, 16, len(data), len(blob))
    struct.pack_into("<II", data, info + 16, FILLER, 32)
    struct.pack_into("<I", data, 16, count + 1)
    open(sys.argv[2], "wb").write(data + blob)
    print(words)


main()
