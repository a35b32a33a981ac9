// go/ir/fmt.c: nodes as messages have them (the verb %v). Rules: ir/fmt.go.
#include "base/quote.h"
#include "base/utf8.h"
#include "go/ir/lower_internal.h"

typedef struct Fmt {
    IrPkg *p;
    Buf *b;
} Fmt;

static void put(Fmt *f, Node *n);
static void put_expr(Fmt *f, Node *n, int prec);

static const int8_t precedences[IR_OP_COUNT] = {
    [IR_APPEND] = 8,       [IR_BYTES2STR] = 8,
    [IR_ARRAYLIT] = 8,     [IR_SLICELIT] = 8,
    [IR_RUNES2STR] = 8,    [IR_CALLFUNC] = 8,
    [IR_CALLINTER] = 8,    [IR_CAP] = 8,
    [IR_CLEAR] = 8,        [IR_CLOSE] = 8,
    [IR_CONVIFACE] = 8,    [IR_CONVNOP] = 8,
    [IR_CONV] = 8,         [IR_COPY] = 8,
    [IR_DELETE] = 8,       [IR_GETG] = 8,
    [IR_LEN] = 8,          [IR_LITERAL] = 8,
    [IR_MAKESLICE] = 8,    [IR_MAPLIT] = 8,
    [IR_MAX] = 8,          [IR_MIN] = 8,
    [IR_NAME] = 8,         [IR_NEW] = 8,
    [IR_NIL] = 8,          [IR_PANIC] = 8,
    [IR_PRINTLN] = 8,      [IR_PRINT] = 8,
    [IR_RUNESTR] = 8,      [IR_SLICE2ARR] = 8,
    [IR_SLICE2ARRPTR] = 8, [IR_STR2BYTES] = 8,
    [IR_STR2RUNES] = 8,    [IR_STRUCTLIT] = 8,
    [IR_TYPE] = 8,         [IR_UNSAFEADD] = 8,
    [IR_UNSAFESLICE] = 8,  [IR_UNSAFESLICEDATA] = 8,
    [IR_UNSAFESTRING] = 8, [IR_UNSAFESTRINGDATA] = 8,
    [IR_INDEXMAP] = 8,     [IR_INDEX] = 8,
    [IR_SLICE] = 8,        [IR_SLICESTR] = 8,
    [IR_SLICEARR] = 8,     [IR_SLICE3] = 8,
    [IR_SLICE3ARR] = 8,    [IR_DOTINTER] = 8,
    [IR_DOTPTR] = 8,       [IR_DOTTYPE2] = 8,
    [IR_DOTTYPE] = 8,      [IR_DOT] = 8,
    [IR_METHVALUE] = 8,    [IR_METHEXPR] = 8,
    [IR_PLUS] = 7,         [IR_NOT] = 7,
    [IR_BITNOT] = 7,       [IR_NEG] = 7,
    [IR_ADDR] = 7,         [IR_DEREF] = 7,
    [IR_RECV] = 7,         [IR_MUL] = 6,
    [IR_DIV] = 6,          [IR_MOD] = 6,
    [IR_LSH] = 6,          [IR_RSH] = 6,
    [IR_AND] = 6,          [IR_ANDNOT] = 6,
    [IR_ADD] = 5,          [IR_SUB] = 5,
    [IR_OR] = 5,           [IR_XOR] = 5,
    [IR_EQ] = 4,           [IR_LT] = 4,
    [IR_LE] = 4,           [IR_GE] = 4,
    [IR_GT] = 4,           [IR_NE] = 4,
    [IR_SEND] = 3,         [IR_ANDAND] = 2,
    [IR_OROR] = 1,         [IR_AS] = -1,
    [IR_AS2] = -1,         [IR_AS2DOTTYPE] = -1,
    [IR_AS2FUNC] = -1,     [IR_AS2MAPR] = -1,
    [IR_AS2RECV] = -1,     [IR_ASOP] = -1,
    [IR_BLOCK] = -1,       [IR_BREAK] = -1,
    [IR_CASE] = -1,        [IR_CONTINUE] = -1,
    [IR_DCL] = -1,         [IR_DEFER] = -1,
    [IR_FALL] = -1,        [IR_FOR] = -1,
    [IR_GOTO] = -1,        [IR_IF] = -1,
    [IR_LABEL] = -1,       [IR_GO] = -1,
    [IR_RANGE] = -1,       [IR_RETURN] = -1,
    [IR_SELECT] = -1,      [IR_SWITCH] = -1,
};

