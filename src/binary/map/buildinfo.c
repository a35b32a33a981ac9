// binary/map: the build information Go puts into every program (debug/buildinfo): version, modules,
// settings. It survives stripping.
#include <string.h>

#include "base/reader.h"
#include "binary/map/map_internal.h"

enum { HEADER_BYTES = 32, ALIGN = 16, INLINE_STRINGS = 2 };
static const char magic[] = "\xff Go buildinf:";

static Str find_header(const Object *o, uint64_t *addr) {
    Str names[] = {STR(".go.buildinfo"), STR("__go_buildinfo"), STR(".data")};
    for (size_t k = 0; k < COUNT(names); k++) {
        const Section *s = object_section(o, names[k]);
        if (!s) continue;
        for (size_t at = 0; at + HEADER_BYTES <= s->data.len && at < (1u << 20); at += ALIGN)
            if (memcmp(s->data.ptr + at, magic, sizeof magic - 1) == 0) {
                *addr = s->addr + at;
                return str_from(s->data, at);
            }
    }
    return STR("");
}

static Str read_inline(Reader *r) {
    uint64_t n = read_uleb(r);
    if (n > reader_left(r)) {
        r->failed = true;
        return STR("");
    }
    return read_bytes(r, (size_t)n);
}

// Go 1.12 to 1.17: the header points at two Go strings.
static Str read_pointed(const Object *o, uint64_t header) {
    uint64_t text, len;
    unsigned size = object_pointer_bytes(o);
    if (!object_pointer_at(o, header, &text) || !object_pointer_at(o, header + size, &len))
        return STR("");
    return object_bytes_at(o, text, len);
}

static void read_line(Arena *a, Str line, BuildInfo *b) {
    Str kind = str_split(&line, '\t');
    Str path = line;
    if (str_eq(kind, STR("path"))) {
        b->path = line;
    } else if (str_eq(kind, STR("mod"))) {
        b->main_module = str_split(&path, '\t');
    } else if (str_eq(kind, STR("dep"))) {
        Str rest = line, module = str_split(&rest, '\t'), version = str_split(&rest, '\t');
        vec_push(a, &b->modules, str_join3(a, module, STR(" "), version));
    } else if (str_eq(kind, STR("build"))) {
        b->settings = b->settings.len ? str_join3(a, b->settings, STR("\n"), line) : line;
    }
}

void binary_read_build_info(Arena *a, Binary *p) {
    uint64_t at;
    Str header = find_header(&p->object, &at), info;
    if (header.len < HEADER_BYTES) return;
    if (header.ptr[15] & INLINE_STRINGS) {
        Reader r = reader_over(str_from(header, HEADER_BYTES));
        p->build.go_version = read_inline(&r);
        info = read_inline(&r);
    } else {
        unsigned size = object_pointer_bytes(&p->object);
        uint64_t version = 0, modules = 0;
        object_pointer_at(&p->object, at + 16, &version);
        object_pointer_at(&p->object, at + 16 + size, &modules);
        p->build.go_version = read_pointed(&p->object, version);
        info = read_pointed(&p->object, modules);
    }
    // Sixteen bytes of marks stand before and behind the text.
    if (info.len >= 33) info = str_slice(info, 16, info.len - 16);
    while (info.len) read_line(a, str_line(&info), &p->build);
}
