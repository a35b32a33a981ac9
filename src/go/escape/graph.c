// go/escape/graph.c: locations, holes and flows: the words the graph is written with.
#include "go/escape/escape_internal.h"

LocId esc_new_loc(Esc *e, Node *n, bool persists) {
    LocId id = e->locs.len;
    Loc *loc = vec_add(e->lists, &e->locs);
    LocInfo *info = vec_add(e->lists, &e->infos);
    info->n = n;
    info->func = e->func;
    info->loop_depth = e->loop_depth;
    if (persists) loc->attrs = ATTR_PERSISTS;
    if (n && n->op == IR_NAME) {
        loc->param = n->u.name->cls == CLASS_PARAM;
        loc->result = n->u.name->cls == CLASS_RESULT;
        n->u.name->opt = (void *)(uintptr_t)id;
    }
    return id;
}

bool esc_has_loc(const Node *name) { return name->u.name->opt != NULL; }

LocId esc_loc_of(const Esc *e, Node *name) {
    Node *n = ir_canonical(name);
    LocId id = (LocId)(uintptr_t)n->u.name->opt;
    if (id < LOC_FIRST || id >= e->locs.len || e->infos.v[id].n != n)
        BUG("%.*s has no location in %.*s", STR_ARG(n->u.name->name), STR_ARG(e->func->name));
    return id;
}

Hole esc_note(Esc *e, Hole k, Node *where, const char *why) {
    if (LIKELY(!e->explain)) return k;
    Note *note = vec_add(e->lists, &e->notes);
    *note = (Note){k.notes, where, why};
    k.notes = e->notes.len - 1;
    return k;
}

Hole esc_shift(Hole k, int delta) {
    k.derefs += delta;
    ASSERT(k.derefs >= -1);
    k.addrtaken = delta < 0;
    return k;
}

Hole esc_deref(Esc *e, Hole k, Node *where, const char *why) {
    return esc_note(e, esc_shift(k, 1), where, why);
}

Hole esc_addr_of(Esc *e, Hole k, Node *where, const char *why) {
    return esc_note(e, esc_shift(k, -1), where, why);
}

Hole esc_dot_type(Esc *e, Hole k, IrType *t, Node *where, const char *why) {
    if (!irtype_is_interface(t) && !irtype_is_direct_iface(e->ts, t)) k = esc_shift(k, 1);
    return esc_note(e, k, where, why);
}

void esc_flow(Esc *e, Hole k, LocId src) {
    if (k.addrtaken) e->infos.v[src].addrtaken = true;
    if (k.dst == LOC_BLANK) return;
    if (k.dst == src && k.derefs >= 0) return;                     // dst = dst, dst = *dst, ...
    if (k.derefs < 0 && (e->locs.v[k.dst].attrs & ATTR_ESCAPES)) { // dst = &src
        if (e->explain) {
            esc_explain_escape(e, src);
            esc_explain_flow(e, &(Flow){k.dst, src, k.derefs, k.notes});
            esc_log_escape(e, src, "escapes");
        }
        e->locs.v[src].attrs |= ATTR_ALL;
        return;
    }
    vec_push(e->lists, &e->flows, ((Flow){k.dst, src, k.derefs, k.notes}));
}

// A temporary that flows to each of ks. "l1 = _" and "l2 = &_" cannot be joined in this way; nobody
// asks for it.
Hole esc_tee(Esc *e, Holes ks) {
    if (ks.len == 0) return hole_of(LOC_BLANK);
    if (ks.len == 1) return ks.v[0];
    LocId tmp = esc_new_loc(e, NULL, false);
    for (uint32_t i = 0; i < ks.len; i++) {
        ASSERT(ks.v[i].derefs >= 0);
        esc_flow(e, ks.v[i], tmp);
    }
    return hole_of(tmp);
}

// Flows to k, but some time later: what a statement made for it must be kept until then.
Hole esc_later(Esc *e, Hole k) {
    LocId tmp = esc_new_loc(e, NULL, true);
    esc_flow(e, k, tmp);
    return hole_of(tmp);
}

Hole esc_spill(Esc *e, Hole k, Node *n) {
    LocId l = esc_new_loc(e, n, false);
    esc_flow(e, esc_addr_of(e, k, n, "spill"), l);
    return hole_of(l);
}

// Edges of each location side by side, in the order they were made: a counting sort.
void esc_sort_edges(Esc *e) {
    uint32_t nlocs = e->locs.len, nflows = e->flows.len;
    vec_add(e->lists, &e->locs); // its edges start where the last one's end
    Loc *locs = e->locs.v;
    for (uint32_t i = 0; i < nflows; i++) locs[e->flows.v[i].dst + 1].edges++;
    for (uint32_t i = 1; i <= nlocs; i++) locs[i].edges += locs[i - 1].edges;
    uint32_t *next = NEW_ARRAY(e->arena, uint32_t, nlocs + 1);
    for (uint32_t i = 0; i < nlocs; i++) next[i] = locs[i].edges;
    e->edges = NEW_ARRAY(e->arena, Edge, nflows + 1);
    if (e->explain) e->edge_notes = NEW_ARRAY(e->arena, NoteId, nflows + 1);
    for (uint32_t i = 0; i < nflows; i++) {
        const Flow *f = &e->flows.v[i];
        uint32_t at = next[f->dst]++;
        e->edges[at] = (Edge){f->src, f->derefs};
        if (e->explain) e->edge_notes[at] = f->notes;
    }
    e->locs.len = nlocs;
}