static void put_type(Fmt *f, IrType *t) {
    if (t)
        irtype_write(f->p->types, f->b, f->p->pkg, t);
    else
        buf_lit(f->b, "<T>");
}

static void put_list(Fmt *f, NodeVec list, const char *sep) {
    for (uint32_t i = 0; i < list.len; i++) {
        if (i) buf_c(f->b, sep);
        put(f, list.v[i]);
    }
}

// Temporaries belong to the package they are made in, also in bodies from elsewhere.
static void put_name(Fmt *f, const NameInfo *info) {
    Str name = info->name;
    if (name.len > 1 && name.ptr[0] == '~' && name.ptr[1] == 'b') name = STR("_");
    bool qualified =
        info->pkg && info->pkg != f->p->pkg && !info->auto_temp && !str_eq_c(name, "_");
    if (qualified) {
        buf_str(f->b, name_str(f->p->names, info->pkg->name));
        buf_byte(f->b, '.');
    }
    buf_str(f->b, name);
}

// ---- constants

static void put_rune(Buf *b, uint32_t rune) {
    if (rune == '"' || rune == '\'') {
        buf_c(b, rune == '"' ? "'\"'" : "'\\''");
        return;
    }
    char utf8[4];
    uint32_t n = utf8_encode(utf8, rune);
    Buf quoted = buf_new(b->arena);
    buf_quote(&quoted, (Str){utf8, n});
    Str s = buf_view(&quoted);
    buf_byte(b, '\'');
    buf_str(b, str_slice(s, 1, s.len - 1));
    buf_byte(b, '\'');
}

static bool is_default_type(const IrType *t, ConstKind k) { // flat switch
    if (t->obj || t->shape) return false;
    switch (k) {
    case CONST_BOOL: return irtype_is_bool(t);
    case CONST_STRING: return irtype_is_string(t);
    case CONST_INT: return t->kind == KIND_INT || t->kind == KIND_UNTYPED_INT;
    case CONST_FLOAT: return t->kind == KIND_FLOAT64 || t->kind == KIND_UNTYPED_FLOAT;
    case CONST_COMPLEX: return t->kind == KIND_COMPLEX128 || t->kind == KIND_UNTYPED_COMPLEX;
    case CONST_UNKNOWN: return true;
    }
    return false;
}

static void put_literal(Fmt *f, const Node *n) {
    Const *v = n->u.lit.value;
    IrType *t = n->type;
    uint64_t x;
    if ((t == irtype_rune(f->p->types) || t->kind == KIND_UNTYPED_RUNE) &&
        const_kind(v) == CONST_INT && const_to_u64_exact(v, &x) && x <= 0x10ffff) {
        put_rune(f->b, (uint32_t)x);
        return;
    }
    bool plain = is_default_type(t, const_kind(v));
    if (!plain) {
        put_type(f, t);
        buf_byte(f->b, '(');
    }
    buf_str(f->b, const_str(f->b->arena, v));
    if (!plain) buf_byte(f->b, ')');
}

// ---- statements

static void put_branch(Fmt *f, const Node *n) {
    buf_c(f->b, ir_op_text(n->op));
    if (!n->u.branch.label.len) return;
    buf_byte(f->b, ' ');
    buf_str(f->b, n->u.branch.label);
}

static void put_if(Fmt *f, const Node *n) {
    buf_lit(f->b, "if ");
    if (n->init && n->init->len == 1 && !n->init->v[0]->init) {
        put(f, n->init->v[0]);
        buf_lit(f->b, "; ");
    }
    put(f, n->u.if_.cond);
    buf_lit(f->b, " { ");
    put_list(f, n->u.if_.then, "; ");
    buf_lit(f->b, " }");
    if (!n->u.if_.els.len) return;
    buf_lit(f->b, " else { ");
    put_list(f, n->u.if_.els, "; ");
    buf_lit(f->b, " }");
}

