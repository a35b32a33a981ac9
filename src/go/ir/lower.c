// go/ir/lower.c: a checked package becomes IR: declarations are collected, then functions,
// initializers and instances are lowered in the compiler's order. Rules: noder/unified.go,
// noder/writer.go collectDecls, noder/reader.go pkgInit.
#include "go/ir/lower_internal.h"

struct IrSession {
    Names *names;
    FileSet *files;
    IrTypes *types;
    Arena *arena;
    Pkg runtime; // for what only the compiler calls, while package runtime is not at hand
    Pkg shapes;  // where shapes are declared
};

uint32_t lower_local_type(const Obj *o, TypeList *implicits) {
    *implicits = (TypeList){0};
    if (!o->pkg || o->parent == o->pkg->scope) return 0;
    const IrPkg *p = o->pkg->ir;
    const LocalType *t = p ? ptrmap_get(&lower_of(p)->types, o) : NULL;
    if (!t) return 0;
    *implicits = t->implicits;
    return t->gen;
}

IrSession *ir_session_new(Names *names, FileSet *files, TypesEnv *env, Sizes sizes,
                          ArenaPool *pool) {
    Arena *a = arena_new_in(pool, "ir session");
    IrSession *s = NEW(a, IrSession);
    s->names = names;
    s->files = files;
    s->arena = a;
    s->runtime.path = s->runtime.name = name_intern(names, STR("runtime"));
    s->shapes.path = s->shapes.name = name_intern(names, STR("go.shape"));
    s->types = irtypes_new(names, env, sizes, pool);
    return s;
}

const Pkg *lower_shapes(const Lower *l) { return &l->p->session->shapes; }

void ir_session_free(IrSession *s) {
    if (!s) return;
    irtypes_free(s->types);
    arena_free(s->arena);
}

// ---- declarations

typedef struct Collect {
    Lower *l;
    const TypesInfo *info;
    const File *file;
    uint32_t gen;
    uint32_t depth; // of function bodies
    TypeList implicits;
    bool range_func; // a loop over a function was seen
} Collect;

static void collect_local_type(Collect *c, const Decl *d) {
    Obj *o = c->info->names[d->type.name->id];
    if (!o || o->kind != OBJ_TYPE || d->alias) return;
    LocalType *t = NEW(c->l->p->stays, LocalType);
    *t = (LocalType){++c->gen, c->implicits};
    ptrmap_put(&c->l->types, o, t);
}

static bool collect_visit(void *ctx, SyntaxNode n) {
    Collect *c = ctx;
    if (n.tag == TREE_DECL && n.decl->kind == DECL_TYPE) collect_local_type(c, n.decl);
    if (n.tag == TREE_STMT && lower_is_range_func(c->info, n.stmt)) c->range_func = true;
    return true;
}

static bool distinct_vars(const IrInput *in, const File *f) {
    GoVersion v = file_lang(f, in->lang);
    return !v || v >= 122;
}

static void collect_func(Collect *c, const Decl *d) {
    Lower *l = c->l;
    Obj *o = c->info->names[d->func.name->id];
    if (o && o->kind == OBJ_FUNC) {
        FuncDecl *f = NEW(l->p->stays, FuncDecl);
        *f = (FuncDecl){o, d, c->file, distinct_vars(l->in, c->file)};
        ptrmap_put(&l->decls, o, f);
        const Type *sig = o->type ? o->type : NULL;
        c->implicits = !sig ? (TypeList){0} : sig->sig.recv ? sig->sig.rparams : sig->sig.tparams;
    }
    SyntaxWalk walk = {collect_visit, NULL, c};
    c->range_func = false;
    if (d->func.body) syntax_walk(node_stmt(d->func.body), &walk);
    if (c->range_func) lower_shape_function(l, d->func.body);
    if (c->implicits.len) lower_scan_dict(l, ptrmap_get(&l->decls, o));
    c->implicits = (TypeList){0};
}

