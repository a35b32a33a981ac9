// tests/fuzz/goheader.c: any bytes as a Go file's header. A first part that needs no more says the
// same as the whole; an error has a place inside the text.
#include "go/load/load_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new("fuzz");
    Str text = {(const char *)data, size};
    FileHeader whole, part;
    bool more;
    header_read(a, text, NULL, &whole);
    ASSERT((whole.error.len > 0) == (whole.error_line > 0));
    ASSERT(whole.error_line <= size + 1 && whole.error_col <= size + 1);
    for (uint32_t i = 0; i < whole.imports.len; i++)
        ASSERT(import_is_legal(whole.imports.v[i].path) && whole.imports.v[i].line > 0);
    header_read(a, str_to(text, size / 2), &more, &part);
    if (!more) ASSERT(part.imports.len == whole.imports.len);
    header_read_constraints(a, text, &part);
    arena_free(a);
    return 0;
}