static void put_assign_op(Fmt *f, const Node *n) {
    put(f, n->u.as.x);
    if (n->incdec) {
        buf_c(f->b, n->u.as.op == OP_ADD ? "++" : "--");
        return;
    }
    buf_fmt(f->b, " %s= ", op_text(n->u.as.op));
    put(f, n->u.as.y);
}

static void put_stmt(Fmt *f, Node *n) { // flat switch
    Buf *b = f->b;
    switch ((int)n->op) {
    case IR_DCL:
        buf_lit(b, "var ");
        put_name(f, n->u.xy.x->u.name);
        buf_byte(b, ' ');
        put_type(f, n->u.xy.x->type);
        return;
    case IR_AS:
        put(f, n->u.as.x);
        buf_c(b, n->def ? " := " : " = ");
        put(f, n->u.as.y);
        return;
    case IR_ASOP: put_assign_op(f, n); return;
    case IR_AS2:
    case IR_AS2DOTTYPE:
    case IR_AS2FUNC:
    case IR_AS2MAPR:
    case IR_AS2RECV:
        put_list(f, n->u.as2.lhs, ", ");
        buf_c(b, n->def ? " := " : " = ");
        put_list(f, n->u.as2.rhs, ", ");
        return;
    case IR_BLOCK: put_list(f, n->u.list.v, "; "); return;
    case IR_RETURN:
        buf_lit(b, "return ");
        put_list(f, n->u.list.v, ", ");
        return;
    case IR_GO:
    case IR_DEFER:
        buf_fmt(b, "%s ", ir_op_text(n->op));
        put(f, n->u.xy.x);
        return;
    case IR_IF: put_if(f, n); return;
    case IR_FOR:
    case IR_RANGE: buf_lit(b, "for loop"); return;
    case IR_SELECT:
    case IR_SWITCH: buf_fmt(b, "%s statement", ir_op_text(n->op)); return;
    case IR_LABEL:
        buf_str(b, n->u.branch.label);
        buf_lit(b, ": ");
        return;
    case IR_CASE:
        buf_c(b, n->u.case_.exprs.len ? "case " : "default");
        put_list(f, n->u.case_.exprs, ", ");
        buf_lit(b, ": ");
        put_list(f, n->u.case_.body, "; ");
        return;
    default: put_branch(f, n); return;
    }
}

// ---- expressions

static void put_call(Fmt *f, const Node *n) {
    buf_byte(f->b, '(');
    put_list(f, n->u.call.args, ", ");
    buf_c(f->b, n->ddd ? "...)" : ")");
}

static void put_make(Fmt *f, const Node *n) {
    buf_lit(f->b, "make(");
    put_type(f, n->type);
    Node *len = n->u.xy.x, *cap = n->u.xy.y;
    if (len && (cap || n->op == IR_MAKESLICE || !irtype_is_untyped(len->type))) {
        buf_lit(f->b, ", ");
        put(f, len);
    }
    if (cap) {
        buf_lit(f->b, ", ");
        put(f, cap);
    }
    buf_byte(f->b, ')');
}

static void put_slice(Fmt *f, const Node *n) {
    put_expr(f, n->u.slice.x, 8);
    buf_byte(f->b, '[');
    if (n->u.slice.lo) put(f, n->u.slice.lo);
    buf_byte(f->b, ':');
    if (n->u.slice.hi) put(f, n->u.slice.hi);
    if (n->op == IR_SLICE3 || n->op == IR_SLICE3ARR) {
        buf_byte(f->b, ':');
        if (n->u.slice.max) put(f, n->u.slice.max);
    }
    buf_byte(f->b, ']');
}

static void put_composite(Fmt *f, const Node *n) {
    if (n->implicit) {
        buf_lit(f->b, "... argument");
        return;
    }
    put_type(f, n->type);
    buf_c(f->b, n->u.list.v.len ? "{...}" : "{}");
}

