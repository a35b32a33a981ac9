// go/ir/verify_types.c: what a node of each kind has, and how its type goes with those of its
// children.
#include "go/ir/lower_internal.h"
#include "go/ir/verify_internal.h"

// ---- what must be there

static bool has_hole(NodeVec list) {
    for (uint32_t i = 0; i < list.len; i++)
        if (!list.v[i]) return true;
    return false;
}

static const char *xy_problem(const Node *n) { // flat switch
    const Node *x = n->u.xy.x, *y = n->u.xy.y;
    // clang-format off
    switch ((int)n->op) {
    case IR_MAKECHAN: case IR_MAKEMAP: return NULL; // sizes may be left out
    case IR_MAKESLICE: case IR_DEREF: case IR_ADDR: case IR_PTRLIT: case IR_NOT: case IR_NEG:
    case IR_BITNOT: case IR_PLUS: case IR_RECV: case IR_LEN: case IR_CAP: case IR_CLEAR:
    case IR_CLOSE: case IR_PANIC: case IR_NEW: case IR_REAL: case IR_IMAG:
    case IR_UNSAFESLICEDATA: case IR_UNSAFESTRINGDATA: case IR_ITAB: case IR_CHECKNIL: case IR_GETG:
        return x ? NULL : "has no operand";
    case IR_DCL: return x && x->op == IR_NAME ? NULL : "declares no variable";
    case IR_GO: case IR_DEFER: case IR_TAILCALL: return x ? NULL : "calls nothing";
    default: return x && y ? NULL : "lacks an operand";
    }
    // clang-format on
}

static const char *name_problem(const Node *n) {
    if (n->op == IR_LINKSYM_OFFSET || n->u.name) return NULL;
    return "is no name";
}

static const char *lists_problem(const Node *n) { // flat switch
    switch ((int)ir_shape(n->op)) {
    case SHAPE_LIST: return has_hole(n->u.list.v) ? "has a hole in its list" : NULL;
    case SHAPE_CALL:
        if (n->op != IR_CALLFUNC && n->op != IR_CALLINTER) break;
        if (!n->u.call.fn) return "calls nothing";
        if (n->op == IR_CALLINTER && n->u.call.fn->op != IR_DOTINTER) return "calls no method";
        break;
    case SHAPE_AS2:
        if (!n->u.as2.lhs.len != !n->u.as2.rhs.len) return "has an empty side";
        return has_hole(n->u.as2.lhs) || has_hole(n->u.as2.rhs) ? "has a hole" : NULL;
    case SHAPE_SWITCH:
        for (uint32_t i = 0; i < n->u.switch_.cases.len; i++)
            if (n->u.switch_.cases.v[i]->op != IR_CASE) return "has a clause that is none";
        return NULL;
    default: return NULL;
    }
    return has_hole(n->u.call.args) ? "has a hole in its arguments" : NULL;
}

const char *ir_shape_problem(const Node *n) { // flat switch
    if (n->init && n->op != IR_NAME && has_hole(*n->init)) return "has a hole in its init";
    switch ((int)ir_shape(n->op)) {
    case SHAPE_NAME: return name_problem(n);
    case SHAPE_LIT: return n->u.lit.value ? NULL : "has no value";
    case SHAPE_XY: return xy_problem(n);
    case SHAPE_CONV: return n->u.conv.x ? NULL : "converts nothing";
    case SHAPE_CLOSURE: return n->u.closure.func ? NULL : "has no function";
    case SHAPE_FIELD:
        if (n->op == IR_STRUCTKEY) return n->u.field.value ? NULL : "has no value";
        return n->u.field.x ? NULL : "selects from nothing";
    case SHAPE_METHOD: return n->u.method.x ? NULL : "selects from nothing";
    case SHAPE_SLICE: return n->u.slice.x ? NULL : "slices nothing";
    case SHAPE_AS:
        if (n->op == IR_ASOP && !n->u.as.y) return "has no right side";
        return n->u.as.x ? NULL : "has no left side";
    case SHAPE_RANGE: return n->u.range.x ? NULL : "loops over nothing";
    case SHAPE_IF: return n->u.if_.cond ? NULL : "has no condition";
    case SHAPE_TYPESW: return n->u.typesw.x ? NULL : "asks for no type";
    default: return lists_problem(n);
    }
}

// ---- types

static bool is_bool(const Node *n) { return n->type && irtype_is_bool(n->type); }