static bool shape_literals(void *ctx, SyntaxNode n) {
    Collect *c = ctx;
    if (n.tag != TREE_EXPR || n.expr->kind != EXPR_FUNC_LIT) return true;
    lower_shape_function(c->l, n.expr->func_lit.body);
    return false;
}

static void collect_var(Collect *c, const Decl *d) { // literals hold local types, too
    SyntaxWalk walk = {collect_visit, NULL, c};
    c->range_func = false;
    if (d->value.values) syntax_walk(node_expr(d->value.values), &walk);
    if (!c->range_func) return;
    SyntaxWalk literals = {shape_literals, NULL, c};
    syntax_walk(node_expr(d->value.values), &literals);
}

static void collect(Lower *l) {
    Collect c = {.l = l, .info = l->in->info};
    for (uint32_t i = 0; i < l->in->file_count; i++) {
        c.file = l->in->files[i];
        for (uint32_t k = 0; k < c.file->decls.len; k++) {
            const Decl *d = c.file->decls.v[k];
            if (d->kind == DECL_FUNC)
                collect_func(&c, d);
            else if (d->kind == DECL_VAR)
                collect_var(&c, d);
        }
    }
}

// ---- one function

void ir_declare_params(IrPkg *p, Func *f) {
    const IrType *sig = f->type;
    uint32_t n = irtype_nparams(sig), k = 0;
    if (f->recv) {
        Node *x = ir_local(p, f, f->pos, str_fmt(p->arena, "~p%u", k++), f->pkg, f->recv);
        x->u.name->cls = CLASS_PARAM;
    }
    for (uint32_t i = 0; i < n; i++) {
        Node *x = ir_local(p, f, f->pos, str_fmt(p->arena, "~p%u", k++), f->pkg,
                           irtype_params(sig)[i].type);
        x->u.name->cls = CLASS_PARAM;
        x->u.name->ddd = sig->under->variadic && i + 1 == n;
    }
    for (uint32_t i = 0; i < irtype_nresults(sig); i++) {
        Node *x = ir_local(p, f, f->pos, str_fmt(p->arena, "~r%u", i), f->pkg,
                           irtype_results(sig)[i].type);
        x->u.name->cls = CLASS_RESULT;
    }
    f->nparams = k;
    f->nresults = irtype_nresults(sig);
}

static Node *declare_param(Low *w, Func *f, Obj *o, NameClass cls, uint32_t index) {
    IrPkg *p = w->p;
    Str name = name_str(p->names, o->name);
    if (!name.len || str_eq_c(name, "_")) {
        bool renamed = cls == CLASS_RESULT && w->shape && w->shape->rename_results;
        name = renamed ? str_fmt(p->arena, "#rv%u", index + 1)
                       : str_fmt(p->arena, cls == CLASS_PARAM ? "~p%u" : "~r%u", index);
    }
    Node *n = ir_local(p, f, at(o->pos), name, w->home->pkg, lower_type(w, o->type));
    n->u.name->cls = cls;
    ptrmap_put(&w->locals, o, n);
    return n;
}

static void declare_dict(Low *w, Func *f) {
    IrPkg *p = w->p;
    w->dict = ir_local(p, f, f->pos, STR(".dict"), f->pkg, irtype_params(f->type)[0].type);
    w->dict->u.name->cls = CLASS_PARAM;
    f->dict_name = w->dict;
}

Node *lower_declare(Low *w, Obj *o, IrPos pos, IrType *t) {
    Node *n = ir_local(w->p, w->fn, pos, name_str(w->p->names, o->name), w->home->pkg, t);
    ptrmap_put(&w->locals, o, n);
    return n;
}

Node *lower_declare_param(Low *w, Obj *o, Type *t, uint32_t index) {
    o->type = o->type ? o->type : t;
    return declare_param(w, w->fn, o, CLASS_PARAM, index);
}