static void put_conversion(Fmt *f, const Node *n) {
    bool brackets = !n->type || !n->type->named;
    if (n->type == irtype_any(f->p->types)) brackets = false;
    if (brackets) buf_byte(f->b, '(');
    put_type(f, n->type);
    if (brackets) buf_byte(f->b, ')');
    buf_byte(f->b, '(');
    put(f, n->u.conv.x);
    buf_byte(f->b, ')');
}

static void put_unary(Fmt *f, const Node *n, int prec) {
    buf_c(f->b, ir_op_text(n->op));
    if (n->u.xy.x->op == n->op && n->op != IR_DEREF) buf_byte(f->b, ' ');
    put_expr(f, n->u.xy.x, prec + 1);
}

static void put_binary(Fmt *f, const Node *n, int prec) {
    put_expr(f, n->u.xy.x, prec);
    buf_fmt(f->b, " %s ", ir_op_text(n->op));
    put_expr(f, n->u.xy.y, prec + 1);
}

static void put_function(Fmt *f, const Node *n) { // len(x), copy(x, y)
    buf_fmt(f->b, "%s(", ir_op_text(n->op));
    put(f, n->u.xy.x);
    if (n->u.xy.y) {
        buf_lit(f->b, ", ");
        put(f, n->u.xy.y);
    }
    buf_byte(f->b, ')');
}

static void put_selector(Fmt *f, Node *x, Name sel) {
    put_expr(f, x, 8);
    buf_byte(f->b, '.');
    buf_str(f->b, name_str(f->p->names, sel));
}

static void put_inlined(Fmt *f, const Node *n) {
    if (n->u.inlcall.results.len == 1) {
        put(f, n->u.inlcall.results.v[0]);
        return;
    }
    buf_lit(f->b, "(.");
    put_list(f, n->u.inlcall.results, "; ");
    buf_byte(f->b, ')');
}

static void put_sum(Fmt *f, const Node *n) {
    for (uint32_t i = 0; i < n->u.list.v.len; i++) {
        if (i) buf_lit(f->b, " + ");
        put_expr(f, n->u.list.v.v[i], 0);
    }
}

static bool put_value(Fmt *f, Node *n) { // flat switch
    Buf *b = f->b;
    switch ((int)n->op) {
    case IR_NIL: buf_lit(b, "nil"); return true;
    case IR_LITERAL: put_literal(f, n); return true;
    case IR_NAME: put_name(f, n->u.name); return true;
    case IR_TYPE: put_type(f, n->type); return true;
    case IR_CLOSURE: buf_lit(b, "func literal"); return true;
    case IR_PTRLIT:
        buf_byte(b, '&');
        put(f, n->u.xy.x);
        return true;
    case IR_STRUCTLIT:
    case IR_ARRAYLIT:
    case IR_SLICELIT:
    case IR_MAPLIT: put_composite(f, n); return true;
    case IR_KEY:
        put(f, n->u.xy.x);
        buf_byte(b, ':');
        put(f, n->u.xy.y);
        return true;
    case IR_STRUCTKEY:
        buf_str(b, name_str(f->p->names, n->u.field.sel));
        buf_byte(b, ':');
        put(f, n->u.field.value);
        return true;
    case IR_DOT:
    case IR_DOTPTR: put_selector(f, n->u.field.x, n->u.field.sel); return true;
    case IR_DOTINTER:
    case IR_METHVALUE:
    case IR_METHEXPR: put_selector(f, n->u.method.x, n->u.method.sel); return true;
    default: return false;
    }
}

