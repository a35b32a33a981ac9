// go/types/literal.c: basic, function and composite literals.
#include "go/types/types_internal.h"

enum { LITERAL_MAX = 10000 };

static void literal_version(Check *c, Expr *e) {
    Str s = e->text;
    if (s.len <= 2 || check_allow(c, 113)) return;
    char radix = (char)(s.ptr[1] | 0x20);
    const char *what = NULL;
    if (str_find_byte(s, '_') != STR_NONE)
        what = "underscore in numeric literal";
    else if (s.ptr[0] != '0')
        return;
    else if (radix == 'b')
        what = "binary literal";
    else if (radix == 'o')
        what = "0o/0O-style octal literal";
    else if (radix == 'x' && e->lit_kind != LIT_INT)
        what = "hexadecimal floating-point literal";
    if (what) check_version_error(c, at_expr(e), 113, "%s", what);
}

void check_basic_lit(Check *c, Operand *x, Expr *e) {
    static Type *const types[] = {BASIC(UNTYPED_INT), BASIC(UNTYPED_FLOAT), BASIC(UNTYPED_COMPLEX),
                                  BASIC(UNTYPED_RUNE), BASIC(UNTYPED_STRING)};
    if (e->lit_kind == LIT_INT || e->lit_kind == LIT_FLOAT || e->lit_kind == LIT_IMAG) {
        literal_version(c, e);
        if (e->text.len > LITERAL_MAX) {
            check_error(c, at_expr(e), "excessively long constant: %S... (%d chars)",
                        str_to(e->text, 10), (int)e->text.len);
            return;
        }
    }
    Const *v = const_from_literal(c->local, e->text, e->lit_kind);
    if (const_kind(v) == CONST_UNKNOWN) {
        check_error(c, at_expr(e), "malformed constant: %S", e->text);
        return;
    }
    x->mode = MODE_CONST;
    x->type = types[e->lit_kind];
    x->value = v;
    x->expr = e;
    check_overflow(c, x, op_pos(e));
}

// ---- function literals

typedef struct LitBody {
    DeclInfo *decl;
    Type *sig;
    Stmt *body;
    Const *iota;
} LitBody;

static void lit_body_later(Check *c, void *ctx) {
    LitBody *k = ctx;
    check_func_body(c, k->decl, k->sig, k->body, k->iota);
}

void check_func_lit(Check *c, Operand *x, Expr *e) {
    Type *sig = check_typ(c, e->func_lit.type);
    if (sig->kind != TYPE_SIGNATURE) {
        check_error(c, at_expr(e), "invalid syntax tree: invalid function literal %E", e);
        return;
    }
    sig->sig.scope->pos = e->pos;
    sig->sig.scope->end = syntax_end_pos(node_expr(e));
    if (!c->cfg->ignore_bodies && e->func_lit.body) {
        // Put off so that the body sees the variables declared before it complete.
        LitBody *k = NEW(c->local, LitBody);
        *k = (LitBody){c->e.decl, sig, e->func_lit.body, c->e.iota};
        check_later(c, lit_body_later, k);
    }
    x->mode = MODE_VALUE;
    x->type = sig;
}

// ---- composite literals

// Tables are made of numbers: a plain one where an integer type takes it leaves what the long way
// would. False: that way is to be gone.
static bool plain_number(Check *c, Expr *e, Type *t) {
    int64_t v;
    if (e->kind != EXPR_LIT || e->lit_kind != LIT_INT || !const_small_literal(e->text, &v))
        return false;
    Type *u = type_under(t);
    if (u->kind != TYPE_BASIC || !is_typed(u) || !(u->basic.info & INFO_INTEGER)) return false;
    int64_t bits = 8 * sizes_of(c->sizes, u) - !(u->basic.info & INFO_UNSIGNED);
    if (bits < 63 && v >> bits) return false;
    record_type(c, e, MODE_CONST, t, const_i64(c->local, v));
    return true;
}

// The value of an element or field of type t.
static void element(Check *c, Expr *e, Type *t, const char *context) {
    Operand x = {0};
    if (plain_number(c, e, t)) return;
    check_expr_hint(c, &x, e, t);
    check_assignment(c, &x, t, str_c(context));
}

