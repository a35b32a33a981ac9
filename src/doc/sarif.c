// doc/sarif.c: the findings of a page as SARIF 2.1.0 (OASIS), the form code-scanning services read.
// Rules are listed once, in the order they are met; paths are relative URIs as the page has them.
#include "base/index.h"
#include "codec/json.h"
#include "doc/doc.h"

typedef struct Sarif {
    Arena *arena;
    StrMap rules; // id -> place + 1
    VEC(const DocFinding *) findings;
    VEC(const DocFinding *) first; // per rule
} Sarif;

static void collect(Sarif *s, const DocNode *n) {
    for (; n; n = n->next) {
        if (n->kind == PAGE_FINDING) {
            vec_push(s->arena, &s->findings, &n->finding);
            uint32_t *place = strmap_put(&s->rules, n->finding.rule);
            if (*place == 0) {
                vec_push(s->arena, &s->first, &n->finding);
                *place = s->first.len;
            }
        }
        collect(s, n->child);
    }
}

static void pair(Json *j, const char *key, Str value) {
    json_key(j, str_c(key));
    json_str(j, value);
}

static void text_object(Json *j, const char *key, Str text) {
    json_key(j, str_c(key));
    json_object(j);
    pair(j, "text", text);
    json_close(j);
}

static void write_rule(Json *j, const DocFinding *f) {
    json_object(j);
    pair(j, "id", f->rule);
    pair(j, "name", f->rule_title);
    text_object(j, "shortDescription", f->rule_title);
    if (f->rule_help.len) text_object(j, "fullDescription", f->rule_help);
    json_close(j);
}

static void write_region(Json *j, const DocFinding *f) {
    json_key(j, STR("region"));
    json_object(j);
    json_key(j, STR("startLine"));
    json_i64(j, f->place.n);
    if (f->place.col) {
        json_key(j, STR("startColumn"));
        json_u64(j, f->place.col);
    }
    if (f->end_col > f->place.col) {
        json_key(j, STR("endColumn"));
        json_u64(j, f->end_col);
    }
    json_close(j);
}

static void write_location(Json *j, const DocFinding *f) {
    json_key(j, STR("locations"));
    json_array(j);
    json_object(j);
    json_key(j, STR("physicalLocation"));
    json_object(j);
    json_key(j, STR("artifactLocation"));
    json_object(j);
    pair(j, "uri", f->place.text);
    json_close(j);
    if (f->place.n > 0) write_region(j, f);
    json_close(j);
    json_close(j);
    json_close(j);
}

static void write_result(Json *j, const DocFinding *f) {
    static const char *const levels[] = {"note", "warning", "error"};
    json_object(j);
    pair(j, "ruleId", f->rule);
    pair(j, "level", str_c(levels[f->level]));
    text_object(j, "message", f->message);
    write_location(j, f);
    json_key(j, STR("partialFingerprints"));
    json_object(j);
    pair(j, "heapwiseFinding/v1", f->id);
    json_close(j);
    if (f->rank) {
        json_key(j, STR("rank")); // SARIF: 0..100, 100 first
        json_f64(j, 100.0 / f->rank);
    }
    json_close(j);
}

static void write_tool(Json *j, const Sarif *s, Str version) {
    json_key(j, STR("tool"));
    json_object(j);
    json_key(j, STR("driver"));
    json_object(j);
    pair(j, "name", STR("heapwise"));
    pair(j, "version", version);
    json_key(j, STR("rules"));
    json_array(j);
    for (uint32_t i = 0; i < s->first.len; i++) write_rule(j, s->first.v[i]);
    json_close(j);
    json_close(j);
    json_close(j);
}

void doc_render_sarif(const Doc *d, Str version, Buf *out) {
    Sarif s = {.arena = arena_new("sarif")};
    s.rules = strmap_new(s.arena);
    collect(&s, d->root.child);
    Json j = json_new(out, 2);
    json_object(&j);
    pair(&j, "$schema", STR("https://json.schemastore.org/sarif-2.1.0.json"));
    pair(&j, "version", STR("2.1.0"));
    json_key(&j, STR("runs"));
    json_array(&j);
    json_object(&j);
    write_tool(&j, &s, version);
    json_key(&j, STR("results"));
    json_array(&j);
    for (uint32_t i = 0; i < s.findings.len; i++) write_result(&j, s.findings.v[i]);
    json_close(&j);
    json_close(&j);
    json_close(&j);
    json_close(&j);
    buf_byte(out, '\n');
    arena_free(s.arena);
}