static void put_by_kind(Fmt *f, Node *n, int prec) { // flat switch
    if (put_value(f, n)) return;
    Buf *b = f->b;
    switch ((int)n->op) {
    case IR_DOTTYPE:
    case IR_DOTTYPE2:
        put_expr(f, n->u.assert.x, prec);
        buf_lit(b, ".(");
        put_type(f, n->type);
        buf_byte(b, ')');
        return;
    case IR_INDEX:
    case IR_INDEXMAP:
        put_expr(f, n->u.xy.x, prec);
        buf_byte(b, '[');
        put(f, n->u.xy.y);
        buf_byte(b, ']');
        return;
    case IR_SLICE:
    case IR_SLICESTR:
    case IR_SLICEARR:
    case IR_SLICE3:
    case IR_SLICE3ARR: put_slice(f, n); return;
    case IR_CONV:
    case IR_CONVIFACE:
    case IR_CONVNOP:
    case IR_BYTES2STR:
    case IR_RUNES2STR:
    case IR_STR2BYTES:
    case IR_STR2RUNES:
    case IR_RUNESTR:
    case IR_SLICE2ARR:
    case IR_SLICE2ARRPTR: put_conversion(f, n); return;
    case IR_COMPLEX:
    case IR_COPY:
    case IR_UNSAFEADD:
    case IR_UNSAFESLICE:
    case IR_REAL:
    case IR_IMAG:
    case IR_CAP:
    case IR_CLEAR:
    case IR_CLOSE:
    case IR_LEN:
    case IR_NEW:
    case IR_PANIC: put_function(f, n); return;
    case IR_APPEND:
    case IR_DELETE:
    case IR_MAX:
    case IR_MIN:
    case IR_RECOVER:
    case IR_PRINT:
    case IR_PRINTLN:
        buf_c(b, ir_op_text(n->op));
        put_call(f, n);
        return;
    case IR_CALLFUNC:
    case IR_CALLINTER:
        put_expr(f, n->u.call.fn, prec);
        put_call(f, n);
        return;
    case IR_GETG: buf_lit(b, "getg()"); return;
    case IR_LINKSYM_OFFSET:
        buf_byte(b, '(');
        put_type(f, n->type);
        buf_fmt(b, ")(" STR_FMT ")", STR_ARG(n->u.name->name));
        return;
    case IR_INLCALL: put_inlined(f, n); return;
    case IR_MAKESLICE:
    case IR_MAKEMAP:
    case IR_MAKECHAN: put_make(f, n); return;
    case IR_PLUS:
    case IR_NEG:
    case IR_BITNOT:
    case IR_NOT:
    case IR_RECV:
    case IR_ADDR:
    case IR_DEREF: put_unary(f, n, prec); return;
    case IR_ADDSTR: put_sum(f, n); return;
    case IR_SEND:
        put_expr(f, n->u.xy.x, prec);
        buf_lit(b, " <- ");
        put_expr(f, n->u.xy.y, prec + 1);
        return;
    default: break;
    }
    if (n->op >= IR_ADD && n->op <= IR_OROR)
        put_binary(f, n, prec);
    else
        buf_fmt(b, "<node %s>", *ir_op_text(n->op) ? ir_op_text(n->op) : ir_op_name(n->op));
}

static Node *explicit_part(Node *n) {
    for (;;) {
        if (!n || !n->implicit) return n;
        if (n->op == IR_ADDR || n->op == IR_DEREF)
            n = n->u.xy.x;
        else if (n->op == IR_CONV || n->op == IR_CONVNOP || n->op == IR_CONVIFACE)
            n = n->u.conv.x;
        else
            return n;
    }
}

static void put_expr(Fmt *f, Node *n, int prec) {
    n = explicit_part(n);
    if (!n) {
        buf_lit(f->b, "<nil>");
        return;
    }
    int own = precedences[n->op];
    if (n->op == IR_TYPE && n->type->kind == KIND_PTR) own = 7;
    if (prec > own) {
        buf_byte(f->b, '(');
        put(f, n);
        buf_byte(f->b, ')');
        return;
    }
    put_by_kind(f, n, own);
}

static void put(Fmt *f, Node *n) {
    if (n && precedences[n->op] < 0)
        put_stmt(f, n);
    else
        put_expr(f, n, 0);
}

void ir_write(IrPkg *p, Buf *b, Node *n) {
    Fmt f = {p, b};
    put(&f, n);
}

Str ir_string(IrPkg *p, Arena *a, Node *n) {
    Buf b = buf_new(a);
    ir_write(p, &b, n);
    return str_copy(a, buf_view(&b));
}

Str ir_nodes_string(IrPkg *p, Arena *a, NodeVec stmts, const char *sep) {
    Buf b = buf_new(a);
    Fmt f = {p, &b};
    put_list(&f, stmts, sep);
    return str_copy(a, buf_view(&b));
}
