// Reads what the Go compiler prints with -m=2, for every release since Go 1.19.
// The text changed in 1.25: `x escapes to heap in f:` was `x escapes to heap:`, and the arrow of
// `flow: a ← &b:` was an equals sign. Both are read, whatever the version says of itself.
// Lines nobody understands are counted and the first ones kept: a new wording must be noticed.
//
//	# import/path
//	f.go:3:2: x escapes to heap in f:             opens an explanation
//	f.go:3:2:   flow: ~r0 ← &x:                   one step
//	f.go:3:2:     from &x (address-of) at f.go:4:9   one reason of the step
//	f.go:3:2: moved to heap: x                    the verdict
#include "base/index.h"
#include "engine/engine_internal.h"
#include "engine/flow.h"

enum { M2_SAMPLES = 8 };

typedef struct M2 {
    Arena *arena;
    EngineResult *out;
    Placer placer;
    StrMap packages; // heading -> place + 1
    Index moves;     // position and name, and position alone -> place + 1
    uint32_t package;
    uint32_t block; // place + 1 of the move being explained; 0: none, or a parameter's
    bool in_block;
} M2;

// Where the text of a message stands in its line.
typedef enum Where { AT_START, AT_END, WITHIN } Where;

// What a line is about. Those that say nothing about a heap move are known and passed over.
typedef enum Message {
    MSG_MOVED,
    MSG_ESCAPES,
    MSG_INLINED,
    MSG_CAN_INLINE,
    MSG_CANNOT_INLINE,
    MSG_BY_REF,
    MSG_BY_VALUE,
    MSG_OTHER
} Message;

// clang-format off
static const struct { Where where; Message message; Str text; } MESSAGES[] = {
    {AT_START, MSG_CAN_INLINE,    STR_INIT("can inline ")}, // its body may hold any text: first
    {AT_START, MSG_CANNOT_INLINE, STR_INIT("cannot inline ")},
    {AT_START, MSG_INLINED,       STR_INIT("inlining call to ")},
    {AT_START, MSG_MOVED,         STR_INIT("moved to heap: ")},
    {AT_END,   MSG_ESCAPES,       STR_INIT(" escapes to heap")},
    {AT_END,   MSG_OTHER,         STR_INIT(" does not escape")},
    {AT_START, MSG_OTHER,         STR_INIT("leaking param")},
    {WITHIN,   MSG_BY_REF,        STR_INIT(" capturing by ref: ")},
    {WITHIN,   MSG_BY_VALUE,      STR_INIT(" capturing by value: ")},
    {WITHIN,   MSG_OTHER,         STR_INIT(" ignoring self-assignment in ")},
    {WITHIN,   MSG_OTHER,         STR_INIT(" ignoring self-assignment to ")},
    {AT_START, MSG_OTHER,         STR_INIT("zero-copy string->[]byte conversion")},
    {AT_START, MSG_OTHER,         STR_INIT("index bounds check elided")},
    {AT_START, MSG_OTHER,         STR_INIT("devirtualizing ")},
    {AT_START, MSG_OTHER,         STR_INIT("partially devirtualizing ")},
    {AT_START, MSG_OTHER,         STR_INIT("cannot devirtualize ")},
    {AT_START, MSG_OTHER,         STR_INIT("PGO devirtualizing ")},
    {AT_START, MSG_OTHER,         STR_INIT("should not PGO devirtualize ")},
    {AT_START, MSG_OTHER,         STR_INIT("hot-callsite ")},
    {AT_START, MSG_OTHER,         STR_INIT("hot-node enabled increased budget=")},
    {AT_START, MSG_OTHER,         STR_INIT("hot-budget check ")},
    {AT_START, MSG_OTHER,         STR_INIT("imprecise interface call")},
    {AT_START, MSG_OTHER,         STR_INIT("skip inlining ")},
    {AT_START, MSG_OTHER,         STR_INIT("assuming ")},
    {AT_START, MSG_OTHER,         STR_INIT("marking ")},
    {AT_START, MSG_OTHER,         STR_INIT("unrecognized shape for assign list stmt")},
    {AT_START, MSG_OTHER,         STR_INIT("stack object ")},
    {AT_START, MSG_OTHER,         STR_INIT("note: module requires Go ")}, // with compile errors
    {AT_END,   MSG_OTHER,         STR_INIT(" will be kept alive")},
    {AT_END,   MSG_OTHER,         STR_INIT("expr is unknown to bloop pass")},
    {AT_END,   MSG_OTHER,         STR_INIT("reducing max cost of inlinees")},
    {AT_START, MSG_OTHER,         STR_INIT("loop variable ")},
    {AT_START, MSG_OTHER,         STR_INIT("stack allocated backing store")},
};
// clang-format on

