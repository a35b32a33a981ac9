// tests/fuzz/json.c: any bytes quoted as a JSON string stay one line of printable UTF-8.
#include "codec/json.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new("fuzz");
    Buf b = buf_new(a);
    json_quote(&b, (Str){(const char *)data, size});
    ASSERT(utf8_valid(buf_view(&b)));
    for (size_t i = 0; i < b.len; i++) ASSERT((unsigned char)b.ptr[i] >= 0x20);
    arena_free(a);
    return 0;
}
