// codec/proto.h: the wire format of protocol buffers, read in place and written to a Buf.
// A message is a run of fields; a field is a key (number << 3 | wire type) and its value.
// Reading never allocates and never passes `end`; NULL says the bytes are not a message.
#ifndef HEAPWISE_CODEC_PROTO_H
#define HEAPWISE_CODEC_PROTO_H

#include "base/buf.h"

enum { PROTO_VARINT = 0, PROTO_FIXED64 = 1, PROTO_BYTES = 2, PROTO_FIXED32 = 5 };

typedef struct ProtoField {
    uint64_t number;
    uint32_t wire;
    uint64_t value;          // of a varint or a fixed number
    const uint8_t *at, *end; // of PROTO_BYTES
} ProtoField;

const uint8_t *proto_varint_slow(const uint8_t *at, const uint8_t *end, uint64_t *out);

// Reads one base-128 number; NULL when it is cut short or longer than ten bytes.
static inline const uint8_t *proto_varint(const uint8_t *at, const uint8_t *end, uint64_t *out) {
    if (LIKELY(at < end && *at < 0x80)) {
        *out = *at;
        return at + 1;
    }
    return proto_varint_slow(at, end, out);
}

const uint8_t *proto_field_slow(const uint8_t *at, const uint8_t *end, ProtoField *out);

// Reads one field, its bytes not copied; NULL when it is cut short or of an unknown wire type.
// Nearly all fields of a profile have a one-byte key and a number or length of one or two bytes.
static inline const uint8_t *proto_field(const uint8_t *at, const uint8_t *end, ProtoField *out) {
    if (UNLIKELY(end - at < 3 || at[0] >= 0x80)) return proto_field_slow(at, end, out);
    uint32_t wire = at[0] & 7;
    uint64_t value = at[1];
    const uint8_t *next = at + 2;
    if (value >= 0x80) {
        if (at[2] >= 0x80) return proto_field_slow(at, end, out);
        value = (value & 0x7f) | (uint64_t)at[2] << 7;
        next++;
    }
    out->number = at[0] >> 3;
    out->wire = wire;
    if (wire == PROTO_VARINT) {
        out->value = value;
        out->at = out->end = NULL;
        return next;
    }
    if (wire != PROTO_BYTES) return proto_field_slow(at, end, out);
    if (value > (uint64_t)(end - next)) return NULL;
    out->value = 0;
    out->at = next;
    out->end = next + value;
    return out->end;
}

void proto_put_varint(Buf *b, uint64_t value);
void proto_put_key(Buf *b, uint32_t number, uint32_t wire);
void proto_put_bytes(Buf *b, uint32_t number, Str bytes);
void proto_put_u64(Buf *b, uint32_t number, uint64_t value);
void proto_put_opt(Buf *b, uint32_t number, uint64_t value); // nothing for 0
uint32_t proto_varint_size(uint64_t value);                  // bytes it takes

#endif