static void keyed_field(Check *c, Operand *x, Expr *kv, Type *base, ObjList fields, bool *visited) {
    if (kv->kind != EXPR_KEY_VALUE) {
        check_error(c, at_expr(kv), "mixture of field:value and value elements in struct literal");
        return;
    }
    Expr *key = kv->key_value.key;
    check_expr(c, NULL, x, kv->key_value.value);
    if (key->kind != EXPR_NAME) {
        check_error(c, at_expr(kv), "invalid field name %E in struct literal", key);
        return;
    }
    int i = field_index(c, fields, key->name, false);
    if (i < 0) {
        int j = field_index(c, fields, key->name, true);
        Str why = lookup_error(c, base, key->name, j >= 0 ? fields.v[j] : NULL, true);
        check_error(c, at_expr(key), "%S", why);
        return;
    }
    record_use(c, key, fields.v[i]);
    check_assignment(c, x, fields.v[i]->type, STR("struct literal"));
    if (visited[i])
        check_error(c, at_expr(kv), "duplicate field name %N in struct literal", key->name);
    visited[i] = true;
}

static void positional_fields(Check *c, Operand *x, Expr *e, Type *base, ObjList fields) {
    ExprList elems = e->composite.elems;
    for (uint32_t i = 0; i < elems.len; i++) {
        if (elems.v[i]->kind == EXPR_KEY_VALUE) {
            check_error(c, at_expr(elems.v[i]),
                        "mixture of field:value and value elements in struct literal");
            continue;
        }
        bool plain = i < fields.len && (fields.v[i]->exported || fields.v[i]->pkg == c->pkg) &&
                     plain_number(c, elems.v[i], fields.v[i]->type);
        if (plain) continue;
        check_expr(c, NULL, x, elems.v[i]);
        if (i >= fields.len) {
            check_error(c, at_operand(x), "too many values in struct literal of type %T", base);
            break;
        }
        Obj *f = fields.v[i];
        if (!f->exported && f->pkg != c->pkg) {
            check_error(c, at_operand(x),
                        "implicit assignment to unexported field %N in struct literal of type %T",
                        f->name, base);
            continue;
        }
        check_assignment(c, x, f->type, STR("struct literal"));
    }
    if (elems.len < fields.len)
        check_error(c, e->composite.rbrace, "too few values in struct literal of type %T", base);
}

static void struct_lit(Check *c, Operand *x, Expr *e, Type *base, Type *u) {
    ExprList elems = e->composite.elems;
    ObjList fields = u->strct.fields;
    if (!elems.len) return;
    if (elems.v[0]->kind != EXPR_KEY_VALUE) {
        positional_fields(c, x, e, base, fields);
        return;
    }
    bool *visited = NEW_ARRAY(c->local, bool, fields.len + 1);
    for (uint32_t i = 0; i < elems.len; i++) keyed_field(c, x, elems.v[i], base, fields, visited);
}

typedef struct Indices { // those met so far: a run from 0, then single ones
    int64_t next;        // 0 .. next-1 were met
    PtrMap rest;         // by index + 1
} Indices;

static bool index_seen(Check *c, Indices *k, int64_t i) {
    if (i >= 0 && i < k->next) return true;
    if (!k->rest.arena && i == k->next) {
        k->next++;
        return false;
    }
    if (!k->rest.arena) k->rest = ptrmap_new(c->local);
    const void *key = (const void *)(uintptr_t)((uint64_t)i + 1);
    if (ptrmap_get(&k->rest, key)) return true;
    ptrmap_put(&k->rest, key, k);
    return false;
}

static int64_t indexed_elems(Check *c, ExprList elems, Type *type, int64_t len) {
    Indices met = {0};
    int64_t index = 0, max = 0;
    for (uint32_t i = 0; i < elems.len; i++) {
        Expr *e = elems.v[i], *value = e;
        bool valid = false;
        if (e->kind == EXPR_KEY_VALUE) {
            int64_t k;
            if (is_valid(check_index(c, e->key_value.key, len, &k))) {
                if (k >= 0) {
                    index = k;
                    valid = true;
                } else {
                    check_error(c, at_expr(e), "index %E must be integer constant",
                                e->key_value.key);
                }
            }
            value = e->key_value.value;
        } else if (len >= 0 && index >= len) {
            check_error(c, at_expr(e), "index %l is out of bounds (>= %l)", index, len);
        } else {
            valid = true;
        }
        if (valid && index_seen(c, &met, index))
            check_error(c, at_expr(e), "duplicate index %l in array or slice literal", index);
        index = (int64_t)((uint64_t)index + 1); // behind the largest index comes the smallest
        max = MAX(max, index);
        element(c, value, type, "array or slice literal");
    }
    return max;
}

// ---- maps: keys met, by exact value (and type where keys are interfaces)

typedef struct KeyMet {
    Type *type;
    struct KeyMet *next;
} KeyMet;

typedef struct Keys {
    StrMap index;
    VEC(KeyMet *) met;
    bool by_type;
} Keys;

