// go/ir/lower_expr.c: expressions become IR, every implicit step a node of its own.
// Rules: noder/writer.go expr, noder/reader.go expr, typecheck/expr.go.
#include "go/ir/lower_internal.h"

const TypeAndValue *info_of(const Low *w, const Expr *e) { return &w->info->exprs[e->id]; }

Type *lower_checked_type(const Low *w, const Expr *e) {
    const Instance *inst = e->kind == EXPR_NAME ? ptrmap_get(&w->info->instances, e) : NULL;
    if (inst) return inst->type;
    return w->info->exprs[e->id].type;
}

IrType *type_of(Low *w, const Expr *e) {
    Type *t = lower_checked_type(w, e);
    return t ? lower_type(w, t) : irtype_basic(w->p->types, KIND_NIL);
}

bool is_package_qualified(const Low *w, const Expr *e) {
    if (e->kind != EXPR_SELECTOR || e->selector.x->kind != EXPR_NAME) return false;
    const Obj *o = w->info->names[e->selector.x->id];
    return o && o->kind == OBJ_PKG;
}

static bool is_value_mode(Mode m) {
    return m == MODE_CONST || m == MODE_VARIABLE || m == MODE_MAPINDEX || m == MODE_VALUE ||
           m == MODE_NIL || m == MODE_COMMAOK || m == MODE_COMMAERR || m == MODE_CGOFUNC;
}

// The object e names, also behind an instantiation; NULL for every other expression.
Obj *lookup_obj(const Low *w, const Expr *e, Instance **inst) {
    *inst = NULL;
    if (e->kind == EXPR_INDEX) {
        const Expr *index = e->index.index;
        if (index->kind != EXPR_LIST && is_value_mode(info_of(w, index)->mode)) return NULL;
        e = e->index.x;
    }
    e = syntax_unparen(e);
    if (e->kind == EXPR_SELECTOR) {
        if (!is_package_qualified(w, e)) return NULL;
        e = e->selector.sel;
    }
    if (e->kind != EXPR_NAME) return NULL;
    *inst = ptrmap_get(&w->info->instances, e);
    return w->info->names[e->id];
}

// ---- variables

Node *lower_local(Low *w, Pos pos, Obj *o) {
    Node *n = ptrmap_get(&w->locals, o);
    if (n) return n;
    if (!w->outer) BUG("a local variable that is not declared");
    Node *outer = lower_local(w->outer, pos, o);
    n = ir_closure_var(w->p, at(pos), w->fn, outer);
    ptrmap_put(&w->locals, o, n);
    return n;
}

static bool is_global(const Obj *o) { return o->pkg && o->parent == o->pkg->scope; }

// ---- constants

static IrType *ideal_type(Low *w, const TypeAndValue *tv) {
    IrTypes *ts = w->p->types;
    IrType *t = lower_type(w, tv->type);
    switch ((int)t->kind) {
    case KIND_UNTYPED_INT:
    case KIND_UNTYPED_FLOAT:
    case KIND_UNTYPED_COMPLEX: {
        Const *v = const_to_int(w->p->arena, tv->value);
        return irtype_basic(ts, const_sign(v) < 0 ? KIND_INT : KIND_UINT);
    }
    case KIND_UNTYPED_BOOL: return irtype_basic(ts, KIND_BOOL);
    case KIND_UNTYPED_STRING: return irtype_basic(ts, KIND_STRING);
    case KIND_UNTYPED_RUNE: return irtype_basic(ts, KIND_INT32);
    default: return t;
    }
}

static Node *lower_const(Low *w, const Expr *e, const TypeAndValue *tv) {
    IrType *t = ideal_type(w, tv);
    Const *v = ir_convert_const(w->p, tv->value, t, false);
    if (const_kind(v) == CONST_UNKNOWN) v = tv->value;
    return ir_literal(w->p, at(e->pos), t, const_copy(w->p->arena, v));
}

// ---- selections and indexing

static Node *field_value(Low *w, const Expr *e, const Selection *sel) {
    Node *x = lower_expr(w, e->selector.x);
    for (uint32_t i = 0; i < sel->index.len; i++) {
        x = ir_field(w->p, at(e->pos), x, sel->index.v[i]);
        x->implicit = i + 1 < sel->index.len;
    }
    return x;
}

