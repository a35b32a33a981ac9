"""strip_names.py IN OUT: a profile without functions, lines and what says it has them."""
import gzip, sys


def read_varint(b, i):
    value = shift = 0
    while True:
        c = b[i]
        i += 1
        value |= (c & 127) << shift
        shift += 7
        if c < 128:
            return value, i


def write_varint(n):
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def fields(b):
    i = 0
    while i < len(b):
        key, i = read_varint(b, i)
        value, i = read_varint(b, i)
        if key & 7 == 2:
            i += value
            value = b[i - value : i]
        yield key >> 3, key & 7, value


def encode(all):
    return b"".join(
        write_varint(f << 3 | w) + (write_varint(v) if w == 0 else write_varint(len(v)) + v) for f, w, v in all
    )


data = open(sys.argv[1], "rb").read()
if data[:2] == b"\x1f\x8b":
    data = gzip.decompress(data)
MAPPING, LOCATION, FUNCTION = 3, 4, 5
out = []
for f, w, v in fields(data):
    if f == LOCATION:
        v = encode(x for x in fields(v) if x[0] != 4)  # its lines
    if f == MAPPING:
        v = encode(x for x in fields(v) if x[0] < 7)  # has_functions and on
    if f != FUNCTION:
        out.append((f, w, v))
open(sys.argv[2], "wb").write(gzip.compress(encode(out)))
