// go/escape/explain.c: -m=2's reasons: each step on the way a value takes, and what made it.
#include "go/escape/escape_internal.h"

static void write_loc(Esc *e, Buf *b, LocId l) {
    Node *n = e->infos.v[l].n;
    if (l == LOC_HEAP) {
        buf_lit(b, "{heap}");
    } else if (!n) {
        buf_lit(b, "{temp}");
    } else if (n->op == IR_NAME) {
        ir_write(e->p, b, n);
    } else {
        buf_lit(b, "{storage for ");
        ir_write(e->p, b, n);
        buf_byte(b, '}');
    }
}

static Str loc_str(Esc *e, LocId l) {
    Buf b = buf_new(e->arena);
    write_loc(e, &b, l);
    return buf_view(&b);
}

// The record of what was explained last. Its way out is what explain_step found since.
static void log_explained(Esc *e, const Node *n, const char *code, Str text) {
    IrLogged *l = ir_log(e->p, n->pos, code, STR_FMT, STR_ARG(text));
    if (l) l->related = e->related;
    e->related = (IrRelatedVec){0};
}

static void log_step(Esc *e, IrPos pos, const char *fmt, ...) PRINTF_LIKE(3, 4);
static void log_step(Esc *e, IrPos pos, const char *fmt, ...) {
    if (!e->p->flags.log) return;
    va_list ap;
    va_start(ap, fmt);
    IrRelated r = {pos, str_vfmt(e->p->stays, fmt, ap)};
    va_end(ap);
    vec_push(e->p->stays, &e->related, r);
}

void esc_log_escape(Esc *e, LocId l, const char *code) {
    if (!e->p->flags.log) return;
    const Node *n = e->infos.v[l].n;
    Str text = ir_string(e->p, e->arena, e->infos.v[l].n);
    log_explained(e, n, code, str_join2(e->arena, text, STR(" escapes to heap")));
}

void esc_log_leak(Esc *e, LocId root, LocId l, int derefs) {
    if (!e->p->flags.log) return;
    Str sink = loc_str(e, root), text = ir_string(e->p, e->arena, e->infos.v[l].n);
    log_explained(e, e->infos.v[l].n, "leak",
                  str_fmt(e->arena, "parameter " STR_FMT " leaks to " STR_FMT " with derefs=%d",
                          STR_ARG(text), STR_ARG(sink), derefs));
}

static void explain(Esc *e, IrPos pos, const char *fmt, ...) PRINTF_LIKE(3, 4);
static void explain(Esc *e, IrPos pos, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    Str text = str_vfmt(e->arena, fmt, ap);
    va_end(ap);
    ir_warn(e->p, pos, STR_FMT, STR_ARG(text));
    vec_last(&e->p->messages).placed = true;
}

void esc_explain_escape(Esc *e, LocId l) {
    const LocInfo *i = &e->infos.v[l];
    Str text = ir_string(e->p, e->arena, i->n);
    explain(e, i->n->pos, STR_FMT " escapes to heap in " STR_FMT ":", STR_ARG(text),
            STR_ARG(i->func->name));
}

void esc_explain_leak(Esc *e, LocId root, LocId l, int derefs) {
    const LocInfo *i = &e->infos.v[l];
    Str sink = loc_str(e, root), text = ir_string(e->p, e->arena, i->n);
    explain(e, i->n->pos,
            "parameter " STR_FMT " leaks to " STR_FMT " for " STR_FMT " with derefs=%d:",
            STR_ARG(text), STR_ARG(sink), STR_ARG(i->func->name), derefs);
}

static void explain_step(Esc *e, IrPos pos, const Flow *f) {
    Str dst = loc_str(e, f->dst), src = loc_str(e, f->src);
    Buf ops = buf_new(e->arena);
    if (f->derefs < 0)
        buf_byte(&ops, '&');
    else
        buf_fill(&ops, '*', (size_t)f->derefs);
    explain(e, pos, "  flow: " STR_FMT " \u2190 " STR_FMT STR_FMT ":", STR_ARG(dst),
            STR_ARG(buf_view(&ops)), STR_ARG(src));
    const Node *n = e->infos.v[f->src].n;
    IrPos at_step = f->notes ? e->notes.v[f->notes].where->pos : n ? n->pos : (IrPos){0};
    log_step(e, at_step, "escflow:    flow: " STR_FMT " \u2190 " STR_FMT STR_FMT ":", STR_ARG(dst),
             STR_ARG(buf_view(&ops)), STR_ARG(src));
    for (NoteId i = f->notes; i; i = e->notes.v[i].next) {
        const Note *note = &e->notes.v[i];
        Str what = ir_string(e->p, e->arena, note->where);
        log_step(e, note->where->pos, "escflow:      from " STR_FMT " (%s)", STR_ARG(what),
                 note->why);
        Buf at = buf_new(e->arena);
        ir_write_pos(e->p, &at, note->where->pos);
        explain(e, pos, "    from " STR_FMT " (%s) at " STR_FMT, STR_ARG(what), note->why,
                STR_ARG(buf_view(&at)));
    }
}

void esc_explain_flow(Esc *e, const Flow *f) { explain_step(e, e->infos.v[f->src].n->pos, f); }

void esc_explain_path(Esc *e, const Step *steps, LocId root, LocId l) {
    IrPos pos = e->infos.v[l].n->pos;
    bool *seen = NEW_ARRAY(e->arena, bool, e->locs.len);
    LocId src = l;
    do {
        if (seen[src]) {
            explain(e, pos,
                    "  warning: truncated explanation due to assignment cycle; see "
                    "golang.org/issue/35518");
            return;
        }
        seen[src] = true;
        Step step = steps[src];
        explain_step(e, pos,
                     &(Flow){step.dst, src, e->edges[step.edge].derefs, e->edge_notes[step.edge]});
        src = step.dst;
    } while (src != root);
}