// Whether a map's index has the type of its keys, to the checker: a type parameter may have become
// a shape, and the map's own key type have not.
static bool index_has_key_type(Low *w, const Expr *e) {
    const Type *map = lower_core(info_of(w, e->index.x)->type);
    Type *index = info_of(w, e->index.index)->type;
    return index && map->kind == TYPE_MAP && type_identical(map->map.key, index);
}

static Node *index_value(Low *w, const Expr *e) {
    IrPkg *p = w->p;
    IrPos pos = at(e->pos);
    Node *x = lower_expr(w, e->index.x);
    x = ir_default_lit(p, x, NULL);
    bool map = x->type->kind == KIND_MAP;
    IrType *key = map && !index_has_key_type(w, e) ? x->type->under->key : NULL;
    Node *i = lower_implicit(w, key, e->index.index);
    if (map)
        return ir_binary(p, IR_INDEXMAP, pos, x, ir_assign_conv(p, pos, i, x->type->under->key),
                         x->type->under->elem);
    if (x->type->kind == KIND_PTR && x->type->under->elem->kind == KIND_ARRAY) {
        x = ir_implicit(ir_deref(p, pos, x));
    }
    i = ir_default_lit(p, i, irtype_basic(p->types, KIND_INT));
    IrType *t = x->type->kind == KIND_STRING ? irtype_byte(p->types) : x->type->under->elem;
    return ir_binary(p, IR_INDEX, pos, x, i, t);
}

static Node *slice_value(Low *w, const Expr *e) {
    IrPkg *p = w->p;
    IrPos pos = at(e->pos);
    Node *x = ir_default_lit(p, lower_expr(w, e->slice.x), NULL);
    Node *bounds[3] = {NULL, NULL, NULL};
    IrType *integer = irtype_basic(p->types, KIND_INT);
    for (int i = 0; i < 3; i++)
        if (e->slice.index[i])
            bounds[i] = ir_default_lit(p, lower_expr(w, e->slice.index[i]), integer);
    if (x->type->kind == KIND_ARRAY) { x = ir_implicit(ir_addr(p, pos, x)); }
    IrType *t = x->type;
    IrOp op = bounds[2] ? IR_SLICE3 : IR_SLICE;
    if (t->kind == KIND_STRING) {
        op = IR_SLICESTR;
    } else if (t->kind == KIND_PTR && t->under->elem->kind == KIND_ARRAY) {
        op = bounds[2] ? IR_SLICE3ARR : IR_SLICEARR;
        t = irtype_slice(p->types, t->under->elem->under->elem);
    }
    Node *n = ir_node(p, op, pos);
    n->type = t;
    n->u.slice.x = x;
    n->u.slice.lo = bounds[0];
    n->u.slice.hi = bounds[1];
    n->u.slice.max = bounds[2];
    return n;
}

// ---- type assertions

// t's own descriptor, or its itab for iface.
static Node *type_word(Low *w, IrPos pos, Type *t, Type *iface) {
    IrPkg *p = w->p;
    IrType *bytes = irtype_pointer(p->types, irtype_basic(p->types, KIND_UINT8));
    if (lower_is_derived(w, t) || (iface && lower_is_derived(w, iface))) {
        uint32_t word = iface ? lower_itab_word(w, t, iface) : lower_type_word(w, t);
        return ir_conv_node(p, IR_CONVNOP, pos, bytes, lower_dict_word(w, pos, word));
    }
    Node *sym = ir_node(p, IR_LINKSYM_OFFSET, pos);
    sym->type = irtype_basic(p->types, KIND_UINT8);
    Node *n = ir_node(p, IR_ADDR, pos);
    n->u.xy.x = sym;
    n->type = bytes;
    return n;
}

// reader.exprType: a TYPE, or a DYNAMICTYPE when only the dictionary knows it. iface: what is
// asserted from.
Node *lower_type_case(Low *w, const Expr *e, Type *iface) {
    IrPkg *p = w->p;
    Type *checked = info_of(w, e)->type;
    IrType *t = lower_type(w, checked);
    bool derived = w->env && lower_is_derived(w, checked);
    Node *n;
    bool named_methods = iface && !irtype_is_empty_interface(lower_type(w, iface));
    bool itab = named_methods && !irtype_is_interface(t);
    if (itab) lower_itab(w->l, t, lower_type(w, iface));
    if (w->env && itab && lower_is_derived(w, iface)) derived = true;
    if (!derived) {
        n = ir_node(p, IR_TYPE, at(e->pos));
        n->type = t;
        return n;
    }
    n = ir_node(p, IR_DYNAMICTYPE, at(e->pos));
    n->type = t;
    if (itab)
        n->u.assert.itab = type_word(w, at(e->pos), checked, iface);
    else
        n->u.assert.rtype = type_word(w, at(e->pos), checked, NULL);
    return n;
}

