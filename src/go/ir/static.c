// go/ir/static.c: what can be said of an expression without running it.
// Rules: ir/expr.go (StaticValue, Reassigned, SameSafeExpr, OuterValue), ssagen/intrinsics.go.
#include "go/ir/lower_internal.h"

bool ir_is_blank(const Node *n) {
    return n->op == IR_NAME && n->u.name->name.len == 1 && n->u.name->name.ptr[0] == '_';
}

bool ir_is_const(const Node *n, ConstKind k) {
    return n->op == IR_LITERAL && const_kind(n->u.lit.value) == k;
}

bool ir_int_value(const Node *n, int64_t *out) {
    return ir_is_const(n, CONST_INT) && const_to_i64_exact(n->u.lit.value, out);
}

Node *ir_canonical(Node *name) { return name->u.name->canonical ? name->u.name->canonical : name; }

Node *ir_outer_value(Node *n) {
    for (;;) {
        if (n->op == IR_DOT)
            n = n->u.field.x;
        else if (n->op == IR_INDEX && n->u.xy.x->type && n->u.xy.x->type->kind == KIND_ARRAY)
            n = n->u.xy.x;
        else
            return n;
    }
}

Func *ir_callee(Node *fn) {
    if (fn->op == IR_METHEXPR) return fn->u.method.func;
    if (fn->op == IR_NAME) return fn->u.name->cls == CLASS_FUNC ? fn->u.name->func : NULL;
    if (fn->op == IR_CLOSURE) return fn->u.closure.func;
    return NULL;
}

Str ir_func_label(IrPkg *p, Arena *a, const Func *f) {
    if (!f->pkg || f->pkg == p->pkg) return f->name;
    return str_join3(a, name_str(p->names, f->pkg->name), STR("."), f->name);
}

IrPos ir_outermost(const IrPkg *p, IrPos pos) {
    while (pos.inl) pos = p->inl_tree.v[pos.inl - 1].call;
    return pos;
}

// ---- assignments

bool ir_is_assign_list(const Node *n) { return ir_shape(n->op) == SHAPE_AS2; }

typedef struct Assigned {
    Node *name;
    const Node *defn;
} Assigned;

static bool means(const Assigned *a, Node *x) {
    if (!x) return false;
    x = ir_outer_value(x);
    return x->op == IR_NAME && ir_canonical(x) == a->name;
}

static bool assigns(void *ctx, Node *n) { // flat switch
    const Assigned *a = ctx;
    if (ir_is_assign_list(n)) {
        for (uint32_t i = 0; n != a->defn && i < n->u.as2.lhs.len; i++)
            if (means(a, n->u.as2.lhs.v[i])) return true;
        return false;
    }
    switch ((int)n->op) {
    case IR_AS: return n != a->defn && means(a, n->u.as.x);
    case IR_ASOP: return means(a, n->u.as.x);
    case IR_RANGE: return means(a, n->u.range.key) || means(a, n->u.range.value);
    case IR_CLOSURE: {
        NodeVec body = n->u.closure.func->body;
        for (uint32_t i = 0; i < body.len; i++)
            if (ir_any(body.v[i], assigns, ctx)) return true;
        return false;
    }
    default: return false;
    }
}

static bool assigned_in(NodeVec body, Node *name) {
    Assigned a = {name, name->u.name->defn};
    for (uint32_t i = 0; i < body.len; i++)
        if (ir_any(body.v[i], assigns, &a)) return true;
    return false;
}

bool ir_reassigned(Node *name) {
    NameInfo *info = name->u.name;
    if (!info->curfn || info->addrtaken) return true;
    uint32_t run = info->curfn->home->steady_run;
    if (!run) return assigned_in(info->curfn->body, name);
    if (info->steady_run != run) {
        info->steady_run = run;
        info->reassigned = assigned_in(info->curfn->body, name);
    }
    return info->reassigned;
}

// What the declaration of a variable puts into it; NULL: not known.
static Node *declared_value(const Node *name) {
    const Node *defn = name->u.name->defn;
    if (name->u.name->cls != CLASS_AUTO || !defn) return NULL;
    if (defn->op == IR_AS) return defn->u.as.y;
    for (uint32_t i = 0; defn->op == IR_AS2 && i < defn->u.as2.lhs.len; i++)
        if (defn->u.as2.lhs.v[i] == name) return defn->u.as2.rhs.v[i];
    return NULL;
}

