// go/ir/convert.c: conversions and constants as cmd/compile/internal/typecheck decides them
// (const.go, subr.go), and the small expressions lowering is made of.
#include "base/utf8.h"
#include "go/ir/lower_internal.h"

IrType *ir_default_type(IrPkg *p, IrType *t) {
    if (t->kind == KIND_UNTYPED_BOOL) return irtype_basic(p->types, KIND_BOOL);
    if (t->kind == KIND_UNTYPED_INT) return irtype_basic(p->types, KIND_INT);
    if (t->kind == KIND_UNTYPED_RUNE) return irtype_rune(p->types);
    if (t->kind == KIND_UNTYPED_FLOAT) return irtype_basic(p->types, KIND_FLOAT64);
    if (t->kind == KIND_UNTYPED_COMPLEX) return irtype_basic(p->types, KIND_COMPLEX128);
    if (t->kind == KIND_UNTYPED_STRING) return irtype_basic(p->types, KIND_STRING);
    return t;
}

static Const *round_float(IrPkg *p, Const *v, bool narrow) {
    Const *f = const_to_float(p->arena, v);
    if (const_kind(f) == CONST_UNKNOWN) return f;
    return const_f64(p->arena, narrow ? (double)const_to_f32(f) : const_to_f64(f));
}

static Const *rune_string(IrPkg *p, Const *v) {
    uint64_t x;
    char *b = arena_push(p->arena, 4, 1, 1);
    uint32_t n =
        utf8_encode(b, const_to_u64_exact(v, &x) && x <= 0x10ffff ? (uint32_t)x : UTF8_BAD);
    return const_string(p->arena, (Str){b, n});
}

// typecheck.ConvertVal: the value as a constant of type t; unknown when it cannot be one.
Const *ir_convert_const(IrPkg *p, Const *v, IrType *t, bool is_explicit) {
    Arena *a = p->arena;
    Const *unknown = (Const *)(uintptr_t)&const_unknown;
    switch (const_kind(v)) {
    case CONST_UNKNOWN: return v;
    case CONST_BOOL: return irtype_is_bool(t) ? v : unknown;
    case CONST_STRING: return irtype_is_string(t) ? v : unknown;
    case CONST_INT:
        if (is_explicit && irtype_is_string(t)) return rune_string(p, v);
        break;
    case CONST_FLOAT:
    case CONST_COMPLEX: break;
    }
    if (const_kind(v) == CONST_COMPLEX && !irtype_is_complex(t)) v = const_real(a, v);
    if (irtype_is_integer(t)) return const_to_int(a, v);
    if (irtype_is_float(t))
        return t->kind == KIND_UNTYPED_FLOAT ? const_to_float(a, v)
                                             : round_float(p, v, t->kind == KIND_FLOAT32);
    if (!irtype_is_complex(t)) return unknown;
    v = const_to_complex(a, v);
    if (t->kind == KIND_UNTYPED_COMPLEX) return v;
    bool narrow = t->kind == KIND_COMPLEX64;
    Const *re = round_float(p, const_real(a, v), narrow);
    Const *im = round_float(p, const_imag_part(a, v), narrow);
    return const_binary(a, re, OP_ADD, const_imag(a, im), false);
}

static bool holds_constants(const IrType *t) {
    return irtype_is_bool(t) || irtype_is_string(t) || irtype_is_integer(t) || irtype_is_float(t) ||
           irtype_is_complex(t);
}

static IrType *complex_of_float(IrPkg *p, IrType *t) {
    if (t->kind == KIND_FLOAT32) return irtype_basic(p->types, KIND_COMPLEX64);
    if (t->kind == KIND_FLOAT64) return irtype_basic(p->types, KIND_COMPLEX128);
    return NULL;
}

static IrType *float_of_complex(IrPkg *p, IrType *t) {
    if (t->kind == KIND_COMPLEX64) return irtype_basic(p->types, KIND_FLOAT32);
    if (t->kind == KIND_COMPLEX128) return irtype_basic(p->types, KIND_FLOAT64);
    return NULL;
}

static bool has_nil(const IrType *t) {
    return t->kind == KIND_PTR || t->kind == KIND_FUNC || t->kind == KIND_MAP ||
           t->kind == KIND_CHAN || t->kind == KIND_INTER || t->kind == KIND_SLICE ||
           t->kind == KIND_UNSAFEPTR;
}

static Node *nil_to(IrPkg *p, Node *n, IrType *t) {
    if (!t || !has_nil(t)) return n;
    Node *copy = ir_node(p, IR_NIL, n->pos);
    copy->type = t;
    return copy;
}