static Node *assert_value(Low *w, const Expr *e) {
    IrPkg *p = w->p;
    Node *x = lower_expr(w, e->assert.x);
    Type *iface = lower_checked_type(w, syntax_unparen(e->assert.x));
    Node *t = lower_type_case(w, e->assert.type, iface);
    Node *n = ir_node(p, t->op == IR_DYNAMICTYPE ? IR_DYNAMICDOTTYPE : IR_DOTTYPE, at(e->pos));
    n->type = t->type;
    n->u.assert.x = x;
    if (t->op == IR_DYNAMICTYPE) {
        n->u.assert.src_rtype = type_word(w, at(e->pos), iface, NULL);
        n->u.assert.rtype = t->u.assert.rtype;
        n->u.assert.itab = t->u.assert.itab;
    }
    return n;
}

// ---- operators

static IrOp unary_op(Op op) { // flat switch
    switch ((int)op) {
    case OP_NOT: return IR_NOT;
    case OP_RECV: return IR_RECV;
    case OP_ADD: return IR_PLUS;
    case OP_SUB: return IR_NEG;
    case OP_XOR: return IR_BITNOT;
    case OP_AND: return IR_ADDR;
    case OP_MUL: return IR_DEREF;
    default: BUG("unary operator %d", op);
    }
}

IrOp lower_binary_op(Op op) { // flat switch
    switch ((int)op) {
    case OP_OROR: return IR_OROR;
    case OP_ANDAND: return IR_ANDAND;
    case OP_EQL: return IR_EQ;
    case OP_NEQ: return IR_NE;
    case OP_LSS: return IR_LT;
    case OP_LEQ: return IR_LE;
    case OP_GTR: return IR_GT;
    case OP_GEQ: return IR_GE;
    case OP_ADD: return IR_ADD;
    case OP_SUB: return IR_SUB;
    case OP_OR: return IR_OR;
    case OP_XOR: return IR_XOR;
    case OP_MUL: return IR_MUL;
    case OP_DIV: return IR_DIV;
    case OP_REM: return IR_MOD;
    case OP_AND: return IR_AND;
    case OP_ANDNOT: return IR_ANDNOT;
    case OP_SHL: return IR_LSH;
    case OP_SHR: return IR_RSH;
    default: BUG("binary operator %d", op);
    }
}

static Node *unary_value(Low *w, const Expr *e) {
    IrPkg *p = w->p;
    IrOp op = unary_op(e->op);
    Node *x = lower_expr(w, e->operation.x);
    if (op == IR_ADDR) return ir_addr(p, at(e->pos), x);
    if (op == IR_DEREF) return ir_deref(p, at(e->pos), x);
    IrType *t = x->type;
    if (op == IR_RECV) {
        x = ir_default_lit(p, x, NULL);
        t = x->type->under->elem;
    }
    return ir_unary(p, op, at(e->pos), x, t);
}

// Strings added up are one node, whatever the brackets.
static Node *add_strings(IrPkg *p, IrPos pos, Node *x, Node *y, IrType *t) {
    Node *n = x;
    if (x->op == IR_ADDSTR) {
        n->pos = pos;
    } else {
        n = ir_node(p, IR_ADDSTR, pos);
        vec_push(p->arena, &n->u.list.v, x);
    }
    if (y->op == IR_ADDSTR)
        for (uint32_t i = 0; i < y->u.list.v.len; i++)
            vec_push(p->arena, &n->u.list.v, y->u.list.v.v[i]);
    else
        vec_push(p->arena, &n->u.list.v, y);
    n->type = t;
    return n;
}

static bool is_comparison(IrOp op) { return op >= IR_EQ && op <= IR_GT; }

static Node *binary_node(IrPkg *p, IrOp op, IrPos pos, Node *x, Node *y) {
    if (op == IR_LSH || op == IR_RSH) {
        y = ir_default_lit(p, y, irtype_basic(p->types, KIND_UINT));
        return ir_binary(p, op, pos, x, y, x->type);
    }
    if (is_comparison(op)) {
        ir_default_lit2(p, &x, &y, true);
        return ir_binary(p, op, pos, x, y, irtype_basic(p->types, KIND_UNTYPED_BOOL));
    }
    ir_default_lit2(p, &x, &y, false);
    IrType *t = irtype_is_untyped(x->type) && !irtype_is_untyped(y->type) ? y->type : x->type;
    if (op == IR_ADD && (t->kind == KIND_STRING || t->kind == KIND_UNTYPED_STRING))
        return add_strings(p, pos, x, y, t);
    return ir_binary(p, op, pos, x, y, t);
}