static bool is_expr(const Node *n) { // flat switch
    // clang-format off
    switch ((int)n->op) {
    case IR_KEY: case IR_DELETE: case IR_PRINT: case IR_PRINTLN:
    case IR_CLEAR: case IR_CLOSE: case IR_PANIC: case IR_CHECKNIL: case IR_SEND: case IR_DCL:
    case IR_GO: case IR_DEFER: case IR_TAILCALL: case IR_INLMARK: case IR_TYPESW:
        return false;
    default: return n->op < IR_AS;
    }
    // clang-format on
}

static const char *call_problem(const Node *n) {
    const IrType *sig = n->u.call.fn->type;
    if (!sig || sig->kind != KIND_FUNC) return "calls what is no function";
    uint32_t nparams = irtype_nparams(sig), nresults = irtype_nresults(sig);
    if (n->u.call.args.len != nparams) return "has another number of arguments than parameters";
    for (uint32_t i = 0; i < nparams; i++)
        if (!verify_fits(n->u.call.args.v[i], irtype_params(sig)[i].type))
            return "has an argument of another type than its parameter";
    if (nresults == 1 && !verify_same(n->type, irtype_results(sig)[0].type))
        return "has another type than its result";
    if (nresults > 1 && (!n->type || n->type->kind != KIND_TUPLE || n->type->nfields != nresults))
        return "has not the type of its results";
    return NULL;
}

// A call without results where a value is wanted.
static bool is_no_value(const Node *x) { return x && ir_is_call(x) && !x->type; }

static const char *operands_problem(const Node *n) { // flat switch
    const Node *x = n->u.xy.x, *y = n->u.xy.y;
    bool stmt = n->op == IR_GO || n->op == IR_DEFER || n->op == IR_TAILCALL;
    if (!stmt && (is_no_value(x) || is_no_value(y))) return "has an operand without a value";
    // clang-format off
    switch ((int)n->op) {
    case IR_ADD: case IR_SUB: case IR_OR: case IR_XOR: case IR_MUL: case IR_DIV: case IR_MOD:
    case IR_AND: case IR_ANDNOT:
        return verify_same(x->type, y->type) && verify_same(n->type, x->type) ? NULL
            : "has operands of another type";
    case IR_LSH: case IR_RSH:
        if (!irtype_is_integer(y->type)) return "shifts by what is no integer";
        return verify_same(n->type, x->type) ? NULL : "has another type than its operand";
    case IR_EQ: case IR_NE: case IR_LT: case IR_LE: case IR_GT: case IR_GE:
        if (!is_bool(n)) return "is no bool";
        return verify_fits(x, y->type) || verify_fits(y, x->type) ? NULL
            : "compares different types";
    case IR_ANDAND: case IR_OROR: return is_bool(x) && is_bool(y) && is_bool(n) ? NULL
        : "is not of bools";
    case IR_NOT: return is_bool(x) && is_bool(n) ? NULL : "is not of a bool";
    case IR_NEG: case IR_BITNOT: case IR_PLUS: return verify_same(n->type, x->type) ? NULL
        : "has another type than its operand";
    case IR_RECV:
        if (x->type->kind != KIND_CHAN) return "receives from no channel";
        return verify_same(n->type, x->type->under->elem) ? NULL : "has another type than the channel's";
    case IR_ADDR: case IR_PTRLIT:
        if (n->type->kind != KIND_PTR) return "is no pointer";
        return verify_same(n->type->under->elem, x->type) ? NULL : "points to another type";
    case IR_DEREF:
        if (x->type->kind != KIND_PTR) return "follows no pointer";
        return verify_same(x->type->under->elem, n->type) ? NULL : "has another type than the pointer's";
    case IR_SEND:
        if (x->type->kind != KIND_CHAN) return "sends to no channel";
        return verify_fits(y, x->type->under->elem) ? NULL
            : "sends another type than the channel's";
    case IR_INDEXMAP:
        if (x->type->kind != KIND_MAP) return "is of no map";
        if (!verify_same(x->type->under->key, y->type)) return "has a key of another type";
        return verify_same(x->type->under->elem, n->type) ? NULL : "has another type than the map's";
    case IR_GO: case IR_DEFER: case IR_TAILCALL: return ir_is_call(x) ? NULL : "is of no call";
    default: return NULL;
    }
    // clang-format on
}