static Node *convlit(IrPkg *p, Node *n, IrType *t, bool is_explicit);

// Untyped operations take the type on, operands first.
static Node *convlit_operation(IrPkg *p, Node *n, IrType *t, bool is_explicit) { // flat switch
    switch ((int)n->op) {
    case IR_PLUS:
    case IR_NEG:
    case IR_BITNOT:
    case IR_NOT: n->u.xy.x = convlit(p, n->u.xy.x, t, false); break;
    case IR_REAL:
    case IR_IMAG: {
        IrType *of = complex_of_float(p, t);
        n->u.xy.x = convlit(p, n->u.xy.x, of, false);
        break;
    }
    case IR_ADD:
    case IR_SUB:
    case IR_MUL:
    case IR_DIV:
    case IR_MOD:
    case IR_OR:
    case IR_XOR:
    case IR_AND:
    case IR_ANDNOT:
    case IR_OROR:
    case IR_ANDAND:
        n->u.xy.x = convlit(p, n->u.xy.x, t, false);
        n->u.xy.y = convlit(p, n->u.xy.y, t, false);
        break;
    case IR_COMPLEX: {
        IrType *of = float_of_complex(p, t);
        n->u.xy.x = convlit(p, n->u.xy.x, of, false);
        n->u.xy.y = convlit(p, n->u.xy.y, of, false);
        break;
    }
    case IR_LSH:
    case IR_RSH:
        n->u.xy.x = convlit(p, n->u.xy.x, t, is_explicit);
        n->type = n->u.xy.x->type;
        return n;
    default: break; // comparisons: their operands have types of their own
    }
    n->type = t;
    return n;
}

// typecheck.convlit1
static Node *convlit(IrPkg *p, Node *n, IrType *t, bool is_explicit) {
    if (!n || !n->type) return n;
    if (n->type->kind == KIND_NIL) return nil_to(p, n, t);
    if (!irtype_is_untyped(n->type)) return n;
    if (!t || !holds_constants(t) || irtype_is_untyped(t)) t = ir_default_type(p, n->type);
    if (n->op != IR_LITERAL) return convlit_operation(p, n, t, is_explicit);
    Const *v = ir_convert_const(p, n->u.lit.value, t, is_explicit);
    if (const_kind(v) == CONST_UNKNOWN) {
        t = ir_default_type(p, n->type);
        v = n->u.lit.value;
    }
    return ir_literal(p, n->pos, t, v);
}

Node *ir_default_lit(IrPkg *p, Node *n, IrType *t) { return convlit(p, n, t, false); }

void ir_default_lit2(IrPkg *p, Node **x, Node **y, bool force) {
    IrType *xt = (*x)->type, *yt = (*y)->type;
    if (!xt || !yt) return;
    if (!irtype_is_interface(xt) && !irtype_is_interface(yt) &&
        (irtype_is_bool(xt) != irtype_is_bool(yt) || irtype_is_string(xt) != irtype_is_string(yt)))
        return;
    bool x_untyped = irtype_is_untyped(xt) || xt->kind == KIND_NIL;
    bool y_untyped = irtype_is_untyped(yt) || yt->kind == KIND_NIL;
    if (!x_untyped) {
        *y = convlit(p, *y, xt, false);
        return;
    }
    if (!y_untyped) {
        *x = convlit(p, *x, yt, false);
        return;
    }
    if (!force || xt->kind == KIND_NIL || yt->kind == KIND_NIL) return;
    IrType *t = ir_default_type(p, xt->kind >= yt->kind ? xt : yt);
    *x = convlit(p, *x, t, false);
    *y = convlit(p, *y, t, false);
}

static bool has_sym(const IrType *t) { return t->named; }

static IrOp assign_same_under(const IrType *src, const IrType *dst) {
    if (irtype_is_interface(src) && irtype_is_empty_interface(src)) return IR_CONVNOP;
    if ((!has_sym(src) || !has_sym(dst)) && !irtype_is_interface(src)) return IR_CONVNOP;
    if (src->shape || dst->shape) return IR_CONVNOP;
    return IR_BAD;
}

