// go/escape/tags.c: what callers know about a function's parameters, and the lines that say so.
//
// A tag is "esc:" and a byte for each sink (heap, mutator, callee, the first five results): 1 + the
// fewest dereferences on the way there, 0 for none; zeros at the end are left out. The empty tag
// says that the parameter itself leaks to the heap, or that nothing is known.
#include "go/escape/escape_internal.h"

int leaks_get(const Leaks *l, int sink) { return l->v[sink] - 1; }

void leaks_add(Leaks *l, int sink, int derefs) {
    int old = leaks_get(l, sink);
    if (old < 0 || derefs < old) l->v[sink] = (uint8_t)MIN(derefs + 1, UINT8_MAX);
}

// Beside a way to the heap, ways elsewhere that are as long or longer say nothing new.
void leaks_optimize(Leaks *l) {
    int heap = leaks_get(l, LEAK_HEAP);
    if (heap < 0) return;
    for (int i = 1; i < LEAK_COUNT; i++)
        if (leaks_get(l, i) >= heap) l->v[i] = 0;
}

Str leaks_encode(Arena *a, const Leaks *l) {
    if (leaks_get(l, LEAK_HEAP) == 0) return STR("");
    size_t n = LEAK_COUNT;
    while (n > 0 && l->v[n - 1] == 0) n--;
    if (n == 0) return STR("esc:");
    return str_join2(a, STR("esc:"), (Str){(const char *)l->v, n});
}

Leaks leaks_parse(Str tag) {
    Leaks l = {0};
    if (!str_cut_prefix(&tag, STR("esc:"))) {
        leaks_add(&l, LEAK_HEAP, 0);
        return l;
    }
    memcpy(l.v, tag.ptr, MIN(tag.len, sizeof l.v));
    return l;
}

bool esc_in_batch(const Esc *e, const Func *f) {
    if (!f->has_syntax || f->home != e->p || f->param_tags) return false;
    for (uint32_t i = 0; i < f->nparams + f->nresults; i++)
        if (!esc_has_loc(f->dcl.v[i]))
            BUG("%.*s is called by %.*s and was not analysed before it", STR_ARG(f->name),
                STR_ARG(e->func->name));
    return true;
}

// Whether the source gives a parameter a name, be it the blank one.
static bool has_name(const Esc *e, const Func *f, uint32_t i) {
    const Type *sig = f->obj ? f->obj->type : NULL;
    if (!sig || sig->kind != TYPE_SIGNATURE) return true;
    const Obj *param = sig->sig.recv;
    if (!f->recv || i-- > 0) param = sig->sig.params->tuple.vars.v[i];
    return name_str(e->p->names, param->name).len > 0;
}

// Of functions written in assembly, or elsewhere: what the directives promise.
static Str tag_external(Esc *e, Func *f, uint32_t i, bool say) {
    Node *param = f->dcl.v[i];
    Str name = param->u.name->name;
    if (param->type->kind == KIND_UINTPTR) {
        if (say) ir_warn(e->p, param->pos, "assuming " STR_FMT " is unsafe uintptr", STR_ARG(name));
        return STR("");
    }
    if (!irtype_has_pointers(e->ts, param->type)) return STR("");
    say = say && has_name(e, f, i);
    Leaks l = {0};
    if (f->pragma & PRAGMA_NOESCAPE) {
        if (say) ir_warn(e->p, param->pos, STR_FMT " does not escape", STR_ARG(name));
        leaks_add(&l, LEAK_MUTATOR, 0);
        leaks_add(&l, LEAK_CALLEE, 0);
    } else {
        if (say) ir_warn(e->p, param->pos, "leaking param: " STR_FMT, STR_ARG(name));
        leaks_add(&l, LEAK_HEAP, 0);
    }
    return leaks_encode(e->p->arena, &l);
}

static void report_leaks(Esc *e, const Func *f, const Node *param, const Leaks *l) {
    Str name = param->u.name->name;
    int heap = leaks_get(l, LEAK_HEAP);
    bool said = heap >= 0;
    if (heap == 0) ir_warn(e->p, param->pos, "leaking param: " STR_FMT, STR_ARG(name));
    if (heap > 0) ir_warn(e->p, param->pos, "leaking param content: " STR_FMT, STR_ARG(name));
    for (uint32_t i = 0; i < LEAK_RESULTS; i++) {
        int derefs = leaks_get(l, LEAK_RESULT0 + (int)i);
        if (derefs < 0) continue;
        Str result = f->dcl.v[f->nparams + i]->u.name->name;
        ir_warn(e->p, param->pos, "leaking param: " STR_FMT " to result " STR_FMT " level=%d",
                STR_ARG(name), STR_ARG(result), derefs);
        said = true;
    }
    if (!said) ir_warn(e->p, param->pos, STR_FMT " does not escape", STR_ARG(name));
}

// Whether param is made to escape by //go:uintptrescapes; says so.
static bool is_escaping_uintptr(Esc *e, const Func *f, const Node *param, bool say) {
    if (!(f->pragma & PRAGMA_UINTPTRESCAPES)) return false;
    bool last = f->nparams && f->dcl.v[f->nparams - 1] == param;
    const IrType *t = param->type;
    const char *dots = "";
    if (t->kind != KIND_UINTPTR) {
        if (!(f->ddd && last && t->elem->kind == KIND_UINTPTR)) return false;
        dots = "...";
    }
    if (say)
        ir_warn(e->p, param->pos, "marking " STR_FMT " as escaping %suintptr",
                STR_ARG(param->u.name->name), dots);
    return true;
}

static Str tag_param(Esc *e, Func *f, uint32_t i) {
    // Wrappers and instances are not what somebody wrote.
    bool say = e->p->flags.m > 0 && !f->wrapper && !f->dupok;
    if (!f->has_body) return tag_external(e, f, i, say);
    Node *param = f->dcl.v[i];
    if (is_escaping_uintptr(e, f, param, say)) return STR("");
    if (!irtype_has_pointers(e->ts, param->type)) return STR("");
    // What has no name is not used.
    if (str_starts(param->u.name->name, STR("~p"))) return STR("esc:");
    LocId loc = esc_loc_of(e, param);
    Leaks l = e->infos.v[loc].leaks;
    leaks_optimize(&l);
    if (say && !(e->locs.v[loc].attrs & ATTR_ESCAPES)) report_leaks(e, f, param, &l);
    return leaks_encode(e->p->arena, &l);
}

void esc_tag_params(Esc *e, Func *f) {
    Str *tags = NEW_ARRAY(e->p->arena, Str, f->nparams + 1); // never NULL: it says f was analysed
    if (!f->has_body && f->nparams) f->pragma |= PRAGMA_UINTPTRKEEPALIVE;
    for (uint32_t i = 0; i < f->nparams; i++) tags[i] = tag_param(e, f, i);
    f->param_tags = tags;
}
