// go/load/edit.c: what of a package's directory decides which packages there are and what they
// consist of. While that stays the same after an edit, nothing has to be found anew.
#include "go/load/load_internal.h"
#include "sys/file.h"

typedef struct Facts {
    Arena *arena;
    PackageSource out;
} Facts;

static void add_to(uint64_t *hash, Str s) { *hash = hash_mix(*hash + s.len, str_hash(s)); }

static void add(Facts *f, Str s) { add_to(&f->out.facts, s); }

static void add_all(Facts *f, const StrVec *list) {
    add(f, str_fmt(f->arena, "%u", list->len));
    for (uint32_t i = 0; i < list->len; i++) add(f, list->v[i]);
}

static void add_header(Facts *f, Str path) {
    Str text;
    FileHeader h;
    f->out.broken |= file_read(f->arena, path, &text) != NULL;
    if (f->out.broken) return;
    add_to(&f->out.content, text);
    header_read(f->arena, text, NULL, &h);
    f->out.broken |= h.error_line || h.read_error.len || h.constraint_error.len;
    StrVec more = {0};
    for (uint32_t i = 0; i < h.imports.len; i++) vec_push(f->arena, &more, h.imports.v[i].path);
    for (uint32_t i = 0; i < h.embeds.len; i++) vec_push(f->arena, &more, h.embeds.v[i].pattern);
    strvec_sort(&more);
    add_all(f, &more);
    add_all(f, &h.plus_build);
    add(f, h.package_name);
    add(f, h.go_build);
}

static bool counts(const DirEntry *e) {
    return e->kind == FILE_REGULAR && source_kind(e->name) != SOURCE_NONE &&
           !str_ends(e->name, STR("_test.go")) && e->name.ptr[0] != '_' && e->name.ptr[0] != '.';
}

PackageSource package_source(const Package *p) {
    Facts f = {.arena = arena_new("source facts")};
    DirList list = {0};
    f.out.broken = dir_list(f.arena, p->dir, &list) != NULL;
    for (uint32_t i = 0; i < list.len && !f.out.broken; i++) {
        if (!counts(&list.v[i])) continue;
        add(&f, list.v[i].name);
        if (str_ends(list.v[i].name, STR(".go")))
            add_header(&f, path_join(f.arena, p->dir, list.v[i].name));
    }
    arena_free(f.arena);
    return f.out;
}
