// go/types/exportdata.c: which unexported names of a package its importers know of. The compiler
// writes into export data what exported declarations lead to: the types they mention, and what the
// bodies of functions mention that may be inlined. Constants never are in it: their values stand
// where they are used. Asked only for an error, so the package's source is read once more then.
// What may be inlined is guessed from the number of nodes, which is near the compiler's cost.
#include "go/types/types_internal.h"

enum {
    INLINE_BUDGET = 80,
    INLINE_CALL = 57,
    INLINE_DEPTH = 8 // calls of calls looked into
};

typedef struct BodyDecl {
    const File *file;
    const Decl *decl;
} BodyDecl;

typedef struct Exported {
    const Pkg *pkg;
    PtrMap objs;
} Exported;

static void exported_add(Exported *e, const Obj *o) {
    if (o->pkg == e->pkg && !ptrmap_get(&e->objs, o)) ptrmap_put(&e->objs, o, e);
}

typedef struct Reach {
    Arena *arena; // what is kept of the walk is in another one
    TypesEnv *env;
    const Pkg *pkg;
    Exported *out;
    PtrMap met;     // named types, aliases and declarations
    TypeVec work;   // types still to be looked into
    StrMap by_name; // "F", "T.m" -> place in decls + 1
    VEC(BodyDecl) decls;
    U32Vec bodies;  // places in decls still to be looked into
    FileSet *files; // of the second reading
    const TypesConfig *cfg;
} Reach;

static void reach_body(Reach *r, Str name);
static void reach_bounds(Reach *r, TypeList tparams);

static void reach_declared(Reach *r, Type *t, const Obj *o) {
    exported_add(r->out, o);
    if (o->pkg != r->pkg || ptrmap_get(&r->met, t)) return; // others cannot lead back here
    ptrmap_put(&r->met, t, t);
    vec_push(r->arena, &r->work, t);
}

static void reach_part(void *ctx, Type *t) {
    if (!t) return;
    Reach *r = ctx;
    type_each_part(t, reach_part, r);
    if (t->kind == TYPE_NAMED) reach_declared(r, named_origin(t), named_origin(t)->named.obj);
    if (t->kind == TYPE_ALIAS) reach_declared(r, t->alias.origin, t->alias.obj);
    if (t->kind == TYPE_SIGNATURE) reach_bounds(r, t->sig.tparams);
}

static void reach_bounds(Reach *r, TypeList tparams) {
    for (uint32_t i = 0; i < tparams.len; i++) reach_part(r, tparams.v[i]->tparam.bound);
}

static Str obj_text(const Reach *r, const Obj *o) { return name_str(r->env->names, o->name); }

static void reach_inside(Reach *r, Type *t) {
    reach_bounds(r, t->kind == TYPE_ALIAS ? t->alias.tparams : t->named.tparams);
    if (t->kind == TYPE_ALIAS) {
        reach_part(r, t->alias.rhs);
        return;
    }
    reach_part(r, type_under(t));
    for (uint32_t i = 0; i < t->named.methods.len; i++) {
        const Obj *m = t->named.methods.v[i];
        reach_part(r, m->type);
        reach_body(r, str_join3(r->arena, obj_text(r, t->named.obj), STR("."), obj_text(r, m)));
    }
}

static void reach_obj(Reach *r, const Obj *o) {
    if (o->kind != OBJ_CONST) exported_add(r->out, o);
    reach_part(r, o->type);
    if (o->kind == OBJ_FUNC) reach_body(r, obj_text(r, o));
}

// ---- bodies

typedef struct Cost {
    Reach *r;
    int left, depth;
    bool hairy; // never inlined, whatever its size
} Cost;

static bool may_inline(Reach *r, const BodyDecl *d, int depth, int *cost);

// What calling fn costs; arguments are counted as nodes.
static int call_cost(const Cost *c, const Expr *fn) {
    if (fn->kind != EXPR_NAME) return INLINE_CALL;
    const Obj *o = scope_lookup(c->r->pkg->scope, fn->name);
    if (!o) o = scope_lookup(c->r->env->universe, fn->name);
    if (o && (o->kind == OBJ_BUILTIN || o->kind == OBJ_TYPE)) return 0;
    const uint32_t *at = o ? strmap_get(&c->r->by_name, obj_text(c->r, o)) : NULL;
    int cost;
    if (at && c->depth < INLINE_DEPTH &&
        may_inline(c->r, &c->r->decls.v[*at - 1], c->depth + 1, &cost))
        return cost;
    return INLINE_CALL;
}

static bool count_node(void *ctx, SyntaxNode n) {
    Cost *c = ctx;
    if (c->hairy || c->left < 0) return false;
    if (n.tag == TREE_STMT) {
        StmtKind k = n.stmt->kind;
        c->hairy = k == STMT_CALL || k == STMT_SELECT;
        c->left -= k != STMT_BLOCK && k != STMT_EXPR;
        return true;
    }
    if (n.tag != TREE_EXPR) return true;
    if (n.expr->kind != EXPR_PAREN) c->left--;
    if (n.expr->kind == EXPR_SELECTOR) {
        syntax_walk(node_expr(n.expr->selector.x), &(SyntaxWalk){count_node, NULL, c});
        return false;
    }
    if (n.expr->kind == EXPR_CALL) {
        const Expr *fn = syntax_unparen(n.expr->call.fn);
        c->left -= call_cost(c, fn);
        c->hairy =
            fn->kind == EXPR_NAME && str_eq(name_str(c->r->env->names, fn->name), STR("recover"));
    }
    return true;
}

