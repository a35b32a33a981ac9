// go/ir/verify_values.c: how the types of conversions, literals, built-in functions and the like go
// with those of their parts. The other operations are in verify_types.c.
#include "go/ir/lower_internal.h"
#include "go/ir/verify_internal.h"

static bool is_kind(const Node *n, IrKind kind) { return n->type && n->type->kind == kind; }

static bool is_numeric(const IrType *t) {
    return irtype_is_integer(t) || irtype_is_float(t) || irtype_is_complex(t);
}

// ---- conversions

static bool is_word(const IrType *t) {
    return t->kind == KIND_PTR || t->kind == KIND_UNSAFEPTR || t->kind == KIND_UINTPTR;
}

// What has the same bits: types with one underlying type, what may stand for a pointer, channels
// that lose a direction, interfaces with fewer methods, structs that differ in tags, and slices of
// such (string(x) of bytes with a name converts the slice first).
static bool same_bits(const IrType *x, const IrType *y) {
    if (verify_same(x->under, y->under) || (is_word(x) && is_word(y))) return true;
    if (x->kind == KIND_SLICE && y->kind == KIND_SLICE) {
        const IrType *of = x->under->elem, *to = y->under->elem;
        return verify_same(of->under, to->under) ||
               (of->kind == KIND_STRUCT && to->kind == KIND_STRUCT);
    }
    if (x->kind == KIND_CHAN || x->kind == KIND_INTER || x->kind == KIND_STRUCT)
        return x->kind == y->kind;
    return irtype_is_integer(x) && irtype_is_integer(y);
}

// &dict[i] as the function it stands for.
static bool is_dict_method(const Node *x, const IrType *t) {
    return x->op == IR_ADDR && x->u.xy.x->op == IR_INDEX && t->kind == KIND_FUNC;
}

static bool is_slice_of(const IrType *t, bool bytes) {
    if (t->kind != KIND_SLICE) return false;
    IrKind elem = t->under->elem->kind;
    return elem == (bytes ? KIND_UINT8 : KIND_INT32);
}

static const char *conversion_problem(const Node *n) { // flat switch
    const IrType *x = n->u.conv.x->type, *t = n->type;
    if (!x) return "converts no value";
    bool fine = true;
    switch ((int)n->op) {
    case IR_CONVIFACE: fine = t->kind == KIND_INTER; break;
    case IR_CONVNOP:
        fine = n->u.conv.x->op == IR_NIL || same_bits(x, t) || is_dict_method(n->u.conv.x, t);
        break;
    case IR_CONV: fine = is_numeric(x) && is_numeric(t); break;
    case IR_BYTES2STR: fine = is_slice_of(x, true) && irtype_is_string(t); break;
    case IR_RUNES2STR: fine = is_slice_of(x, false) && irtype_is_string(t); break;
    case IR_STR2BYTES: fine = irtype_is_string(x) && is_slice_of(t, true); break;
    case IR_STR2RUNES: fine = irtype_is_string(x) && is_slice_of(t, false); break;
    case IR_RUNESTR: fine = irtype_is_integer(x) && irtype_is_string(t); break;
    case IR_SLICE2ARR: fine = x->kind == KIND_SLICE && t->kind == KIND_ARRAY; break;
    case IR_SLICE2ARRPTR: fine = x->kind == KIND_SLICE && t->kind == KIND_PTR; break;
    default: break;
    }
    return fine ? NULL : "converts between types that are not such";
}

// ---- literals and lists

static bool field_fits(const IrType *t, const Node *key) {
    if (key->op != IR_STRUCTKEY || key->u.field.index >= t->under->nfields) return false;
    return verify_fits(key->u.field.value, t->under->fields[key->u.field.index].type);
}

static bool element_fits(const IrType *t, const Node *e) {
    if (t->kind == KIND_MAP)
        return e->op == IR_KEY && verify_fits(e->u.xy.x, t->under->key) &&
               verify_fits(e->u.xy.y, t->under->elem);
    return verify_fits(e->op == IR_KEY ? e->u.xy.y : e, t->under->elem);
}

static const char *literal_problem(const Node *n) {
    const IrType *t = n->type;
    IrKind want = n->op == IR_STRUCTLIT  ? KIND_STRUCT
                  : n->op == IR_ARRAYLIT ? KIND_ARRAY
                  : n->op == IR_SLICELIT ? KIND_SLICE
                                         : KIND_MAP;
    if (t->kind != want) return "is of another kind of type";
    for (uint32_t i = 0; i < n->u.list.v.len; i++) {
        const Node *e = n->u.list.v.v[i];
        if (!(want == KIND_STRUCT ? field_fits(t, e) : element_fits(t, e)))
            return "has an element of another type";
    }
    return NULL;
}