Node *ir_static_value_by(Node *n, NameTest *again, void *ctx) {
    for (;;) {
        Node *next = NULL;
        if (n->op == IR_CONVNOP) next = n->u.conv.x;
        if (n->op == IR_INLCALL && n->u.inlcall.results.len == 1) next = n->u.inlcall.results.v[0];
        if (n->op == IR_NAME) {
            Node *name = ir_canonical(n);
            next = declared_value(name);
            if (next && again(ctx, name)) next = NULL;
        }
        if (!next) return n;
        n = next;
    }
}

static bool is_reassigned(void *ctx, Node *name) {
    (void)ctx;
    return ir_reassigned(name);
}

Node *ir_static_value(Node *n) { return ir_static_value_by(n, is_reassigned, NULL); }

// ---- expressions that mean the same

static bool is_simple(const IrType *t) {
    return t->kind >= KIND_BOOL && t->kind <= KIND_COMPLEX128;
}

static bool same_xy(const Node *x, const Node *y) {
    if (!ir_same_safe_expr(x->u.xy.x, y->u.xy.x)) return false;
    if (!x->u.xy.y || !y->u.xy.y) return x->u.xy.y == y->u.xy.y;
    return ir_same_safe_expr(x->u.xy.y, y->u.xy.y);
}

bool ir_same_safe_expr(Node *x, Node *y) { // flat switch
    while (x->op == IR_CONVNOP) x = x->u.conv.x;
    while (y->op == IR_CONVNOP) y = y->u.conv.x;
    if (x->op != y->op || !x->type || !y->type || !irtype_identical(x->type, y->type)) return false;
    switch ((int)x->op) {
    case IR_NAME: return x == y;
    case IR_DOT:
    case IR_DOTPTR:
        return x->u.field.sel == y->u.field.sel && x->u.field.pkg == y->u.field.pkg &&
               ir_same_safe_expr(x->u.field.x, y->u.field.x);
    case IR_CONV: return is_simple(x->type) && ir_same_safe_expr(x->u.conv.x, y->u.conv.x);
    case IR_DEREF:
    case IR_NOT:
    case IR_BITNOT:
    case IR_PLUS:
    case IR_NEG:
    case IR_INDEX:
    case IR_INDEXMAP:
    case IR_ADD:
    case IR_SUB:
    case IR_OR:
    case IR_XOR:
    case IR_MUL:
    case IR_LSH:
    case IR_RSH:
    case IR_AND:
    case IR_ANDNOT:
    case IR_DIV:
    case IR_MOD: return same_xy(x, y);
    case IR_LITERAL: {
        Arena *a = arena_new("compare");
        bool same = const_same(a, x->u.lit.value, y->u.lit.value);
        arena_free(a);
        return same;
    }
    case IR_NIL: return true;
    default: return false;
    }
}

// ---- functions without a call

static const struct Intrinsic {
    const char *path, *symbol;
} intrinsics[] = {
#include "go/ir/intrinsics.h"
};

static int order(Str path, Str symbol, const struct Intrinsic *row) {
    int c = str_cmp(path, str_c(row->path));
    return c ? c : str_cmp(symbol, str_c(row->symbol));
}

bool ir_pkg_is(const IrPkg *p, const Pkg *pkg, const char *path) {
    return pkg && str_eq_c(name_str(p->names, pkg->path), path);
}

bool ir_is_escape_non_string(const IrPkg *p, const Func *f) {
    return str_starts(f->name, STR("EscapeNonString[")) && ir_pkg_is(p, f->pkg, "internal/abi");
}

static bool is_listed(const IrPkg *p, const Func *f) {
    Str path = name_str(p->names, f->pkg->path);
    size_t lo = 0, hi = COUNT(intrinsics);
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        int c = order(path, f->name, &intrinsics[mid]);
        if (!c) return true;
        if (c < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return false;
}

// Whoever asks first remembers the answer; others may, at the same time.
bool ir_is_intrinsic(const IrPkg *p, Func *f) {
    enum { UNKNOWN, NO, YES };
    if (!f->pkg) return false;
    uint8_t known = __atomic_load_n(&f->intrinsic, __ATOMIC_RELAXED);
    if (known == UNKNOWN) {
        known = is_listed(p, f) ? YES : NO;
        __atomic_store_n(&f->intrinsic, known, __ATOMIC_RELAXED);
    }
    return known == YES;
}
