// A result as lines that two engines' can be compared by: one for each move, below it one for each
// step of its way with what inlining did, then what closures keep and which functions can be
// inlined. Functions the compiler makes for itself (type..eq) are in no source and left out.
#include "base/buf.h"
#include "engine/engine.h"

static void put_pos(Buf *b, const EnginePos *p) {
    buf_fmt(b, STR_FMT ":%u:%u", STR_ARG(p->file), p->line, p->col);
}

static void put_chain(Buf *b, const EnginePosVec *chain) {
    for (uint32_t i = 0; i < chain->len; i++) {
        buf_c(b, i ? " < " : ", inlined from ");
        put_pos(b, &chain->v[i]);
    }
}

static void put_note(Buf *b, const EngineMove *m, const EngineNote *n) {
    put_pos(b, &m->pos);
    buf_fmt(b, ":     from " STR_FMT " (" STR_FMT ") at ", STR_ARG(n->expr), STR_ARG(n->why));
    put_pos(b, &n->pos);
    put_chain(b, &n->chain);
    buf_byte(b, '\n');
}

static void put_move(Buf *b, const EngineMove *m) {
    put_pos(b, &m->pos);
    buf_fmt(b,
            m->kind == ENGINE_VAR ? ": moved to heap: " STR_FMT : ": " STR_FMT " escapes to heap",
            STR_ARG(m->what));
    if (m->func.len) buf_fmt(b, " in " STR_FMT, STR_ARG(m->func));
    put_chain(b, &m->chain);
    buf_byte(b, '\n');
    for (uint32_t i = 0; i < m->steps.len; i++) {
        const EngineStep *s = &m->steps.v[i];
        put_pos(b, &m->pos);
        buf_fmt(b, ":   flow: " STR_FMT " from " STR_FMT ", %d loads\n", STR_ARG(s->dst),
                STR_ARG(s->src), (int)s->derefs);
        for (uint32_t k = 0; k < s->notes.len; k++) put_note(b, m, &s->notes.v[k]);
    }
}

static void put_capture(Buf *b, const EngineCapture *c) {
    put_pos(b, &c->pos);
    buf_fmt(b, ": " STR_FMT " capturing by %s: " STR_FMT "\n", STR_ARG(c->closure),
            c->by_ref ? "ref" : "value", STR_ARG(c->var));
}

static void put_func(Buf *b, const EngineFunc *f) {
    if (str_starts(f->name, STR("type.."))) return;
    put_pos(b, &f->pos);
    buf_fmt(b, ": %s " STR_FMT "\n", f->inlinable ? "can inline" : "cannot inline",
            STR_ARG(f->name));
}

static void put_call(Buf *b, const EngineCall *c) {
    put_pos(b, &c->pos);
    buf_fmt(b, ": inlining call to " STR_FMT "\n", STR_ARG(c->callee));
}

// Lines of each package apart: what a result has is in the order of packages as they were read.
Str verify_result_text(Arena *a, const EngineResult *r) {
    Buf *of = NEW_ARRAY(a, Buf, r->packages.len + 1), all = buf_new(a);
    for (uint32_t i = 0; i < r->packages.len; i++) of[i] = buf_new(a);
    for (uint32_t i = 0; i < r->moves.len; i++)
        put_move(&of[r->moves.v[i].package], &r->moves.v[i]);
    for (uint32_t i = 0; i < r->captures.len; i++)
        put_capture(&of[r->captures.v[i].package], &r->captures.v[i]);
    for (uint32_t i = 0; i < r->funcs.len; i++)
        put_func(&of[r->funcs.v[i].package], &r->funcs.v[i]);
    for (uint32_t i = 0; i < r->calls.len; i++)
        put_call(&of[r->calls.v[i].package], &r->calls.v[i]);
    for (uint32_t i = 0; i < r->packages.len; i++) {
        const EnginePackage *p = &r->packages.v[i];
        if (!p->covered) continue;
        buf_fmt(&all, "# " STR_FMT "\n", STR_ARG(p->desc));
        buf_str(&all, buf_view(&of[i]));
    }
    return buf_view(&all);
}
