// Where inlining took a move from: -m=2 names the outermost position only, -json=0,DIR the chain.
// A file holds a header object and then one diagnostic a line; "escape" and "escapes" records say
// the same as an explanation of -m=2, so each is matched with one by position, text and flow.
#include "base/buf.h"
#include "base/index.h"
#include "codec/json_read.h"
#include "engine/engine_internal.h"
#include "engine/flow.h"

struct Logopt {
    Arena *arena;
    EngineResult *result;
    Index moves; // package, line, column and text -> place + 1
    uint8_t *taken;
};

static uint64_t key_of(uint32_t package, uint64_t line, uint64_t col, Str what) {
    return hash_mix(hash_mix(str_hash(what), package), (line << 32) | col);
}

Logopt *logopt_new(Arena *a, EngineResult *result) {
    Logopt *l = NEW(a, Logopt);
    *l = (Logopt){.arena = a, .result = result, .moves = index_new(a)};
    l->taken = NEW_ARRAY(a, uint8_t, result->moves.len + 1);
    // Filed back to front: lookups give the newest first, and equal moves are matched in order.
    for (uint32_t i = result->moves.len; i-- > 0;) {
        const EngineMove *m = &result->moves.v[i];
        index_add(&l->moves, key_of(m->package, m->pos.line, m->pos.col, m->what), i + 1);
    }
    return l;
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// file:///a%20b/x.go
static Str uri_path(Arena *a, Str uri) {
    str_cut_prefix(&uri, STR("file://"));
    if (str_find_byte(uri, '%') == STR_NONE) return uri;
    Buf b = buf_new(a);
    for (size_t i = 0; i < uri.len; i++) {
        int hi = uri.ptr[i] == '%' && i + 2 < uri.len ? hex_digit(uri.ptr[i + 1]) : -1;
        int lo = hi >= 0 ? hex_digit(uri.ptr[i + 2]) : -1;
        buf_byte(&b, lo >= 0 ? (char)(hi * 16 + lo) : uri.ptr[i]);
        if (lo >= 0) i += 2;
    }
    return buf_view(&b);
}

static EnginePos location_pos(Arena *a, const JsonValue *related) {
    const JsonValue *location = json_get(related, "location");
    const JsonValue *start = json_get(json_get(location, "range"), "start");
    return (EnginePos){uri_path(a, json_get_str(location, "uri")),
                       (uint32_t)json_get_int(start, "line"),
                       (uint32_t)json_get_int(start, "character")};
}

static bool is_inline(const JsonValue *related) {
    return str_eq(json_get_str(related, "message"), STR("inlineLoc"));
}

static bool detail_text(Str *text) { return str_cut_prefix(text, STR("escflow:")); }

// The record's steps are the move's, in the same order.
static bool same_flow(const EngineMove *m, const LogDetail *details, uint32_t count) {
    uint32_t at = 0;
    for (uint32_t i = 0; i < count; i++) {
        EngineStep step;
        if (!flow_parse_step(details[i].text, &step)) continue;
        if (at >= m->steps.len) return false;
        const EngineStep *have = &m->steps.v[at++];
        if (have->derefs != step.derefs || !str_eq(have->src, step.src) ||
            !str_eq(have->dst, step.dst))
            return false;
    }
    return at == m->steps.len;
}

// Gives every note of the move the chain that the record has for it.
static void take_note_chains(EngineMove *m, const LogRecord *r) {
    uint32_t step = 0, place = 0;
    for (uint32_t i = 0; i < r->details.len; i++) {
        const LogDetail *d = &r->details.v[i];
        Str unused;
        EngineStep ignored_step;
        EngineNote ignored_note;
        if (flow_parse_step(d->text, &ignored_step)) {
            step++;
            place = 0;
        } else if (flow_parse_note(d->text, &ignored_note, &unused) && step > 0 &&
                   step <= m->steps.len && place < m->steps.v[step - 1].notes.len) {
            m->steps.v[step - 1].notes.v[place++].chain = d->chain;
        }
    }
}

// The first move of the place that is left, one of the same flow before others; NULL: none.
static EngineMove *take_move(Logopt *l, uint32_t package, const LogRecord *r) {
    uint32_t first = 0;
    uint64_t key = key_of(package, r->line, r->col, r->what);
    for (IndexIter it = index_find(&l->moves, key); it.id; index_next(&it)) {
        if (l->taken[it.id - 1]) continue;
        if (!first) first = it.id;
        if (!same_flow(&l->result->moves.v[it.id - 1], r->details.v, r->details.len)) continue;
        first = it.id;
        break;
    }
    if (!first) return NULL;
    l->taken[first - 1] = 1;
    return &l->result->moves.v[first - 1];
}

void logopt_take(Logopt *l, uint32_t package, const LogRecord *r) {
    EngineMove *m = take_move(l, package, r);
    if (!m) return;
    m->chain = r->chain;
    take_note_chains(m, r);
}

bool logopt_wants(Str code, Str *text) {
    return (str_eq(code, STR("escape")) || str_eq(code, STR("escapes"))) &&
           str_cut_suffix(text, STR(" escapes to heap"));
}

void logopt_detail(Arena *a, LogRecord *r, Str text) {
    if (detail_text(&text)) vec_add(a, &r->details)->text = text;
}

// What follows a detail belongs to it, what comes before the first one to the move.
static void add_related(Logopt *l, LogRecord *r, const JsonValue *related) {
    if (!is_inline(related)) {
        logopt_detail(l->arena, r, json_get_str(related, "message"));
        return;
    }
    EnginePosVec *chain = r->details.len ? &vec_last(&r->details).chain : &r->chain;
    vec_push(l->arena, chain, location_pos(l->arena, related));
}

static void read_record(Logopt *l, uint32_t package, const JsonValue *record) {
    LogRecord r = {.what = json_get_str(record, "message")};
    if (!logopt_wants(json_get_str(record, "code"), &r.what)) return;
    const JsonValue *start = json_get(json_get(record, "range"), "start");
    const JsonValue *related = json_get(record, "relatedInformation");
    r.line = (uint32_t)json_get_int(start, "line");
    r.col = (uint32_t)json_get_int(start, "character");
    for (uint32_t i = 0; i < related->len; i++) add_related(l, &r, &related->items[i]);
    logopt_take(l, package, &r);
}

Err logopt_add(Logopt *l, uint32_t package, Str text) {
    while (text.len) {
        Str line = str_line(&text);
        // Bounds checks and inlining costs are most of a file; only escapes are worth parsing.
        if (str_find(line, STR("\"code\":\"escape")) == STR_NONE) continue;
        JsonValue record;
        TRY(json_parse(l->arena, line, &record));
        read_record(l, package, &record);
    }
    return NULL;
}