// typecheck.assignOp
IrOp ir_assign_op(IrPkg *p, IrType *src, IrType *dst) {
    if (src == dst || irtype_identical(src, dst)) return IR_CONVNOP;
    if (irtype_identical(src->under, dst->under)) {
        IrOp op = assign_same_under(src, dst);
        if (op != IR_BAD) return op;
    }
    if (irtype_is_interface(dst) && src->kind != KIND_NIL) {
        if (src->has_shape) return IR_CONVIFACE;
        return irtype_implements(p->types, src, dst) ? IR_CONVIFACE : IR_BAD;
    }
    if (irtype_is_interface(src)) return IR_BAD;
    if (src->kind == KIND_CHAN && dst->kind == KIND_CHAN && src->under->dir == CHAN_BOTH &&
        irtype_identical(src->under->elem, dst->under->elem) && (!has_sym(src) || !has_sym(dst)))
        return IR_CONVNOP;
    return src->kind == KIND_NIL && has_nil(dst) ? IR_CONVNOP : IR_BAD;
}

// Kinds that are represented alike: int and int64, uint, uintptr and uint64.
static IrKind simple_kind(IrPkg *p, IrType *t) {
    if (t->kind == KIND_INT) return irtype_size(p->types, t) == 8 ? KIND_INT64 : KIND_INT32;
    if (t->kind == KIND_UINT || t->kind == KIND_UINTPTR)
        return irtype_size(p->types, t) == 8 ? KIND_UINT64 : KIND_UINT32;
    return t->kind;
}

static bool ignoring_tags(const IrType *x, const IrType *y) {
    if (irtype_identical(x, y)) return true;
    if (x->kind != KIND_STRUCT || y->kind != KIND_STRUCT || x->nfields != y->nfields) return false;
    for (uint32_t i = 0; i < x->nfields; i++) {
        const IrField *f = &x->fields[i], *g = &y->fields[i];
        if (f->name != g->name || f->embedded != g->embedded || f->pkg != g->pkg ||
            !(irtype_identical(f->type, g->type) ||
              (!f->type->named && !g->type->named && ignoring_tags(f->type, g->type))))
            return false;
    }
    return true;
}

static IrOp convert_numbers(IrPkg *p, bool constant, IrType *src, IrType *dst) {
    bool sn = irtype_is_int(src) || irtype_is_float(src),
         dn = irtype_is_int(dst) || irtype_is_float(dst);
    bool sc = irtype_is_complex(src), dc = irtype_is_complex(dst);
    if ((sn && dn) || (sc && dc))
        return simple_kind(p, src) == simple_kind(p, dst) ? IR_CONVNOP : IR_CONV;
    if (constant && (sn || sc || irtype_is_integer(src)) && (dn || dc)) return IR_CONV;
    return IR_BAD;
}

static IrOp convert_strings(IrType *src, IrType *dst) {
    if (irtype_is_int(src) && dst->kind == KIND_STRING) return IR_RUNESTR;
    if (src->kind == KIND_SLICE && dst->kind == KIND_STRING) {
        if (src->under->elem->kind == KIND_UINT8) return IR_BYTES2STR;
        if (src->under->elem->kind == KIND_INT32) return IR_RUNES2STR;
    }
    if (src->kind == KIND_STRING && dst->kind == KIND_SLICE) {
        if (dst->under->elem->kind == KIND_UINT8) return IR_STR2BYTES;
        if (dst->under->elem->kind == KIND_INT32) return IR_STR2RUNES;
    }
    return IR_BAD;
}

// typecheck.convertOp
static IrOp convert_op(IrPkg *p, bool constant, IrType *src, IrType *dst) {
    if (src == dst) return IR_CONVNOP;
    IrOp op = ir_assign_op(p, src, dst);
    if (op != IR_BAD) return op;
    if (irtype_is_interface(src) || irtype_is_interface(dst)) return IR_BAD;
    IrType *su = src->under, *du = dst->under;
    if (ignoring_tags(su, du)) return IR_CONVNOP;
    if (src->kind == KIND_PTR && dst->kind == KIND_PTR && !has_sym(src) && !has_sym(dst) &&
        ignoring_tags(su->elem->under, du->elem->under))
        return IR_CONVNOP;
    if ((op = convert_numbers(p, constant, src, dst)) != IR_BAD) return op;
    if ((op = convert_strings(src, dst)) != IR_BAD) return op;
    bool src_ptr = src->kind == KIND_PTR || src->kind == KIND_UINTPTR;
    bool dst_ptr = dst->kind == KIND_PTR || dst->kind == KIND_UINTPTR;
    if ((src_ptr && dst->kind == KIND_UNSAFEPTR) || (src->kind == KIND_UNSAFEPTR && dst_ptr))
        return IR_CONVNOP;
    if (src->kind != KIND_SLICE) return IR_BAD;
    if (dst->kind == KIND_ARRAY && irtype_identical(su->elem, du->elem)) return IR_SLICE2ARR;
    if (dst->kind == KIND_PTR && du->elem->kind == KIND_ARRAY &&
        irtype_identical(su->elem, du->elem->under->elem))
        return IR_SLICE2ARRPTR;
    return IR_BAD;
}