// The type both operands are converted to; NULL: none is.
static IrType *common_type(Low *w, const Expr *e) {
    if (e->op == OP_SHL || e->op == OP_SHR) return NULL;
    IrType *x = type_of(w, syntax_unparen(e->operation.x));
    IrType *y = type_of(w, syntax_unparen(e->operation.y));
    if (x == y) return y;
    return ir_assign_op(w->p, x, y) != IR_BAD ? y : x;
}

// Long chains lean to the left: they are followed in a loop.
static Node *binary_value(Low *w, const Expr *e) {
    VEC(const Expr *) chain = {0};
    const Expr *x = e;
    Arena *a = w->p->scratch;
    for (;;) {
        vec_push(a, &chain, x);
        const Expr *left = syntax_unparen(x->operation.x);
        const TypeAndValue *tv = info_of(w, left);
        if (left->kind != EXPR_OPERATION || !left->operation.y || tv->value || w->inst) break;
        IrType *common = common_type(w, x);
        if (common && common->canon != type_of(w, left)->canon) break;
        x = left;
    }
    Node *n = NULL;
    for (uint32_t i = chain.len; i-- > 0;) {
        const Expr *op = chain.v[i];
        IrType *common = common_type(w, op);
        if (!n) n = lower_implicit(w, common, op->operation.x);
        Node *y = lower_implicit(w, common, op->operation.y);
        n = binary_node(w->p, lower_binary_op(op->op), at(op->pos), n, y);
    }
    return n;
}

// ---- conditions that are known

// Brackets hide all but constants, as in the compiler.
int static_bool(Low *w, const Expr *e) {
    const TypeAndValue *tv = info_of(w, syntax_unparen(e));
    if (tv->value) return const_bool_value(tv->value) ? 1 : -1;
    if (e->kind != EXPR_OPERATION) return 0;
    if (e->op == OP_NOT && !e->operation.y) return static_bool(w, e->operation.x);
    if (e->op != OP_ANDAND && e->op != OP_OROR) return 0;
    int decides = e->op == OP_ANDAND ? -1 : 1;
    int x = static_bool(w, e->operation.x);
    if (x == decides) return x;
    int y = static_bool(w, e->operation.y);
    return x == -decides || y == decides ? y : 0;
}

// What stands for && and || when one side is known: the side that decides, or the other one where
// the known side has been cut down to a constant.
const Expr *lower_cut_down(Low *w, const Expr *e) {
    if (e->kind != EXPR_OPERATION || info_of(w, e)->value) return e;
    if (e->op != OP_ANDAND && e->op != OP_OROR) return e;
    int decides = e->op == OP_ANDAND ? -1 : 1;
    int x = static_bool(w, e->operation.x);
    const Expr *left = lower_cut_down(w, e->operation.x);
    if (x == decides) return left;
    bool right_only = x == -decides || static_bool(w, e->operation.y) == decides;
    if (!right_only || !info_of(w, syntax_unparen(left))->value) return e;
    return lower_cut_down(w, e->operation.y);
}

Node *lower_cond(Low *w, const Expr *e) {
    e = lower_cut_down(w, e);
    if (e->kind != EXPR_OPERATION || info_of(w, e)->value) return lower_expr(w, e);
    IrPkg *p = w->p;
    if (e->op == OP_NOT && !e->operation.y) {
        Node *x = lower_cond(w, e->operation.x);
        return ir_unary(p, IR_NOT, at(e->pos), x, x->type);
    }
    if (e->op != OP_ANDAND && e->op != OP_OROR) return lower_expr(w, e);
    const Expr *left = e->operation.x;
    IrType *common = common_type(w, e);
    Node *xn = lower_cond(w, left);
    if (common && common->canon != type_of(w, syntax_unparen(left))->canon)
        xn = ir_conv(p, xn->pos, common, xn);
    Node *yn = lower_cond(w, e->operation.y);
    return binary_node(p, lower_binary_op(e->op), at(e->pos), xn, yn);
}

// ---- conversions