// --- lines ---

// Splits "FILE:LINE:COL: message". False: the line has no position.
static bool split_position(Str line, Str *pos, Str *rest) {
    static const Str UNKNOWN = STR_INIT("<unknown line number>: ");
    if (str_starts(line, UNKNOWN)) { // compiler-made variables of range-over-func loops
        *pos = STR("");
        *rest = str_from(line, UNKNOWN.len);
        return true;
    }
    size_t at = 0;
    for (;;) {
        size_t next = str_find(str_from(line, at), STR(": "));
        if (next == STR_NONE) return false;
        at += next;
        size_t digits = at;
        while (digits > 0 && line.ptr[digits - 1] >= '0' && line.ptr[digits - 1] <= '9') digits--;
        if (digits < at && digits > 0 && line.ptr[digits - 1] == ':') break;
        at += 2;
    }
    *pos = str_to(line, at);
    *rest = str_from(line, at + 2);
    return true;
}

static bool find_message(Str text, Message *message, Str *name, Str *after) {
    for (size_t i = 0; i < COUNT(MESSAGES); i++) {
        Str want = MESSAGES[i].text;
        *message = MESSAGES[i].message;
        size_t at = STR_NONE;
        switch (MESSAGES[i].where) {
        case AT_START: at = str_starts(text, want) ? 0 : STR_NONE; break;
        case AT_END: at = str_ends(text, want) ? text.len - want.len : STR_NONE; break;
        case WITHIN: at = str_find(text, want); break;
        }
        if (at == STR_NONE) continue;
        *name = str_to(text, at);
        *after = str_from(text, at + want.len);
        return true;
    }
    return false;
}

static void note_unparsed(M2 *m, Str line) {
    m->out->unparsed++;
    if (m->out->unparsed_sample.len < M2_SAMPLES)
        vec_push(m->arena, &m->out->unparsed_sample, line);
}

// --- packages ---

// The heading of a package: its path, or for tests `p [p.test]`.
static void open_package(M2 *m, Str desc) {
    uint32_t *place = strmap_put(&m->packages, desc);
    if (*place == 0) {
        EnginePackage *p = vec_add(m->arena, &m->out->packages);
        p->path = str_to(desc, MIN(desc.len, str_find_byte(desc, ' ')));
        p->desc = desc;
        p->covered = true;
        *place = m->out->packages.len;
    }
    m->package = *place - 1;
    m->block = 0;
    m->in_block = false;
}

// --- moves ---

static uint64_t move_key(EnginePos pos, Str what) {
    uint64_t place = hash_mix(str_hash(pos.file), ((uint64_t)pos.line << 32) | pos.col);
    return what.len ? hash_mix(place, str_hash(what)) : place;
}

static bool same_pos(EnginePos x, EnginePos y) {
    return x.line == y.line && x.col == y.col && str_eq(x.file, y.file);
}

static EngineMove *add_move(M2 *m, EnginePos pos, Str what) {
    EngineMove *move = vec_add(m->arena, &m->out->moves);
    move->pos = pos;
    move->what = what;
    move->package = m->package;
    index_add(&m->moves, move_key(pos, what), m->out->moves.len);
    index_add(&m->moves, move_key(pos, STR("")), m->out->moves.len);
    return move;
}

// `E escapes to heap in F:`, before 1.25 `E escapes to heap:`. False: the line is something else.
static bool open_move(M2 *m, EnginePos pos, Str text) {
    if (!str_cut_suffix(&text, STR(":"))) return false;
    static const Str NEW = STR_INIT(" escapes to heap in "), OLD = STR_INIT(" escapes to heap");
    Str func = STR("");
    if (!str_cut_suffix(&text, OLD)) {
        size_t at = flow_rfind(text, NEW);
        if (at == STR_NONE) return false;
        func = str_from(text, at + NEW.len);
        text = str_to(text, at);
    }
    EngineMove *move = add_move(m, pos, text);
    move->func = func;
    move->explained = true;
    m->block = m->out->moves.len;
    return true;
}

// `parameter x leaks to {heap} for F with derefs=0:`; its explanation is passed over.
static bool open_leak(Str text) {
    return str_starts(text, STR("parameter ")) && str_find(text, STR(" leaks to ")) != STR_NONE &&
           str_find(text, STR(" with derefs=")) != STR_NONE;
}

// `moved to heap: x`: what was explained under that name is a variable.
static void mark_variable(M2 *m, EnginePos pos, Str name) {
    bool found = false;
    for (IndexIter it = index_find(&m->moves, move_key(pos, name)); it.id; index_next(&it)) {
        EngineMove *move = &m->out->moves.v[it.id - 1];
        if (!same_pos(move->pos, pos) || !str_eq(move->what, name)) continue;
        move->kind = ENGINE_VAR;
        found = true;
    }
    if (!found) add_move(m, pos, name)->kind = ENGINE_VAR;
}