static const char *list_problem(const Node *n) {
    switch ((int)n->op) { // statements have no type to agree with
    case IR_STRUCTLIT:
    case IR_ARRAYLIT:
    case IR_SLICELIT:
    case IR_MAPLIT: return literal_problem(n);
    case IR_ADDSTR:
        for (uint32_t i = 0; i < n->u.list.v.len; i++)
            if (!irtype_is_string(n->u.list.v.v[i]->type)) return "adds what is no string";
        return irtype_is_string(n->type) ? NULL : "is no string";
    default: return NULL;
    }
}

// ---- functions and methods

static const char *method_problem(const Node *n) {
    if (n->type->kind != KIND_FUNC) return "is no function";
    if (n->op == IR_DOTINTER)
        return is_kind(n->u.method.x, KIND_INTER) ? NULL : "is of no interface";
    if (n->op != IR_METHEXPR) return NULL;
    if (!irtype_nparams(n->type)) return "takes no receiver";
    return verify_same(irtype_params(n->type)[0].type, n->u.method.x->type)
               ? NULL
               : "takes another receiver";
}

static const char *inlined_problem(const Node *n) {
    NodeVec r = n->u.inlcall.results;
    if (!r.len) return NULL;
    if (r.len == 1)
        return verify_same(n->type, r.v[0]->type) ? NULL : "has another type than its result";
    if (!is_kind(n, KIND_TUPLE) || n->type->nfields != r.len) return "has not its results' type";
    for (uint32_t i = 0; i < r.len; i++)
        if (!verify_same(n->type->fields[i].type, r.v[i]->type)) return "has not its results' type";
    return NULL;
}

static const char *builtin_call_problem(const Node *n) {
    NodeVec args = n->u.call.args;
    switch ((int)n->op) { // the others take anything
    case IR_APPEND:
        if (n->type->kind != KIND_SLICE) return "is no slice";
        return args.len && verify_fits(args.v[0], n->type) ? NULL : "appends to another type";
    case IR_DELETE:
        if (args.len != 2 || !is_kind(args.v[0], KIND_MAP)) return "deletes from no map";
        return verify_fits(args.v[1], args.v[0]->type->under->key)
                   ? NULL
                   : "deletes a key of another type";
    case IR_MIN:
    case IR_MAX:
        for (uint32_t i = 0; i < args.len; i++)
            if (!verify_same(args.v[i]->type, n->type)) return "compares another type";
        return NULL;
    default: return NULL;
    }
}

static const char *make_problem(const Node *n) {
    IrKind want = n->op == IR_MAKESLICE ? KIND_SLICE : n->op == IR_MAKEMAP ? KIND_MAP : KIND_CHAN;
    if (n->type->kind != want) return "makes another kind of type";
    const Node *sizes[] = {n->u.xy.x, n->u.xy.y};
    for (size_t i = 0; i < COUNT(sizes); i++)
        if (sizes[i] && !irtype_is_integer(sizes[i]->type)) return "has a size that is no integer";
    return NULL;
}

static const char *builtin_problem(const Node *n) { // flat switch
    const Node *x = n->u.xy.x, *y = n->u.xy.y;
    switch ((int)n->op) {
    case IR_LEN:
    case IR_CAP: return is_kind(n, KIND_INT) ? NULL : "is no int";
    case IR_COPY:
        if (!is_kind(x, KIND_SLICE)) return "copies into no slice";
        return irtype_is_string(y->type) || y->type->kind == KIND_SLICE ? NULL : "copies no slice";
    case IR_CLEAR:
        return is_kind(x, KIND_SLICE) || is_kind(x, KIND_MAP) ? NULL : "clears no slice or map";
    case IR_CLOSE: return is_kind(x, KIND_CHAN) ? NULL : "closes no channel";
    case IR_PANIC: return is_kind(x, KIND_INTER) ? NULL : "panics with what is no interface";
    case IR_NEW:
        if (n->type->kind != KIND_PTR) return "is no pointer";
        return verify_same(n->type->under->elem, x->type) ? NULL : "points to another type";
    case IR_REAL:
    case IR_IMAG: return irtype_is_complex(x->type) && irtype_is_float(n->type) ? NULL : "is none";
    case IR_COMPLEX:
        return verify_same(x->type, y->type) && irtype_is_complex(n->type) ? NULL
                                                                           : "is not of two floats";
    case IR_MAKESLICE:
    case IR_MAKEMAP:
    case IR_MAKECHAN: return make_problem(n);
    default: return NULL;
    }
}