static bool is_conversion(IrOp op) { return op >= IR_CONV && op <= IR_SLICE2ARRPTR; }

static Node *converted(Low *w, IrPos pos, IrType *dst, Node *x, bool identical) {
    Node *n = ir_conv(w->p, pos, dst, ir_default_lit(w->p, x, dst));
    if (!identical && n->op == IR_CONVNOP && irtype_is_interface(n->type) &&
        !irtype_is_empty_interface(n->type) && (n->type->has_shape || n->u.conv.x->type->has_shape))
        n->op = IR_CONVIFACE;
    return n;
}

Node *lower_convert(Low *w, IrType *dst, const Expr *e, bool implicit, bool to_tparam) {
    const Expr *x = syntax_unparen(e);
    IrType *src = type_of(w, x);
    IrPos pos = at(e->pos);
    lower_itab(w->l, src, dst);
    Node *n = converted(w, pos, dst, lower_expr(w, x), src->canon == dst->canon);
    if (is_conversion(n->op)) n->implicit = implicit;
    if (to_tparam && n->op == IR_LITERAL) {
        return ir_implicit(ir_conv_node(w->p, IR_CONVNOP, pos, n->type, n));
    }
    return n;
}

Node *lower_implicit(Low *w, IrType *dst, const Expr *e) {
    const Expr *x = syntax_unparen(e);
    if (!dst || type_of(w, x)->canon == dst->canon) return lower_expr(w, x);
    return lower_convert(w, dst, e, true, false);
}

// ---- lists of values

Node *lower_init_expr(IrPkg *p, NodeVec init, Node *x) {
    if (!init.len) return x;
    if (x->op == IR_NAME || x->op == IR_LITERAL || x->op == IR_NIL || x->op == IR_TYPE)
        x = ir_conv_node(p, IR_CONVNOP, x->pos, x->type, x);
    NodeVec old = x->init ? *x->init : (NodeVec){0};
    x->init = NULL;
    for (uint32_t i = 0; i < init.len; i++) ir_add_init(p, x, init.v[i]);
    for (uint32_t i = 0; i < old.len; i++) ir_add_init(p, x, old.v[i]);
    return x;
}

// x := value, as a temporary of its own.
Node *lower_temp_copy(Low *w, IrPos pos, Node *x, NodeVec *init) {
    IrPkg *p = w->p;
    Node *tmp = ir_temp(p, w->fn, pos, x->type);
    vec_push(p->arena, init, ir_unary(p, IR_DCL, pos, tmp, NULL));
    Node *as = ir_assign(p, pos, tmp, x);
    vec_push(p->arena, init, as);
    tmp->u.name->defn = as;
    return tmp;
}

// typecheck.assign for several variables and one value. Results whose types differ from the
// variables' go through temporaries.
void ir_assign_form(IrPkg *p, Func *f, Node *as) {
    Node *r = as->u.as2.rhs.v[0];
    if (r->op == IR_INDEXMAP)
        as->op = IR_AS2MAPR;
    else if (r->op == IR_RECV)
        as->op = IR_AS2RECV;
    else if (r->op == IR_DOTTYPE || r->op == IR_DYNAMICDOTTYPE) {
        as->op = IR_AS2DOTTYPE;
        r->op = r->op == IR_DOTTYPE ? IR_DOTTYPE2 : IR_DYNAMICDOTTYPE2;
    } else
        as->op = IR_AS2FUNC;
    if (as->op != IR_AS2FUNC) return;
    NodeVec lhs = as->u.as2.lhs;
    bool differ = false;
    for (uint32_t i = 0; i < lhs.len; i++)
        if (!ir_is_blank(lhs.v[i]) && !irtype_identical(lhs.v[i]->type, r->type->fields[i].type))
            differ = true;
    if (!differ) return;
    NodeVec values = {0};
    ir_split_results(p, f, as, r, &values);
    as->op = IR_AS2;
    for (uint32_t i = 0; i < values.len; i++)
        if (lhs.v[i]->type) values.v[i] = ir_assign_conv(p, as->pos, values.v[i], lhs.v[i]->type);
    as->u.as2.rhs = values;
}