void lower_params(Low *w, Func *f, Type *sig) {
    uint32_t k = 0;
    if (sig->sig.recv) declare_param(w, f, sig->sig.recv, CLASS_PARAM, k++);
    if (f->dict_param && !f->oclosure) {
        declare_dict(w, f);
        k++;
    }
    ObjList params = tuple_vars(sig->sig.params);
    for (uint32_t i = 0; i < params.len; i++) {
        Node *n = declare_param(w, f, params.v[i], CLASS_PARAM, k++);
        n->u.name->ddd = sig->sig.variadic && i + 1 == params.len;
    }
    f->nparams = k;
    ObjList results = tuple_vars(sig->sig.results);
    for (uint32_t i = 0; i < results.len; i++) declare_param(w, f, results.v[i], CLASS_RESULT, i);
    f->nresults = results.len;
}

void lower_body(Low *w, const Stmt *body) {
    if (!body) return;
    lower_block(w, body, &w->fn->body);
    w->fn->endpos = at(body->block.rbrace);
    if (w->fn->body.len) return;
    Node *empty = ir_node(w->p, IR_BLOCK, at(0));
    vec_push(w->p->arena, &w->fn->body, empty);
}

void lower_find_shape(Low *w, const Stmt *body) {
    w->shape = body ? ptrmap_get(&lower_of(w->home)->shapes, body) : NULL;
    if (w->shape) w->range_counts = NEW_ARRAY(w->p->scratch, uint32_t, 2);
}

static Low low_for(Lower *l, IrPkg *home, Func *f) {
    return (Low){.l = l,
                 .p = l->p,
                 .home = home,
                 .info = lower_of(home)->in->info,
                 .fn = f,
                 .locals = ptrmap_new(l->p->scratch),
                 .distinct_vars = true};
}

void lower_func_body(Lower *l, const Todo *t) {
    Low w = low_for(l, t->home, t->func);
    w.env = t->env;
    w.inst = t->inst;
    w.sig = t->func->obj->type;
    if (t->decl) {
        w.distinct_vars = t->decl->distinct_vars;
        lower_find_shape(&w, t->decl->decl->func.body);
    }
    lower_params(&w, t->func, w.sig);
    if (t->inst && !t->inst->shaped)
        lower_call_shaped(&w, t);
    else if (t->decl)
        lower_body(&w, t->decl->decl->func.body);
}

// ---- the package

static Node *init_assign(Low *w, const Initializer *init) {
    IrPkg *p = w->p;
    Lower *l = w->l;
    NodeVec lhs = {0};
    for (uint32_t i = 0; i < init->lhs.len; i++) {
        Node *v = lower_own_var(l, init->lhs.v[i]);
        vec_push(p->arena, &lhs, v);
    }
    Node *rhs = lower_expr(w, init->rhs);
    IrPos pos = lhs.v[0]->pos;
    if (lhs.len == 1)
        return ir_assign(p, pos, lhs.v[0], ir_assign_conv(p, pos, rhs, lhs.v[0]->type));
    Node *n = ir_node(p, IR_AS2, pos);
    n->u.as2.lhs = lhs;
    vec_push(p->arena, &n->u.as2.rhs, rhs);
    ir_assign_form(p, w->fn, n);
    return n;
}

static void lower_inits(Lower *l) {
    IrPkg *p = l->p;
    const TypesInfo *info = l->in->info;
    if (!info->init_order.len) return;
    IrPos pos = {IR_POS_AUTOGEN, 0};
    IrType *none = irtype_niladic(p->types);
    Func *f = ir_func(p, pos, pos, STR("init"), p->pkg, none);
    f->package_init = f->inlinability_checked = f->has_body = f->has_syntax = true;
    vec_push(p->arena, &p->funcs, f);
    Low w = low_for(l, p, f);
    for (uint32_t i = 0; i < info->init_order.len; i++) {
        Node *as = init_assign(&w, &info->init_order.v[i]);
        NodeVec lhs = as->op == IR_AS ? (NodeVec){&as->u.as.x, 1, 1} : as->u.as2.lhs;
        for (uint32_t k = 0; k < lhs.len; k++) lhs.v[k]->u.name->defn = as;
        vec_push(p->arena, &f->body, as);
    }
    ir_outline_map_inits(p, f);
    p->init = f;
}

