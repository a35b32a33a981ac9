// go/ir/bodies.c: whose bodies can be had here. Export data carries the bodies of a package's own
// inlinable functions and of those it inlined; what only an indirect import has is out of reach.
// Rules: noder/linker.go exportBody, noder/unified.go readPackage.
#include "go/ir/lower_internal.h"

struct Bodies {
    PtrMap used;    // Func of other packages inlined here
    PtrMap carried; // those of them that the export data has
    PtrMap known;   // Func to itself (can be had) or to &unavailable
};

static char unavailable;

static struct Bodies *bodies_of(IrPkg *p) {
    if (!p->bodies) {
        p->bodies = NEW(p->stays, struct Bodies);
        p->bodies->used = ptrmap_new(p->arena);
        p->bodies->carried = ptrmap_new(p->stays);
        p->bodies->known = ptrmap_new(p->arena);
    }
    return p->bodies;
}

static bool carried(const IrPkg *q, const Func *f) {
    return f->home == q || (q->bodies && ptrmap_get(&q->bodies->carried, f));
}

bool ir_body_available(IrPkg *p, const Func *f) {
    if (!f->inl) return false;
    if (f->home == p) return true;
    struct Bodies *b = bodies_of(p);
    void *known = ptrmap_get(&b->known, f);
    if (known) return known != &unavailable;
    bool found = false;
    for (uint32_t i = 0; i < p->imports.len && !found; i++) found = carried(p->imports.v[i], f);
    ptrmap_put(&b->known, f, found ? (void *)(uintptr_t)f : &unavailable);
    return found;
}

bool ir_body_used(IrPkg *p, Func *f) {
    if (f->home == p || ptrmap_get(&bodies_of(p)->used, f)) return false;
    ptrmap_put(&bodies_of(p)->used, f, f);
    return true;
}

void ir_seal_bodies(IrPkg *p) {
    if (!p->bodies) return;
    if (p->bodies->used.count) reach_bodies(p, &p->bodies->used, &p->bodies->carried);
    p->bodies->used = p->bodies->known = (PtrMap){0};
}

static Func *same_member(const Inst *here, const Inst *there, const Func *f) {
    if (there->func == f) return here->func;
    for (uint32_t i = 0; i < here->nmethods; i++)
        if (here->methods[i]->obj == f->obj) return here->methods[i];
    BUG("an instance without " STR_FMT, STR_ARG(f->name));
}

Func *ir_func_here(IrPkg *p, Func *f) {
    if (f->home == p || !f->inst || f->oclosure) return f;
    Lower *l = p->lower;
    Inst *inst = f->inst;
    Inst *here = lower_inst(l, inst->obj, inst->targs, inst->implicits, inst->shaped);
    Func *found = same_member(here, inst, f);
    lower_read_bodies(l, true);
    return found;
}

static Func *func_of(const IrPkg *home, const Obj *o) {
    const Node *n = o && o->kind == OBJ_FUNC ? ptrmap_get(&lower_of(home)->objs, o) : NULL;
    return n ? n->u.name->func : NULL;
}

static Func *find_method(IrPkg *p, const IrPkg *home, const Obj *o, Name method, bool direct) {
    Type *named = o && o->kind == OBJ_TYPE ? type_named(o->type) : NULL;
    if (!named || named->named.tparams.len || named->named.obj != o) return NULL;
    const IrType *t = irtype_of(p->types, NULL, named);
    if (!direct && (t->id >= p->lower->type_seen_len || !p->lower->type_seen[t->id])) return NULL;
    for (uint32_t i = 0; i < type_method_count(named); i++)
        if (type_method(named, i)->name == method) return func_of(home, type_method(named, i));
    return NULL;
}

Func *ir_find_func(IrPkg *p, IrPkg *home, Str symbol, bool direct) {
    const Scope *scope = home->pkg->scope;
    size_t dot = str_rfind_byte(symbol, '.');
    if (dot == STR_NONE) {
        Func *f = func_of(home, scope_lookup(scope, name_intern(p->names, symbol)));
        return f && (direct || ir_body_available(p, f)) ? f : NULL;
    }
    Str type = str_slice(symbol, 0, dot);
    if (str_cut_prefix(&type, STR("(*"))) str_cut_suffix(&type, STR(")"));
    const Obj *o = scope_lookup(scope, name_intern(p->names, type));
    return find_method(p, home, o, name_intern(p->names, str_from(symbol, dot + 1)), direct);
}

void ir_read_instances(IrPkg *p) { lower_read_bodies(p->lower, true); }
