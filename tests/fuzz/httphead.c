// tests/fuzz/httphead.c: request heads and queries: what is accepted lies within the bytes.
#include <stdint.h>

#include "codec/httphead.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new("fuzz");
    Str bytes = {(const char *)data, size};
    HttpHead h;
    if (http_head_read(a, bytes, &h) == HTTP_HEAD_WHOLE) {
        if (h.size_bytes > size || !h.path.len || h.path.ptr[0] != '/') BUG("a head out of bounds");
        for (uint32_t i = 0; i < h.fields.len; i++)
            if (!h.fields.v[i].name.len) BUG("a field without a name");
        HttpPairVec q = http_query(a, h.query);
        if (q.len > h.query.len) BUG("more words than characters");
    }
    HttpPairVec q = http_query(a, bytes);
    for (uint32_t i = 0; i < q.len; i++)
        if (q.v[i].name.len + q.v[i].value.len > size) BUG("decoding made a word longer");
    arena_free(a);
    return 0;
}