static void lower_func_decl(Lower *l, const Decl *d) {
    IrPkg *p = l->p;
    if (lower_is_blank(p, d->func.name)) return;
    Obj *o = l->in->info->names[d->func.name->id];
    const Type *sig = o->type;
    if (sig->sig.tparams.len || sig->sig.rparams.len) return;
    if (sig->sig.recv) {
        IrType *recv = irtype_of(p->types, NULL, sig->sig.recv->type);
        lower_meet_type(l, recv);
    }
    Func *f = lower_func_of(l, o);
    vec_push(p->arena, &p->funcs, f);
}

static void lower_type_decl(Lower *l, const Decl *d) {
    if (d->type.tparams.len || lower_is_blank(l->p, d->type.name)) return;
    Obj *o = l->in->info->names[d->type.name->id];
    Type *u = type_under(o->type);
    if (u->kind == TYPE_INTERFACE && !irtype_is_plain_constraint(u)) return;
    lower_meet_type(l, irtype_of(l->p->types, NULL, o->type));
}

static void lower_decl(Lower *l, const Decl *d) {
    switch (d->kind) {
    case DECL_IMPORT:
    case DECL_CONST: return;
    case DECL_TYPE: lower_type_decl(l, d); return;
    case DECL_FUNC: lower_func_decl(l, d); return;
    case DECL_VAR:
        for (uint32_t i = 0; i < d->value.names.len; i++)
            lower_own_var(l, l->in->info->names[d->value.names.v[i]->id]);
        return;
    }
}

IrPkg *ir_lower(IrSession *s, const IrInput *in, IrPkg **imports, uint32_t nimports) {
    Arena *a = arena_new_in(in->stay_pool, "ir");
    IrPkg *p = NEW(a, IrPkg);
    p->stays = a;
    p->session = s;
    p->pkg = in->pkg;
    p->types = s->types;
    p->names = s->names;
    p->files = s->files;
    p->arena = arena_new_in(in->pool, "ir trees");
    p->scratch = arena_new_in(in->pool, "ir scratch");
    p->flags = in->flags;
    p->pgo = in->pgo;
    p->is_runtime = in->std && path_is_runtime(name_str(s->names, in->pkg->path));
    for (uint32_t i = 0; i < nimports; i++) {
        vec_push(a, &p->imports, imports[i]);
        p->imports_testing |= ir_pkg_is(p, imports[i]->pkg, "testing");
    }
    Lower *l = NEW(a, Lower);
    IrInput *copy = NEW(a, IrInput);
    *copy = *in;
    *l = (Lower){.p = p, .in = copy};
    l->runtime = in->pkg->path == s->runtime.path ? in->pkg : &s->runtime;
    l->objs = ptrmap_new(a);
    l->decls = ptrmap_new(a);
    l->leads = ptrmap_new(p->scratch);
    l->types = ptrmap_new(a);
    l->shapes = ptrmap_new(a);
    l->dict_types = ptrmap_new(a);
    l->dicts_done = strmap_new(p->scratch);
    l->described = ptrmap_new(p->scratch);
    l->inst_index = index_new(a);
    p->lower = l;
    in->pkg->ir = p;
    collect(l);
    lower_inits(l);
    for (uint32_t i = 0; i < in->file_count; i++)
        for (uint32_t k = 0; k < in->files[i]->decls.len; k++)
            lower_decl(l, in->files[i]->decls.v[k]);
    lower_read_bodies(l, false);
    reach_note(p);
    lower_note_aliases(l);
    l->loaded = true;
    return p;
}

void ir_pkg_free(IrPkg *p) {
    if (!p) return;
    arena_free(p->scratch);
    arena_free(p->arena);
    arena_free(p->stays);
}

void ir_lower_done(IrPkg *p) {
    reach_settle(p);
    ir_seal_bodies(p);
    ir_settle(p);
    arena_free(p->scratch);
    p->scratch = NULL;
}
