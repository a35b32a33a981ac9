// tests/unit/evidence/fixture.h: one Go file in a temporary directory, and what the compiler is
// supposed to have said about it; @ stands for the file's path.
#ifndef HEAPWISE_TESTS_EVIDENCE_FIXTURE_H
#define HEAPWISE_TESTS_EVIDENCE_FIXTURE_H

#include "engine/engine_internal.h"
#include "evidence/evidence.h"
#include "harness.h"
#include "sys/file.h"

typedef struct Fixture {
    Str dir, file;
    EngineResult *engine;
    Evidence *evidence;
} Fixture;

static inline Str fixture_fill(Arena *a, Str text, Str file) {
    Buf b = buf_new(a);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '@')
            buf_str(&b, file);
        else
            buf_byte(&b, text.ptr[i]);
    }
    return buf_view(&b);
}

// json: lines of -json=0,DIR, or empty.
static inline Fixture fixture_open(Test *t, Str source, Str m2, Str json) {
    Fixture f = {0};
    Arena *a = t->arena;
    f.engine = NEW(a, EngineResult);
    CHECK_OK(t, dir_temp(a, "evidence-", &f.dir));
    f.file = path_join(a, f.dir, STR("a.go"));
    CHECK_OK(t, file_write(a, f.file, source));
    EnginePackage *p = vec_add(a, &f.engine->packages);
    p->path = p->desc = STR("ex.com/a");
    p->name = STR("a");
    p->dir = f.dir;
    p->covered = true;
    vec_push(a, &p->files, f.file);
    m2_parse(a, fixture_fill(a, m2, f.file), f.dir, f.engine);
    CHECK_OK(t, logopt_add(logopt_new(a, f.engine), 0, fixture_fill(a, json, f.file)));
    f.evidence = evidence_gather(a, f.engine);
    return f;
}

static inline void fixture_close(Test *t, Fixture *f) {
    evidence_free(f->evidence);
    CHECK_OK(t, dir_remove_tree(t->arena, f->dir));
}

#endif
