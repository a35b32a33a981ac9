// go/program/vet.c: reading a .cfg of go vet, reading and writing facts.
#include "go/program/vet.h"

#include "base/index.h"
#include "base/path.h"
#include "codec/json.h"
#include "codec/json_read.h"
#include "sys/file.h"

enum { FACTS_VERSION = 1 };

static Err bad(Arena *a, const char *what, const char *why) {
    return err_new(a, ERR_FORMAT, 0, "%s: %s", what, why);
}

// ---- the configuration

static void take_imports(Arena *a, const JsonValue *map, VetPackage *p) {
    for (uint32_t i = 0; i < map->len; i++) {
        ProgramImport x = {map->items[i].key, map->items[i].str};
        if (!str_eq(x.path, x.id)) vec_push(a, &p->imports, x);
    }
}

static void take_deps(Arena *a, const JsonValue *map, VetConfig *c) {
    for (uint32_t i = 0; i < map->len; i++)
        vec_push(a, &c->deps, ((VetDep){map->items[i].key, map->items[i].str}));
}

// The configuration says it of imports alone.
static bool is_standard(Arena *a, const JsonValue *v, Str goroot) {
    Str below = path_join(a, goroot, STR("src/"));
    return goroot.len && !json_get_str(v, "ModulePath").len &&
           str_starts(json_get_str(v, "Dir"), below);
}

Err vet_parse(Arena *a, Str json, Str goroot, VetConfig *out) {
    JsonValue v;
    TRY(json_parse(a, json, &v));
    if (v.kind != JSON_KIND_OBJECT) return bad(a, "vet configuration", "it is no JSON object");
    VetConfig c = {.dir = json_get_str(&v, "Dir"),
                   .facts_only = json_get_bool(&v, "VetxOnly"),
                   .may_fail = json_get_bool(&v, "SucceedOnTypecheckFailure"),
                   .facts_out = json_get_str(&v, "VetxOutput"),
                   .report_out = json_get_str(&v, "Stdout")};
    c.own.id = json_get_str(&v, "ImportPath");
    c.own.lang = json_get_str(&v, "GoVersion");
    c.own.standard = is_standard(a, &v, goroot);
    if (!c.own.id.len) return bad(a, "vet configuration", "it names no ImportPath");
    Str compiler = json_get_str(&v, "Compiler");
    if (compiler.len && !str_eq_c(compiler, "gc"))
        return bad(a, "vet configuration", "only the compiler gc is known");
    const JsonValue *files = json_get(&v, "GoFiles");
    for (uint32_t i = 0; i < files->len; i++)
        vec_push(a, &c.own.files, ((VetFile){.name = files->items[i].str}));
    take_imports(a, json_get(&v, "ImportMap"), &c.own);
    take_deps(a, json_get(&v, "PackageVetx"), &c);
    *out = c;
    return NULL;
}

Err vet_read_files(Arena *a, VetConfig *c) {
    for (uint32_t i = 0; i < c->own.files.len; i++) {
        VetFile *f = &c->own.files.v[i];
        Str text;
        TRY(file_read(a, f->name, &text));
        f->hash = str_fmt(a, "%016llx%zx", (unsigned long long)str_hash(text), text.len);
        if (!str_eq(path_dir(f->name), c->dir)) f->text = text;
    }
    return NULL;
}

// ---- facts

static bool has_package(const VetFacts *facts, Str id) {
    for (uint32_t i = 0; i < facts->len; i++)
        if (str_eq(facts->v[i].id, id)) return true;
    return false;
}

static void take_package(Arena *a, const JsonValue *v, VetPackage *p) {
    p->id = json_get_str(v, "id");
    p->lang = json_get_str(v, "go");
    p->standard = json_get_bool(v, "std");
    const JsonValue *files = json_get(v, "files");
    for (uint32_t i = 0; i < files->len; i++) {
        VetFile f = {.name = json_get_str(&files->items[i], "name"),
                     .hash = json_get_str(&files->items[i], "hash")};
        const JsonValue *text = json_get(&files->items[i], "text");
        if (text->kind == JSON_KIND_STR) f.text = text->str;
        vec_push(a, &p->files, f);
    }
    take_imports(a, json_get(v, "imports"), p);
}

Err vet_facts_parse(Arena *a, Str json, VetFacts *inout) {
    JsonValue v;
    TRY(json_parse(a, json, &v));
    if (v.kind != JSON_KIND_OBJECT || json_get_int(&v, "heapwise") != FACTS_VERSION)
        return bad(a, "facts", "they are not heapwise's, or another version's");
    const JsonValue *packages = json_get(&v, "packages");
    for (uint32_t i = 0; i < packages->len; i++) {
        VetPackage p = {0};
        take_package(a, &packages->items[i], &p);
        if (!p.id.len) return bad(a, "facts", "a package has no id");
        if (!has_package(inout, p.id)) vec_push(a, inout, p);
    }
    return NULL;
}

static void put_package(Json *j, const VetPackage *p) {
    json_object(j);
    json_key(j, STR("id"));
    json_str(j, p->id);
    json_key(j, STR("go"));
    json_str(j, p->lang);
    json_key(j, STR("std"));
    json_bool(j, p->standard);
    json_key(j, STR("files"));
    json_array(j);
    for (uint32_t i = 0; i < p->files.len; i++) {
        const VetFile *f = &p->files.v[i];
        json_object(j);
        json_key(j, STR("name"));
        json_str(j, f->name);
        json_key(j, STR("hash"));
        json_str(j, f->hash);
        if (f->text.ptr) {
            json_key(j, STR("text"));
            json_str(j, f->text);
        }
        json_close(j);
    }
    json_close(j);
    json_key(j, STR("imports"));
    json_object(j);
    for (uint32_t i = 0; i < p->imports.len; i++) {
        json_key(j, p->imports.v[i].path);
        json_str(j, p->imports.v[i].id);
    }
    json_close(j);
    json_close(j);
}

Str vet_facts_write(Arena *a, const VetFacts *facts) {
    Buf b = buf_new(a);
    Json j = json_new(&b, 0);
    json_object(&j);
    json_key(&j, STR("heapwise"));
    json_i64(&j, FACTS_VERSION);
    json_key(&j, STR("packages"));
    json_array(&j);
    for (uint32_t i = 0; i < facts->len; i++) put_package(&j, &facts->v[i]);
    json_close(&j);
    json_close(&j);
    buf_byte(&b, '\n');
    return buf_view(&b);
}

// ---- the program

// "fmt [fmt.test]" is compiled as fmt.
static Str path_of_id(Str id) { return str_to(id, MIN(str_find(id, STR(" [")), id.len)); }

Err vet_add(Program *p, const VetFacts *facts) {
    for (uint32_t i = 0; i < facts->len; i++) {
        const VetPackage *v = &facts->v[i];
        ProgramFiles f = {
            .path = path_of_id(v->id), .id = v->id, .lang = v->lang, .standard = v->standard};
        f.root = i + 1 == facts->len;
        f.imports.v = v->imports.v;
        f.imports.len = f.imports.cap = v->imports.len;
        Arena *a = program_arena(p);
        for (uint32_t k = 0; k < v->files.len; k++) {
            vec_push(a, &f.names, v->files.v[k].name);
            vec_push(a, &f.texts, v->files.v[k].text);
        }
        TRY(program_add_files(p, &f));
    }
    return NULL;
}