// []rune("...") is a literal of its runes.
static Node *runes_literal(IrPkg *p, IrPos pos, IrType *t, Const *v) {
    Node *n = ir_node(p, IR_SLICELIT, pos);
    n->type = t;
    Str s = const_string_value(p->arena, v);
    IrType *elem = t->under->elem, *index = irtype_basic(p->types, KIND_UNTYPED_INT);
    int64_t i = 0;
    for (uint32_t width; s.len; s = str_from(s, width)) {
        uint32_t rune = utf8_decode(s, &width);
        Node *kv = ir_node(p, IR_KEY, pos);
        kv->u.xy.x = ir_int(p, pos, index, i++);
        kv->u.xy.y = ir_int(p, pos, elem, (int64_t)(rune == UTF8_BAD ? 0xfffd : rune));
        vec_push(p->arena, &n->u.list.v, kv);
    }
    n->u.list.len = i;
    return n;
}

// A conversion to strings from slices whose element type is a defined byte or rune type.
static Node *plain_elements(IrPkg *p, Node *x, IrOp op) {
    IrType *elem = x->type->under->elem;
    bool bytes = op == IR_BYTES2STR;
    IrType *want = bytes ? irtype_byte(p->types) : irtype_rune(p->types);
    if (elem == want || elem->canon == want->canon) return x;
    return ir_conv_node(p, IR_CONVNOP, x->pos, irtype_slice(p->types, want), x);
}

// typecheck.tcConv
Node *ir_conv(IrPkg *p, IrPos pos, IrType *t, Node *x) {
    x = convlit(p, x, t, true);
    IrOp op = convert_op(p, x->op == IR_LITERAL, x->type, t);
    if (op == IR_BAD) op = IR_CONVNOP; // the checker accepted it: only shapes hide why
    if (op == IR_CONVNOP && x->type->kind == t->kind &&
        (irtype_is_float(t) || irtype_is_complex(t)))
        op = IR_CONV;
    if (op == IR_STR2RUNES && x->op == IR_LITERAL) return runes_literal(p, pos, t, x->u.lit.value);
    if (op == IR_BYTES2STR || op == IR_RUNES2STR) x = plain_elements(p, x, op);
    return ir_conv_node(p, op, pos, t, x);
}

// typecheck.AssignConv
Node *ir_assign_conv(IrPkg *p, IrPos pos, Node *x, IrType *t) {
    if (!x || !x->type) return x;
    x = convlit(p, x, t, false);
    if (irtype_identical(x->type, t)) return x;
    IrOp op = ir_assign_op(p, x->type, t);
    return ir_implicit(ir_conv_node(p, op == IR_BAD ? IR_CONVNOP : op, pos, t, x));
}

Node *ir_field(IrPkg *p, IrPos pos, Node *x, uint32_t index) {
    bool ptr = x->type->kind == KIND_PTR;
    IrType *t = ptr ? x->type->under->elem : x->type;
    const IrField *f = &t->under->fields[index];
    Node *n = ir_node(p, ptr ? IR_DOTPTR : IR_DOT, pos);
    n->type = f->type;
    n->u.field.x = x;
    n->u.field.sel = f->name;
    n->u.field.pkg = f->pkg;
    n->u.field.index = index;
    return n;
}

void ir_mark_addrtaken(Node *n) {
    n = ir_outer_value(n);
    if (n->op != IR_NAME) return;
    NameInfo *name = n->u.name;
    if (name->cls == CLASS_EXTERN || name->cls == CLASS_FUNC) return;
    if (name->closure_var && !name->byval && name->canonical)
        name->canonical->u.name->addrtaken = true;
    name->addrtaken = true;
}

Node *ir_addr(IrPkg *p, IrPos pos, Node *x) {
    Node *n;
    if (x->op == IR_STRUCTLIT || x->op == IR_ARRAYLIT || x->op == IR_SLICELIT ||
        x->op == IR_MAPLIT) {
        n = ir_node(p, IR_PTRLIT, pos);
    } else {
        n = ir_node(p, IR_ADDR, pos);
        ir_mark_addrtaken(x);
    }
    n->u.xy.x = x;
    n->type = irtype_pointer(p->types, x->type);
    return n;
}

Node *ir_deref(IrPkg *p, IrPos pos, Node *x) {
    Node *n = ir_node(p, IR_DEREF, pos);
    n->u.xy.x = x;
    n->type = x->type->under->elem;
    return n;
}