static const char *index_problem(const Node *n) {
    const IrType *t = n->u.xy.x->type;
    if (!irtype_is_integer(n->u.xy.y->type)) return "has an index that is no integer";
    if (irtype_is_string(t)) return NULL;
    if (t->kind == KIND_PTR) t = t->under->elem;
    if (t->kind != KIND_SLICE && t->kind != KIND_ARRAY) return "is of no slice or array";
    return verify_same(t->under->elem, n->type) ? NULL : "has another type than the elements";
}

static const char *field_problem(const Node *n) {
    const IrType *t = n->u.field.x->type;
    if (n->op == IR_DOTPTR) {
        if (t->kind != KIND_PTR) return "follows no pointer";
        t = t->under->elem;
    }
    if (t->kind != KIND_STRUCT) return "selects from no struct";
    if (n->u.field.index >= t->under->nfields) return "selects a field that is not there";
    return verify_same(t->under->fields[n->u.field.index].type, n->type)
               ? NULL
               : "has another type than the field";
}

static const char *assign_problem(const Node *n) {
    const Node *x = n->u.as.x, *y = n->u.as.y;
    if (!y || ir_is_blank(x)) return NULL;
    if (!y->type || y->type->kind == KIND_TUPLE) return "assigns what is no value";
    return verify_fits(y, x->type) ? NULL : "assigns another type";
}

static const char *assign_list_problem(const Node *n) {
    NodeVec lhs = n->u.as2.lhs, rhs = n->u.as2.rhs;
    if (n->op == IR_AS2FUNC) {
        if (!rhs.len) return "has no call";
        const IrType *t = rhs.v[0]->type;
        if (rhs.len != 1 || !t || t->kind != KIND_TUPLE || t->nfields != lhs.len)
            return "assigns another number of results";
        for (uint32_t i = 0; i < lhs.len; i++)
            if (!ir_is_blank(lhs.v[i]) && !verify_same(lhs.v[i]->type, t->fields[i].type))
                return "assigns a result of another type";
        return NULL;
    }
    if (n->op != IR_AS2) return lhs.len == 2 && rhs.len == 1 ? NULL : "is not of two and one";
    if (lhs.len != rhs.len) return "has sides of different lengths";
    for (uint32_t i = 0; i < lhs.len; i++)
        if (!ir_is_blank(lhs.v[i]) && !verify_fits(rhs.v[i], lhs.v[i]->type))
            return "assigns another type";
    return NULL;
}

static const char *return_problem(const Func *f, const Node *n) {
    NodeVec list = n->u.list.v;
    if (!list.len) return NULL;
    if (list.len != f->nresults) return "returns another number of results";
    for (uint32_t i = 0; i < list.len; i++)
        if (!verify_fits(list.v[i], irtype_results(f->type)[i].type)) return "returns another type";
    return NULL;
}

static bool lacks_type(const Node *n) {
    return is_expr(n) && !n->type && !ir_is_call(n) && !ir_is_blank(n);
}

static bool is_untyped_child(void *ctx, Node *n) {
    (void)ctx;
    return lacks_type(n);
}

static const char *type_problem(const Func *f, const Node *n) { // flat switch
    switch ((int)ir_shape(n->op)) {
    case SHAPE_XY: {
        const char *problem = operands_problem(n);
        return !problem && n->op == IR_INDEX ? index_problem(n) : problem;
    }
    case SHAPE_FIELD:
        if (n->op == IR_STRUCTKEY) return NULL;
        return is_no_value(n->u.field.x) ? "selects from no value" : field_problem(n);
    case SHAPE_CALL: return n->op == IR_CALLFUNC || n->op == IR_CALLINTER ? call_problem(n) : NULL;
    case SHAPE_AS: return n->op == IR_ASOP ? NULL : assign_problem(n);
    case SHAPE_AS2: return assign_list_problem(n);
    case SHAPE_IF: return is_bool(n->u.if_.cond) ? NULL : "has a condition that is no bool";
    case SHAPE_FOR:
        return !n->u.for_.cond || is_bool(n->u.for_.cond) ? NULL
                                                          : "has a condition that is no bool";
    case SHAPE_LIST: return n->op == IR_RETURN ? return_problem(f, n) : NULL;
    default: return NULL;
    }
}

const char *ir_type_problem(const Func *f, Node *n) {
    if (lacks_type(n)) return "has no type";
    if (n->type && n->type->kind == KIND_BAD) return "has a bad type";
    if (!is_expr(n) && n->type) return "is a statement with a type";
    if (ir_children(n, is_untyped_child, NULL)) return NULL; // said there
    const char *problem = type_problem(f, n);
    return problem ? problem : ir_value_problem(n);
}
