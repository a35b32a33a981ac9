// go/program/notinheap.c: types that contain internal/runtime/sys.nih may not be allocated by Go
// code: not as a type argument, in a map or a channel, on the stack or in the heap.
#include "go/program/program_internal.h"

static bool is_nih(void *ctx, Type *t) {
    return t->kind == TYPE_NAMED && obj_is_not_in_heap(ctx, t->named.obj);
}

bool not_in_heap(const Program *p, Type *t) { return type_any_part(t, is_nih, p->env); }

static void complain(Unit *u, Pos pos, const char *before, Type *t, const char *after) {
    Str name = type_string(u->pub.arena, u->program->env, t, u->pub.pkg);
    diag_error(&u->pub.diags[STAGE_LATE], pos, 0, "%s" STR_FMT "%s", before, STR_ARG(name), after);
}

static bool report_type_argument(void *ctx, SyntaxNode n) {
    Unit *u = ctx;
    if (n.tag != TREE_EXPR || n.expr->kind != EXPR_NAME) return true;
    const TypesInfo *info = &u->pub.info;
    const Instance *inst = ptrmap_get(&info->instances, n.expr);
    for (uint32_t i = 0; inst && i < inst->targs.len; i++)
        if (not_in_heap(u->program, inst->targs.v[i]))
            complain(u, n.expr->pos,
                     "cannot use incomplete (or unallocatable) type as a type argument: ",
                     inst->targs.v[i], "");
    return true;
}

static bool report_declared_type(void *ctx, SyntaxNode n) {
    Unit *u = ctx;
    const Program *p = u->program;
    if (n.tag != TREE_DECL || n.decl->kind != DECL_TYPE) return true;
    const Expr *x = n.decl->type.type;
    Type *t = u->pub.info.exprs[x->id].type;
    Diags *d = &u->pub.diags[STAGE_LATE];
    if (!t) return true;
    if (x->kind == EXPR_MAP_TYPE || x->kind == EXPR_CHAN_TYPE) t = type_under(t);
    if (x->kind == EXPR_MAP_TYPE && not_in_heap(p, t->map.key))
        diag_error(d, x->pos, 0, "incomplete (or unallocatable) map key not allowed");
    if (x->kind == EXPR_MAP_TYPE && not_in_heap(p, t->map.elem))
        diag_error(d, x->pos, 0, "incomplete (or unallocatable) map value not allowed");
    if (x->kind == EXPR_CHAN_TYPE && not_in_heap(p, t->chan.elem))
        diag_error(d, x->pos, 0, "chan of incomplete (or unallocatable) type not allowed");
    return true;
}

void heap_check_types(Unit *u) {
    const Diags *found = &u->pub.diags[STAGE_LATE];
    unit_walk(u, report_type_argument, u);
    if (!found->count) unit_walk(u, report_declared_type, u);
}

// ---- allocations

static const char unallocatable[] =
    " can't be allocated in Go; it is incomplete (or unallocatable)";

static BuiltinId called_builtin(const Unit *u, const Expr *call) {
    const Expr *fn = syntax_unparen(call->call.fn);
    const Obj *o = fn->kind == EXPR_NAME ? u->pub.info.names[fn->id] : NULL;
    return o && o->kind == OBJ_BUILTIN ? o->builtin : BUILTIN_COUNT;
}

static void check_call(Unit *u, const Expr *call, Pos append_pos) {
    Type *t = u->pub.info.exprs[call->id].type;
    BuiltinId id = called_builtin(u, call);
    if (!t) return; // it is of package C, or a statement
    Type *under = type_under(t), *elem = NULL;
    if (id == BUILTIN_NEW && under->kind == TYPE_POINTER) elem = under->pointer.elem;
    bool slice = id == BUILTIN_MAKE || id == BUILTIN_APPEND;
    if (slice && under->kind == TYPE_SLICE) elem = under->slice.elem;
    Pos pos = id == BUILTIN_APPEND && append_pos ? append_pos : call->pos;
    if (elem && not_in_heap(u->program, elem)) complain(u, pos, "", elem, unallocatable);
}

static void check_local(Unit *u, const Expr *name) {
    const Obj *o = name->kind == EXPR_NAME ? u->pub.info.names[name->id] : NULL;
    bool local = o && o->kind == OBJ_VAR && o->var_kind == VAR_LOCAL && o->pos == name->pos;
    if (local && not_in_heap(u->program, o->type))
        complain(u, name->pos, "", o->type,
                 " is incomplete (or unallocatable); stack allocation disallowed");
}

static bool report_allocation(void *ctx, SyntaxNode n) {
    Unit *u = ctx;
    if (n.tag == TREE_EXPR && n.expr->kind == EXPR_CALL &&
        called_builtin(u, n.expr) != BUILTIN_APPEND)
        check_call(u, n.expr, 0);
    if (n.tag == TREE_EXPR && n.expr->kind == EXPR_NAME) check_local(u, n.expr);
    if (n.tag == TREE_STMT && n.stmt->kind == STMT_ASSIGN && n.stmt->assign.rhs &&
        n.stmt->assign.rhs->kind == EXPR_CALL &&
        called_builtin(u, n.stmt->assign.rhs) == BUILTIN_APPEND)
        check_call(u, n.stmt->assign.rhs, n.stmt->pos);
    return true;
}

bool unit_sees_not_in_heap(const Unit *u) {
    Str sys = STR("internal/runtime/sys");
    for (uint32_t i = 0; i < u->imports.len; i++)
        if (str_eq(u->program->units.v[u->imports.v[i]]->pub.path, sys)) return true;
    return str_eq(u->pub.path, sys);
}

static bool report_any(void *ctx, SyntaxNode n) {
    report_type_argument(ctx, n);
    report_declared_type(ctx, n);
    return report_allocation(ctx, n);
}

void heap_check_body(Unit *u, const Stmt *body) {
    syntax_walk(node_stmt(body), &(SyntaxWalk){.visit = report_any, .ctx = u});
}

void heap_check_allocations(Unit *u) { unit_walk(u, report_allocation, u); }
