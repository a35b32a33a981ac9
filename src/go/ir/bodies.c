// go/ir/bodies.c: whose bodies can be had here. Export data carries the bodies of a package's own
// inlinable functions and of those it inlined; what only an indirect import has is out of reach.
// Rules: noder/linker.go exportBody, noder/unified.go readPackage.
#include "go/ir/lower_internal.h"

struct Bodies {
    AddrMap used;    // Func of other packages inlined here
    AddrMap reached; // Func that export data mentions
    AddrMap known; // Func to itself (can be had) or to &unavailable
};

static char unavailable;

static struct Bodies *bodies_of(IrPkg *p) {
    if (!p->bodies) {
        p->bodies = NEW(p->arena, struct Bodies);
        p->bodies->used = addrmap_new(p->arena);
        p->bodies->reached = addrmap_new(p->arena);
        p->bodies->known = addrmap_new(p->arena);
    }
    return p->bodies;
}

// Methods travel with their types, which nearly all are mentioned somewhere; functions only when
// something that travels calls them.
static bool carried(const IrPkg *q, const Func *f) {
    if (f->home == q) return true;
    if (!q->bodies || !addrmap_get(&q->bodies->used, f)) return false;
    return f->recv || addrmap_get(&q->bodies->reached, f);
}

// ---- what a finished package's export data reaches

typedef struct Reach {
    IrPkg *p;
    struct Bodies *b;
    FuncVec todo;
    const IrPkg *home; // of the tree being walked
} Reach;

static void reach(Reach *r, Func *f) {
    if (addrmap_get(&r->b->reached, f)) return;
    addrmap_put(&r->b->reached, f, f);
    if (!f->inl) return;
    if (f->home == r->p || addrmap_get(&r->b->used, f)) vec_push(r->p->scratch, &r->todo, f);
}

static bool reach_node(void *ctx, Node *n) {
    Reach *r = ctx;
    if (n->op == IR_NAME && n->u.name->cls == CLASS_FUNC) reach(r, n->u.name->func);
    if (n->op == IR_CLOSURE && n->u.closure.func->kept) {
        NodeVec body = n->u.closure.func->kept->body;
        for (uint32_t i = 0; i < body.len; i++) ir_any(body.v[i], reach_node, r);
    }
    return false;
}

static void reach_generic(Reach *r, const IrPkg *home, const Obj *o);

static bool reach_name(void *ctx, SyntaxNode n) { // bodies of generic functions travel as they are
    Reach *r = ctx;
    if (n.tag != TREE_EXPR || n.expr->kind != EXPR_NAME) return true;
    Obj *o = lower_of(r->home)->in->info->names[n.expr->id];
    if (!o || o->kind != OBJ_FUNC || !o->type || o->type->sig.recv) return true;
    const IrPkg *home = o->pkg == r->p->pkg ? r->p : session_package(r->p->session, o->pkg);
    const Node *name = home ? addrmap_get(&lower_of(home)->objs, o) : NULL;
    if (name) reach(r, name->u.name->func);
    else if (home && o->type->sig.tparams.len) reach_generic(r, home, o);
    return true;
}

static void reach_generic(Reach *r, const IrPkg *home, const Obj *o) {
    const FuncDecl *d = addrmap_get(&lower_of(home)->decls, o);
    if (!d || !d->decl->func.body || addrmap_get(&r->b->reached, o)) return;
    addrmap_put(&r->b->reached, o, r->p);
    const IrPkg *before = r->home;
    r->home = home;
    SyntaxWalk walk = {reach_name, NULL, r};
    syntax_walk(node_stmt(d->decl->func.body), &walk);
    r->home = before;
}

// What was inlined of other packages' methods, and the methods of generic types used here.
static void reach_used(Reach *r) {
    for (uint32_t i = 0; i <= r->b->used.mask; i++) {
        Func *f = r->b->used.slots[i].value;
        if (f && f->recv) reach(r, f);
    }
    const Lower *l = r->p->lower;
    for (uint32_t i = 0; i < l->insts.len; i++) {
        const Inst *inst = l->insts.v[i];
        for (uint32_t k = 0; k < inst->nmethods; k++)
            reach_generic(r, inst->home, inst->methods[k]->obj);
    }
}

static void reach_decl(Reach *r, const Decl *d) {
    if (d->kind != DECL_FUNC) return;
    Obj *o = r->p->lower->in->info->names[d->func.name->id];
    if (!o || o->kind != OBJ_FUNC) return;
    const Type *sig = o->type;
    if (sig->sig.tparams.len || sig->sig.rparams.len) {
        reach_generic(r, r->p, o);
        return;
    }
    const Node *name = addrmap_get(&r->p->lower->objs, o);
    if (name && (o->exported || sig->sig.recv)) reach(r, name->u.name->func);
}

void ir_seal_bodies(IrPkg *p) {
    struct Bodies *b = bodies_of(p);
    if (!b->used.count) return;
    Reach r = {.p = p, .b = b};
    const IrInput *in = p->lower->in;
    for (uint32_t i = 0; i < in->file_count; i++)
        for (uint32_t k = 0; k < in->files[i]->decls.len; k++)
            reach_decl(&r, in->files[i]->decls.v[k]);
    reach_used(&r);
    while (r.todo.len) {
        const Func *f = vec_pop(&r.todo);
        NodeVec body = f->inl->body;
        for (uint32_t i = 0; i < body.len; i++) ir_any(body.v[i], reach_node, &r);
    }
}

bool ir_body_available(IrPkg *p, const Func *f) {
    if (!f->inl) return false;
    if (f->home == p) return true;
    struct Bodies *b = bodies_of(p);
    void *known = addrmap_get(&b->known, f);
    if (known) return known != &unavailable;
    bool found = false;
    for (uint32_t i = 0; i < p->imports.len && !found; i++) found = carried(p->imports.v[i], f);
    addrmap_put(&b->known, f, found ? (void *)(uintptr_t)f : &unavailable);
    return found;
}

bool ir_body_used(IrPkg *p, Func *f) {
    if (f->home == p || addrmap_get(&bodies_of(p)->used, f)) return false;
    addrmap_put(&bodies_of(p)->used, f, f);
    return true;
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
