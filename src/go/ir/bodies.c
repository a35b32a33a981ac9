// go/ir/bodies.c: whose bodies can be had here. Export data carries the bodies of a package's own
// inlinable functions and of those it inlined; what only an indirect import has is out of reach.
// Rules: noder/linker.go exportBody, noder/unified.go readPackage.
#include "go/ir/lower_internal.h"

struct Bodies {
    PtrMap used;    // Func of other packages inlined here
    PtrMap carried; // those of them that the export data has
    PtrMap known;   // Func to itself (can be had) or to &unavailable
    PtrMap objects; // see known_objects; made when first asked for
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
    p->bodies->used = p->bodies->known = p->bodies->objects = (PtrMap){0};
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
    return same_member(here, inst, f);
}

// ---- functions by name

// Objects in the export data of direct imports.
static const PtrMap *known_objects(IrPkg *p) {
    struct Bodies *b = bodies_of(p);
    if (b->objects.arena) return &b->objects;
    b->objects = ptrmap_new(p->scratch);
    for (uint32_t i = 0; i < p->imports.len; i++) {
        IrPkg *q = p->imports.v[i];
        PtrMap none = {0};
        reach_objects(q, q->bodies ? &q->bodies->carried : &none, p->scratch, &b->objects);
    }
    return &b->objects;
}

static Func *known_func(IrPkg *p, const IrPkg *home, Str name) {
    Obj *o = scope_lookup(home->pkg->scope, name_intern(p->names, name));
    if (!o || o->kind != OBJ_FUNC || !ptrmap_get(known_objects(p), o)) return NULL;
    const Node *n = ptrmap_get(&lower_of(home)->objs, o);
    if (!n) return NULL;
    lower_meet_inlined(p->lower, n->type);
    return n->u.name->func;
}

static Func *known_method(IrPkg *p, const IrPkg *home, Str type, Name method) {
    Obj *o = scope_lookup(home->pkg->scope, name_intern(p->names, type));
    Type *named = o && o->kind == OBJ_TYPE ? type_named(o->type) : NULL;
    if (!named || named->named.obj != o || named->named.tparams.len) return NULL;
    if (!ptrmap_get(known_objects(p), o)) return NULL;
    IrType *t = irtype_of(p->types, NULL, named);
    lower_meet_inlined(p->lower, t);
    if (t->kind == KIND_INTER) return NULL;
    for (uint32_t i = 0; i < type_method_count(named); i++) {
        const Obj *m = type_method(named, i);
        const Node *n = m->name == method ? ptrmap_get(&lower_of(home)->objs, m) : NULL;
        if (n) return n->u.name->func;
    }
    return NULL;
}

Func *ir_find_func(IrPkg *p, const IrPkg *home, Str symbol) {
    size_t dot = str_rfind_byte(symbol, '.');
    if (dot == STR_NONE) return known_func(p, home, symbol);
    Str type = str_slice(symbol, 0, dot);
    if (str_cut_prefix(&type, STR("(*"))) str_cut_suffix(&type, STR(")"));
    return known_method(p, home, type, name_intern(p->names, str_from(symbol, dot + 1)));
}

void ir_found_funcs(IrPkg *p) { lower_read_bodies(p->lower, false); }

void ir_read_instances(IrPkg *p) { lower_read_bodies(p->lower, true); }