// One expression gives several values: each into a temporary first.
static void multi_one(Low *w, Pos pos, DstTypes dst, const Expr *e, NodeVec *out) {
    IrPkg *p = w->p;
    Node *x = lower_expr(w, e);
    Type *tuple = info_of(w, syntax_unparen(e))->type;
    Node *as = ir_node(p, IR_AS2, at(pos));
    as->def = true;
    vec_push(p->arena, &as->u.as2.rhs, x);
    uint32_t first = out->len;
    for (uint32_t i = 0; i < tuple->tuple.vars.len; i++) {
        IrType *src = lower_type(w, tuple->tuple.vars.v[i]->type);
        Node *tmp = ir_temp(p, w->fn, at(pos), src);
        tmp->u.name->defn = as;
        ir_add_init(p, as, ir_unary(p, IR_DCL, at(pos), tmp, NULL));
        vec_push(p->arena, &as->u.as2.lhs, tmp);
        IrType *to = dst.of ? dst.of(w, dst.ctx, i) : NULL;
        Node *value = tmp;
        if (to && to->canon != src->canon) {
            lower_itab(w->l, src, to);
            value = converted(w, at(pos), to, tmp, true);
            value->implicit = true;
        }
        vec_push(p->arena, out, value);
    }
    ir_assign_form(p, w->fn, as);
    NodeVec init = {0};
    vec_push(p->arena, &init, as);
    out->v[first] = lower_init_expr(p, init, out->v[first]);
}

void lower_multi(Low *w, Pos pos, DstTypes dst, ExprList exprs, NodeVec *out) {
    if (exprs.len == 1) {
        Type *t = info_of(w, syntax_unparen(exprs.v[0]))->type;
        if (t && t->kind == TYPE_TUPLE) {
            multi_one(w, pos, dst, exprs.v[0], out);
            return;
        }
    }
    for (uint32_t i = 0; i < exprs.len; i++)
        vec_push(w->p->arena, out,
                 lower_implicit(w, dst.of ? dst.of(w, dst.ctx, i) : NULL, exprs.v[i]));
}

// ---- expressions

static Node *named_value(Low *w, const Expr *e, Obj *o, Instance *inst) {
    if (inst && inst->targs.len) return lower_func_inst_value(w, e, o, inst->targs);
    if (is_global(o)) return lower_global(w, o);
    return lower_local(w, e->pos, o);
}

static Node *selector_value(Low *w, const Expr *e) {
    const Selection *sel = w->info->selections[e->id];
    switch (sel->kind) {
    case FIELD_VAL: return field_value(w, e, sel);
    case METHOD_VAL: return lower_method_value(w, e, sel);
    case METHOD_EXPR: return lower_method_expr(w, e, sel);
    }
    BUG("selection kind %d", sel->kind);
}

static Node *value_by_kind(Low *w, const Expr *e) { // flat switch
    switch ((int)e->kind) {
    case EXPR_COMPOSITE: return lower_composite(w, e);
    case EXPR_FUNC_LIT: return lower_func_lit(w, e);
    case EXPR_SELECTOR: return selector_value(w, e);
    case EXPR_INDEX: return index_value(w, e);
    case EXPR_SLICE: return slice_value(w, e);
    case EXPR_ASSERT: return assert_value(w, e);
    case EXPR_OPERATION: return e->operation.y ? binary_value(w, e) : unary_value(w, e);
    case EXPR_CALL: return lower_call(w, e);
    default: BUG("expression %s", syntax_kind(node_expr(e)));
    }
}

// reader's exprReshape: in instances by shape, and where one is called, the type the source says.
static Node *reshaped(Low *w, Node *n, const Expr *e) {
    if (!w->inst && !(n->type && n->type->has_shape)) return n;
    Type *t = lower_checked_type(w, e);
    if (!t || t->kind == TYPE_TUPLE || !n->type || n->op == IR_NAME) return n;
    if (info_of(w, e)->mode == MODE_BUILTIN) return n;
    IrType *want = lower_type(w, t);
    if (irtype_is_untyped(want) || want->canon == n->type->canon) return n;
    if (n->type->kind == KIND_UNTYPED_BOOL && want->kind == KIND_BOOL) return n;
    n->type = want;
    return n;
}

Node *lower_expr(Low *w, const Expr *e) {
    e = syntax_unparen(e);
    Instance *inst;
    Obj *o = lookup_obj(w, e, &inst);
    const TypeAndValue *tv = info_of(w, e);
    if (tv->type && tv->value) return lower_const(w, e, tv);
    if (o && o->kind == OBJ_NIL) return ir_zero(w->p, at(e->pos), type_of(w, e));
    if (o) return reshaped(w, named_value(w, e, o, inst), e);
    return reshaped(w, value_by_kind(w, e), e);
}