// ---- slices, assertions, loops, switches

static const char *slice_problem(const Node *n) { // flat switch
    const Node *bounds[] = {n->u.slice.lo, n->u.slice.hi, n->u.slice.max};
    for (size_t i = 0; i < COUNT(bounds); i++)
        if (bounds[i] && !irtype_is_integer(bounds[i]->type))
            return "has a bound that is no integer";
    const IrType *x = n->u.slice.x->type;
    switch ((int)n->op) {
    case IR_SLICESTR:
        return irtype_is_string(x) && irtype_is_string(n->type) ? NULL : "is no string";
    case IR_SLICEARR:
    case IR_SLICE3ARR:
        if (x->kind != KIND_PTR || x->under->elem->kind != KIND_ARRAY) return "is of no array";
        return n->type->kind == KIND_SLICE &&
                       verify_same(n->type->under->elem, x->under->elem->under->elem)
                   ? NULL
                   : "has other elements than the array";
    default: return x->kind == KIND_SLICE && verify_same(x, n->type) ? NULL : "is of another slice";
    }
}

static const char *range_problem(const Node *n) {
    const IrType *t = n->u.range.x->type;
    if (!t) return "loops over no value";
    if (t->kind == KIND_PTR) t = t->under->elem;
    const IrType *elem = t->kind == KIND_MAP || t->kind == KIND_SLICE || t->kind == KIND_ARRAY
                             ? t->under->elem
                             : NULL;
    const Node *value = n->u.range.value;
    if (value && !elem && !irtype_is_string(t)) return "has a value that its operand does not give";
    if (irtype_is_integer(t) || irtype_is_string(t) || t->kind == KIND_CHAN || elem) return NULL;
    return "loops over what has no elements";
}

// Cases of switches that are not on types can be compared with the tag.
static const char *switch_problem(const Node *n) {
    const Node *tag = n->u.switch_.tag;
    if (n->op == IR_SELECT || (tag && tag->op == IR_TYPESW)) return NULL;
    for (uint32_t i = 0; i < n->u.switch_.cases.len; i++) {
        NodeVec exprs = n->u.switch_.cases.v[i]->u.case_.exprs;
        for (uint32_t k = 0; k < exprs.len; k++) {
            const IrType *t = exprs.v[k]->type;
            if (exprs.v[k]->op == IR_NIL || t->kind == KIND_INTER) continue;
            bool fine = tag ? verify_same(t, tag->type) || is_kind(tag, KIND_INTER) ||
                                  (is_kind(tag, KIND_CHAN) && t->kind == KIND_CHAN)
                            : irtype_is_bool(t);
            if (!fine) return "has a case of another type";
        }
    }
    return NULL;
}

static const char *assertion_problem(const Node *n) {
    if (n->op == IR_DYNAMICTYPE) return NULL;
    if (!n->u.assert.x) return "asserts nothing";
    return is_kind(n->u.assert.x, KIND_INTER) ? NULL : "is of no interface";
}

const char *ir_value_problem(const Node *n) { // flat switch
    switch ((int)ir_shape(n->op)) {
    case SHAPE_NAME:
        if (n->op != IR_NAME || n->u.name->cls != CLASS_FUNC) return NULL;
        return verify_same(n->type, n->u.name->func->type) ? NULL
                                                           : "has another type than its function";
    case SHAPE_CONV: return conversion_problem(n);
    case SHAPE_LIST: return list_problem(n);
    case SHAPE_CLOSURE:
        return verify_same(n->type, n->u.closure.func->type) ? NULL
                                                             : "has another type than its function";
    case SHAPE_METHOD: return method_problem(n);
    case SHAPE_INLCALL: return inlined_problem(n);
    case SHAPE_CALL: return builtin_call_problem(n);
    case SHAPE_XY: return builtin_problem(n);
    case SHAPE_SLICE: return slice_problem(n);
    case SHAPE_RANGE: return range_problem(n);
    case SHAPE_SWITCH: return switch_problem(n);
    case SHAPE_ASSERT: return assertion_problem(n);
    case SHAPE_TYPESW: return is_kind(n->u.typesw.x, KIND_INTER) ? NULL : "is of no interface";
    default: return NULL;
    }
}