// `E escapes to heap` alone: nothing to do if it was explained (perhaps under its longer text).
static void confirm_move(M2 *m, EnginePos pos, Str what) {
    for (IndexIter it = index_find(&m->moves, move_key(pos, STR(""))); it.id; index_next(&it))
        if (same_pos(m->out->moves.v[it.id - 1].pos, pos)) return;
    add_move(m, pos, what);
}

// --- the explanation of a move ---

// `  flow: ...`, `    from ...`, `  warning: ...`. The text starts with two spaces.
static void read_detail(M2 *m, Str text, Str line) {
    EngineMove *move = m->block ? &m->out->moves.v[m->block - 1] : NULL;
    EngineStep step = {0};
    EngineNote note = {0};
    Str pos_text;
    if (flow_parse_step(text, &step)) {
        if (move) vec_push(m->arena, &move->steps, step);
    } else if (flow_parse_note(text, &note, &pos_text)) {
        note.pos = placer_parse(&m->placer, pos_text);
        if (move && move->steps.len) vec_push(m->arena, &vec_last(&move->steps).notes, note);
    } else if (str_starts(text, STR("  warning: truncated explanation"))) {
        if (move) move->truncated = true;
    } else {
        note_unparsed(m, line);
    }
}

// --- functions, calls, captures ---

static void add_func(M2 *m, EnginePos pos, Str text, bool inlinable) {
    size_t end = inlinable ? str_find(text, STR(" with cost ")) : str_find(text, STR(": "));
    EngineFunc f = {str_to(text, MIN(end, text.len)), pos, m->package, inlinable};
    vec_push(m->arena, &m->out->funcs, f);
}

static void add_capture(M2 *m, EnginePos pos, Str closure, Str text, bool by_ref) {
    size_t end = str_find(text, STR(" (addr="));
    EngineCapture c = {closure, str_to(text, MIN(end, text.len)), by_ref, pos, m->package};
    vec_push(m->arena, &m->out->captures, c);
}

static void read_verdict(M2 *m, EnginePos pos, Str text, Str line) {
    Message message;
    Str name, after;
    if (!find_message(text, &message, &name, &after)) {
        // `function F considered 'big'; ...` and `F will be kept alive` are in the table.
        note_unparsed(m, line);
        return;
    }
    switch (message) {
    case MSG_MOVED: mark_variable(m, pos, after); return;
    case MSG_ESCAPES: confirm_move(m, pos, name); return;
    case MSG_INLINED: {
        EngineCall call = {str_to(after, MIN(after.len, str_find(after, STR(" with score ")))), pos,
                           m->package};
        vec_push(m->arena, &m->out->calls, call);
        return;
    }
    case MSG_CAN_INLINE: add_func(m, pos, after, true); return;
    case MSG_CANNOT_INLINE: add_func(m, pos, after, false); return;
    case MSG_BY_REF: add_capture(m, pos, name, after, true); return;
    case MSG_BY_VALUE: add_capture(m, pos, name, after, false); return;
    case MSG_OTHER: return;
    }
    BUG("message %d", (int)message);
}

static void read_line(M2 *m, Str line) {
    Str pos_text, text;
    if (line.len == 0) return;
    if (str_starts(line, STR("# "))) {
        open_package(m, str_from(line, 2));
        return;
    }
    if (!split_position(line, &pos_text, &text)) {
        Message message;
        Str name, after;
        if (find_message(line, &message, &name, &after))
            m->out->unplaced++;
        else
            note_unparsed(m, line);
        return;
    }
    if (str_starts(text, STR("  ")) && m->in_block) {
        read_detail(m, text, line);
        return;
    }
    m->block = 0;
    EnginePos pos = placer_parse(&m->placer, pos_text);
    if (!pos.line) m->out->unplaced++;
    m->in_block = open_move(m, pos, text) || open_leak(text);
    if (!m->in_block) read_verdict(m, pos, text, line);
}

void m2_parse(Arena *a, Str text, Str dir, EngineResult *out) {
    M2 m = {.arena = a, .out = out, .placer = {.arena = a, .dir = dir}};
    m.packages = strmap_new(a);
    m.moves = index_new(a);
    for (uint32_t i = 0; i < out->packages.len; i++)
        *strmap_put(&m.packages, out->packages.v[i].desc) = i + 1;
    if (text.len && !str_starts(text, STR("# "))) open_package(&m, STR("command-line-arguments"));
    while (text.len) read_line(&m, str_line(&text));
}