// Numbers of one value are one key, whatever their kind.
static Str key_text(Check *c, Const *v) {
    if (const_kind(v) == CONST_COMPLEX) {
        Const *f = const_to_float(c->local, v);
        if (const_kind(f) == CONST_FLOAT) v = f;
    }
    if (const_kind(v) == CONST_FLOAT) {
        Const *i = const_to_int(c->local, v);
        if (const_kind(i) == CONST_INT)
            v = i;
        else
            return str_fmt(c->local, "f%a", const_to_f64(v));
    }
    if (const_kind(v) == CONST_STRING)
        return str_join2(c->local, STR("s"), const_string_value(c->local, v));
    return const_exact_str(c->local, v);
}

static bool key_duplicate(Check *c, Keys *k, Operand *x) {
    if (!k->index.index.arena) k->index = strmap_new(c->local);
    uint32_t *at = strmap_put(&k->index, key_text(c, x->value));
    if (!*at) {
        vec_push(c->local, &k->met, NULL);
        *at = k->met.len;
    } else if (!k->by_type) {
        return true;
    }
    for (KeyMet *m = k->met.v[*at - 1]; m; m = m->next)
        if (type_identical(m->type, x->type)) return true;
    KeyMet *m = NEW(c->local, KeyMet);
    *m = (KeyMet){x->type, k->met.v[*at - 1]};
    k->met.v[*at - 1] = m;
    return false;
}

static void map_lit(Check *c, Operand *x, Expr *e, Type *u) {
    Keys keys = {.by_type = is_plain_interface(u->map.key)};
    for (uint32_t i = 0; i < e->composite.elems.len; i++) {
        Expr *kv = e->composite.elems.v[i];
        if (kv->kind != EXPR_KEY_VALUE) {
            check_error(c, at_expr(kv), "missing key in map literal");
            continue;
        }
        check_expr_hint(c, x, kv->key_value.key, u->map.key);
        check_assignment(c, x, u->map.key, STR("map literal"));
        if (x->mode == MODE_INVALID) continue;
        if (x->mode == MODE_CONST && key_duplicate(c, &keys, x)) {
            check_error(c, at_operand(x), "duplicate key %V in map literal", x->value);
            continue;
        }
        element(c, kv->key_value.value, u->map.elem, "map literal");
    }
}

static bool bad_lit(Check *c, Expr *e, Type *t, Type *u, bool elem) {
    for (uint32_t i = 0; i < e->composite.elems.len; i++) {
        Expr *x = e->composite.elems.v[i];
        check_use1(c, x->kind == EXPR_KEY_VALUE ? x->key_value.value : x, false);
    }
    if (u && !is_valid(u)) return true;
    check_error(c, at_expr(e), "invalid composite literal%s type %T%s", elem ? " element" : "", t,
                u ? "" : " (no common underlying type)");
    return false;
}

static Type *lit_type(Check *c, Expr *e, Type *hint, Type **base, bool *elem) {
    Expr *written = e->composite.type;
    if (written) {
        bool open = written->kind == EXPR_ARRAY_TYPE && !written->array_type.len;
        if (!open) return *base = check_typ(c, written);
        Type *t = type_new(c, TYPE_ARRAY);
        t->array.len = -1;
        t->array.elem = check_var_type(c, written->array_type.elem);
        return *base = t;
    }
    if (!hint) {
        check_error(c, at_expr(e), "missing type in composite literal");
        return *base = BASIC(INVALID);
    }
    *elem = true;
    *base = hint;
    Type *u = common_under(c, hint, NULL, NULL, NULL);
    if (is_kind(u, TYPE_POINTER)) *base = u->pointer.elem; // {...} for &T{...}
    return hint;
}

void check_composite_lit(Check *c, Operand *x, Expr *e, Type *hint) {
    Type *base;
    bool elem = false;
    Type *t = lit_type(c, e, hint, &base, &elem), *u = common_under(c, base, NULL, NULL, NULL);
    if (is_kind(u, TYPE_STRUCT)) {
        struct_lit(c, x, e, base, u);
    } else if (is_kind(u, TYPE_ARRAY)) {
        int64_t n = indexed_elems(c, e->composite.elems, u->array.elem, u->array.len);
        if (u->array.len < 0) {
            u->array.len = n;
            if (e->composite.type) record_type(c, e->composite.type, MODE_TYPE, u, NULL);
        }
    } else if (is_kind(u, TYPE_SLICE)) {
        indexed_elems(c, e->composite.elems, u->slice.elem, -1);
    } else if (is_kind(u, TYPE_MAP)) {
        map_lit(c, x, e, u);
    } else if (!bad_lit(c, e, t, u, elem)) {
        x->mode = MODE_INVALID;
        return;
    }
    x->mode = MODE_VALUE;
    x->type = t;
}
