// What `go list -json` says about packages: one JSON object after the other.
#include "base/index.h"
#include "codec/json_read.h"
#include "engine/engine_internal.h"
#include "sys/file.h"

static void add_files(Arena *a, EnginePackage *p, const JsonValue *names) {
    for (uint32_t i = 0; i < names->len; i++)
        vec_push(a, &p->files, path_join(a, p->dir, names->items[i].str));
}

// The message of an Error object, with its position where it has one; without the heading that
// repeats the package's path.
static Str error_text(Arena *a, const JsonValue *error) {
    Str text = str_trim(json_get_str(error, "Err")), pos = json_get_str(error, "Pos");
    if (str_starts(text, STR("# "))) str_line(&text);
    text = str_trim(text);
    return pos.len ? str_join3(a, pos, STR(": "), text) : text;
}

Err golist_parse(Arena *a, Str text, EngineResult *out) {
    while (str_trim(text).len) {
        JsonValue v;
        TRY(json_parse_next(a, &text, &v));
        EnginePackage *p = vec_add(a, &out->packages);
        p->path = p->desc = json_get_str(&v, "ImportPath");
        p->name = json_get_str(&v, "Name");
        p->dir = json_get_str(&v, "Dir");
        p->module = json_get_str(json_get(&v, "Module"), "Path");
        add_files(a, p, json_get(&v, "GoFiles"));
        add_files(a, p, json_get(&v, "CgoFiles"));
        const JsonValue *error = json_get(&v, "Error");
        if (error->kind == JSON_KIND_OBJECT) p->error = error_text(a, error);
    }
    return NULL;
}

static Str first_dep_error(Arena *a, const JsonValue *list) {
    if (list->len == 0) return STR("");
    Str text = error_text(a, &list->items[0]);
    return str_join2(a, STR("a package it needs does not build: "), text);
}

static void take_export(Arena *a, EnginePackage *p, const JsonValue *v) {
    const JsonValue *error = json_get(v, "Error");
    // Nothing to compile is covered: tests alone, and unsafe, which the compiler knows itself.
    bool nothing = p->files.len == 0 || str_eq(p->path, STR("unsafe"));
    p->covered = json_get_str(v, "Export").len > 0 ||
                 (nothing && !p->error.len && error->kind != JSON_KIND_OBJECT);
    if (p->covered) return;
    if (error->kind == JSON_KIND_OBJECT) p->error = error_text(a, error);
    if (!p->error.len) p->error = first_dep_error(a, json_get(v, "DepsErrors"));
    if (!p->error.len) p->error = STR("the go command did not build it");
}

Err golist_exports(Arena *a, Str text, EngineResult *out) {
    StrMap by_path = strmap_new(a);
    for (uint32_t i = 0; i < out->packages.len; i++)
        *strmap_put(&by_path, out->packages.v[i].path) = i + 1;
    while (str_trim(text).len) {
        JsonValue v;
        TRY(json_parse_next(a, &text, &v));
        const uint32_t *place = strmap_get(&by_path, json_get_str(&v, "ImportPath"));
        if (place) take_export(a, &out->packages.v[*place - 1], &v);
    }
    return NULL;
}