static bool may_inline(Reach *r, const BodyDecl *d, int depth, int *cost) {
    if (!d->decl->func.body || decl_pragmas(d->file, d->decl) & PRAGMA_NOINLINE) return false;
    Cost c = {.r = r, .left = INLINE_BUDGET, .depth = depth};
    syntax_walk(node_stmt(d->decl->func.body), &(SyntaxWalk){count_node, NULL, &c});
    *cost = INLINE_BUDGET - c.left;
    return !c.hairy && c.left >= 0;
}

static bool reach_name(void *ctx, SyntaxNode n) {
    Reach *r = ctx;
    if (n.tag != TREE_EXPR) return true;
    if (n.expr->kind == EXPR_SELECTOR) { // what is selected is no name of the package
        syntax_walk(node_expr(n.expr->selector.x), &(SyntaxWalk){reach_name, NULL, r});
        return false;
    }
    const Obj *o = n.expr->kind == EXPR_NAME ? scope_lookup(r->pkg->scope, n.expr->name) : NULL;
    if (o) reach_obj(r, o);
    return true;
}

static void reach_body(Reach *r, Str name) {
    const uint32_t *at = strmap_get(&r->by_name, name);
    if (!at || ptrmap_get(&r->met, r->decls.v[*at - 1].decl)) return;
    ptrmap_put(&r->met, r->decls.v[*at - 1].decl, r);
    vec_push(r->arena, &r->bodies, *at - 1);
}

static void reach_in_body(Reach *r, const BodyDecl *d) {
    int cost;
    bool generic = d->decl->func.tparams.len > 0; // the bodies of those always are exported
    if (d->decl->func.body && (generic || may_inline(r, d, 0, &cost)))
        syntax_walk(node_stmt(d->decl->func.body), &(SyntaxWalk){reach_name, NULL, r});
}

// The name of a receiver's type: T of T, *T, T[P].
static Name receiver_name(const Expr *x) {
    x = syntax_unparen(x);
    if (x->kind == EXPR_OPERATION && !x->operation.y) x = syntax_unparen(x->operation.x);
    if (x->kind == EXPR_INDEX) x = syntax_unparen(x->index.x);
    return x->kind == EXPR_NAME ? x->name : 0;
}

static void note_decl(Reach *r, const File *f, const Decl *d) {
    if (d->kind != DECL_FUNC) return;
    Str name = name_str(r->env->names, d->func.name->name);
    Name recv = d->func.recv ? receiver_name(d->func.recv->type) : 0;
    if (recv) name = str_join3(r->arena, name_str(r->env->names, recv), STR("."), name);
    vec_push(r->arena, &r->decls, ((BodyDecl){f, d}));
    *strmap_put(&r->by_name, name) = r->decls.len;
}

static void read_again(Reach *r, Syntax *s, const SourceFile *source) {
    if (!source || ptrmap_get(&r->met, source)) return;
    ptrmap_put(&r->met, source, r);
    bool dropped = !source->text.len && r->cfg->reread;
    Str text = dropped ? r->cfg->reread(r->arena, source->name) : source->text;
    const File *f = syntax_parse(s, source->name, text);
    for (uint32_t i = 0; f && i < f->decls.len; i++) note_decl(r, f, f->decls.v[i]);
}

static void read_package(Reach *r) {
    Diags ignored = diags_new(r->arena);
    Syntax *s = syntax_new(r->env->names, r->files);
    syntax_begin(s, r->arena, &ignored, 0);
    const Scope *scope = r->pkg->scope;
    for (uint32_t i = 0; i < scope->objs.len; i++)
        read_again(r, s, fileset_file(r->env->files, scope->objs.v[i]->pos));
    syntax_free(s);
}

static void find_exported(const Check *c, Exported *out) {
    Reach r = {
        .arena = arena_new("reach"), .env = c->env, .pkg = out->pkg, .out = out, .cfg = c->cfg};
    r.met = ptrmap_new(r.arena);
    r.by_name = strmap_new(r.arena);
    r.files = fileset_new();
    read_package(&r);
    const Scope *scope = out->pkg->scope;
    for (uint32_t i = 0; i < scope->objs.len; i++)
        if (scope->objs.v[i]->exported) reach_obj(&r, scope->objs.v[i]);
    while (r.work.len || r.bodies.len) {
        if (r.work.len)
            reach_inside(&r, vec_pop(&r.work));
        else
            reach_in_body(&r, &r.decls.v[vec_pop(&r.bodies)]);
    }
    fileset_free(r.files);
    arena_free(r.arena);
}

bool in_export_data(Check *c, const Obj *o) {
    for (uint32_t i = 0; i < c->exported.len; i++)
        if (c->exported.v[i]->pkg == o->pkg) return ptrmap_get(&c->exported.v[i]->objs, o);
    Exported *e = NEW(c->arena, Exported);
    *e = (Exported){.pkg = o->pkg, .objs = ptrmap_new(c->arena)};
    vec_push(c->arena, &c->exported, e);
    find_exported(c, e);
    return ptrmap_get(&e->objs, o);
}
