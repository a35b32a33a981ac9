// codec/proto.c: fields of protocol buffers (the encoding page of protobuf.dev describes them).
#include "codec/proto.h"

const uint8_t *proto_varint_slow(const uint8_t *at, const uint8_t *end, uint64_t *out) {
    uint64_t value = 0;
    if (end - at > 10) end = at + 10;
    for (unsigned shift = 0; at < end; shift += 7) {
        uint8_t byte = *at++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *out = value;
            return at;
        }
    }
    return NULL;
}

// Little-endian numbers of n bytes.
static const uint8_t *fixed(const uint8_t *at, const uint8_t *end, unsigned n, uint64_t *out) {
    if (end - at < (ptrdiff_t)n) return NULL;
    uint64_t value = 0;
    for (unsigned i = 0; i < n; i++) value |= (uint64_t)at[i] << (8 * i);
    *out = value;
    return at + n;
}

const uint8_t *proto_field_slow(const uint8_t *at, const uint8_t *end, ProtoField *out) {
    uint64_t key;
    at = proto_varint(at, end, &key);
    if (!at) return NULL;
    *out = (ProtoField){.number = key >> 3, .wire = (uint32_t)(key & 7)};
    switch (out->wire) {
    case PROTO_VARINT: return proto_varint(at, end, &out->value);
    case PROTO_FIXED64: return fixed(at, end, 8, &out->value);
    case PROTO_FIXED32: return fixed(at, end, 4, &out->value);
    case PROTO_BYTES: break;
    default: return NULL;
    }
    uint64_t len;
    at = proto_varint(at, end, &len);
    if (!at || len > (uint64_t)(end - at)) return NULL;
    out->at = at;
    out->end = at + len;
    return out->end;
}

void proto_put_varint(Buf *b, uint64_t value) {
    char *to = buf_room(b, 10);
    size_t n = 0;
    for (; value >= 0x80; value >>= 7) to[n++] = (char)(uint8_t)(value | 0x80);
    to[n++] = (char)value;
    b->len += n;
}

void proto_put_key(Buf *b, uint32_t number, uint32_t wire) {
    proto_put_varint(b, (uint64_t)number << 3 | wire);
}

void proto_put_bytes(Buf *b, uint32_t number, Str bytes) {
    proto_put_key(b, number, PROTO_BYTES);
    proto_put_varint(b, bytes.len);
    buf_str(b, bytes);
}

void proto_put_u64(Buf *b, uint32_t number, uint64_t value) {
    proto_put_key(b, number, PROTO_VARINT);
    proto_put_varint(b, value);
}

void proto_put_opt(Buf *b, uint32_t number, uint64_t value) {
    if (value) proto_put_u64(b, number, value);
}

uint32_t proto_varint_size(uint64_t value) {
    uint32_t n = 1;
    for (; value >= 0x80; value >>= 7) n++;
    return n;
}
