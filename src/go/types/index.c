// go/types/index.c: x[i], x[i:j:k], and instantiation written as an index.
#include "go/types/types_internal.h"

typedef struct Indexed {
    bool valid;
    Mode mode;
    int64_t len;      // known length, -1: none
    Type *key, *elem; // key of a map, else NULL
} Indexed;

static Expr *single_index(Check *c, Expr *e) {
    Expr *i = e->index.index;
    if (i->kind != EXPR_LIST) return i;
    check_error(c, at_expr(i->list.v[1]), "invalid operation: more than one index");
    return i->list.v[0];
}

// One underlying type of a type parameter's set. False: it cannot be indexed.
static bool index_term(Operand *x, Type *u, Indexed *k, Type **elem, Type **key, int64_t *len) {
    *len = -1;
    *elem = *key = NULL;
    if (!u) return false;
    if (u->kind == TYPE_BASIC && is_string(u)) {
        *elem = &basic_byte;
        k->mode = MODE_VALUE;
    } else if (u->kind == TYPE_ARRAY) {
        *len = u->array.len;
        *elem = u->array.elem;
        if (x->mode != MODE_VARIABLE) k->mode = MODE_VALUE;
    } else if (u->kind == TYPE_POINTER) {
        Type *a = under_as(u->pointer.elem, TYPE_ARRAY);
        *len = a ? a->array.len : -1;
        *elem = a ? a->array.elem : NULL;
    } else if (u->kind == TYPE_SLICE) {
        *elem = u->slice.elem;
    } else if (u->kind == TYPE_MAP) {
        *key = u->map.key;
        *elem = u->map.elem;
    }
    return *elem != NULL;
}

static void index_tparam(Operand *x, Indexed *k) {
    k->mode = MODE_VARIABLE;
    Type *t, *u, *elem, *key;
    int64_t len;
    for (Under it = under_each(x->type); under_next(&it, &t, &u);) {
        if (!index_term(x, u, k, &elem, &key, &len)) return;
        if (!k->elem) {
            k->len = len;
            k->key = key;
            k->elem = elem;
            continue;
        }
        if (!!key != !!k->key || (key && !type_identical(key, k->key))) return;
        if (!type_identical(elem, k->elem)) return;
        if (len >= 0 && len < k->len) k->len = len;
    }
    k->valid = k->elem != NULL;
}

static void index_kind(Check *c, Operand *x, Indexed *k) {
    Type *u = type_under(x->type);
    *k = (Indexed){.len = -1, .mode = MODE_VARIABLE};
    if (u->kind == TYPE_BASIC && is_string(u)) {
        if (x->mode == MODE_CONST) k->len = (int64_t)const_string_len(x->value);
        k->mode = MODE_VALUE;
        k->elem = &basic_byte;
    } else if (u->kind == TYPE_ARRAY) {
        k->len = u->array.len;
        if (x->mode != MODE_VARIABLE) k->mode = MODE_VALUE;
        k->elem = u->array.elem;
    } else if (u->kind == TYPE_POINTER && under_as(u->pointer.elem, TYPE_ARRAY)) {
        Type *a = under_as(u->pointer.elem, TYPE_ARRAY);
        k->len = a->array.len;
        k->elem = a->array.elem;
    } else if (u->kind == TYPE_SLICE) {
        k->elem = u->slice.elem;
    } else if (u->kind == TYPE_MAP) {
        k->key = u->map.key;
        k->elem = u->map.elem;
    } else if (type_is_tparam(x->type)) {
        index_tparam(x, k);
        return;
    }
    k->valid = k->elem != NULL;
    (void)c;
}

static void index_map(Check *c, Operand *x, Expr *e, const Indexed *k) {
    Operand key = {0};
    check_expr(c, NULL, &key, single_index(c, e));
    check_assignment(c, &key, k->key, STR("map index"));
    x->mode = MODE_MAPINDEX;
    x->type = k->elem;
    x->expr = e;
}

bool check_index_expr(Check *c, Operand *x, Expr *e) {
    check_expr_or_type(c, x, e->index.x, true);
    if (x->mode == MODE_INVALID) {
        check_use1(c, e->index.index, false);
        return false;
    }
    if (x->mode == MODE_TYPE) { // an instantiated type
        x->mode = MODE_INVALID;
        x->type = check_var_type(c, e);
        if (is_valid(x->type)) x->mode = MODE_TYPE;
        return false;
    }
    Type *sig = x->mode == MODE_VALUE ? under_as(x->type, TYPE_SIGNATURE) : NULL;
    if (sig && sig->sig.tparams.len) return true;
    check_non_generic(c, NULL, x);
    if (x->mode == MODE_INVALID) return false;
    Indexed k;
    index_kind(c, x, &k);
    if (!k.valid) {
        check_error(c, e->pos, "cannot index %O", x);
        check_use1(c, e->index.index, false);
        x->mode = MODE_INVALID;
        return false;
    }
    if (k.key) {
        index_map(c, x, e, &k);
        return false;
    }
    x->mode = k.mode;
    x->type = k.elem;
    int64_t value;
    check_index(c, single_index(c, e), k.len, &value);
    return false;
}

bool check_valid_index(Check *c, Operand *x, const char *what, bool negative) {
    if (x->mode == MODE_INVALID) return false;
    convert_untyped(c, x, BASIC(INT));
    if (x->mode == MODE_INVALID) return false;
    const char *fault = NULL;
    if (!all_integer(x->type))
        fault = "must be integer";
    else if (x->mode == MODE_CONST) {
        if (!negative && const_kind(x->value) != CONST_UNKNOWN && const_sign(x->value) < 0)
            fault = "must not be negative";
        else if (!representable_const(c, x->value, BASIC(INT), &x->value))
            fault = "overflows int";
    }
    if (!fault) return true;
    check_error(c, at_operand(x), "invalid argument: %s %O %s", what, x, fault);
    return false;
}

Type *check_index(Check *c, Expr *e, int64_t max, int64_t *value) {
    *value = -1;
    Operand x = {0};
    check_expr(c, NULL, &x, e);
    if (!check_valid_index(c, &x, "index", false)) return BASIC(INVALID);
    if (x.mode != MODE_CONST) return x.type;
    int64_t v;
    if (const_kind(x.value) == CONST_UNKNOWN) return BASIC(INVALID);
    if (!const_to_i64_exact(x.value, &v)) BUG("an index that fits int is no 64-bit integer");
    if (max >= 0 && v >= max) {
        check_error(c, at_operand(&x), "invalid argument: index %V out of bounds [0:%l]", x.value,
                    max);
        return BASIC(INVALID);
    }
    *value = v;
    return x.type;
}

// ---- slices

// The one underlying type to slice; strings count as []byte, and *string says one was met.
static Type *sliced_type(Check *c, Operand *x, bool *string) {
    Type *ct = NULL, *cu = NULL, *t, *u;
    for (Under it = under_each(x->type); under_next(&it, &t, &u);) {
        if (!u) {
            check_error(c, at_operand(x), "cannot slice %O: no specific type in %T", x, x->type);
            return NULL;
        }
        if (is_string(u)) {
            u = new_slice(c, &basic_byte);
            *string = true;
        }
        if (!cu) {
            ct = t;
            cu = u;
        } else if (!type_identical(cu, u)) {
            check_error(c, at_operand(x),
                        "cannot slice %O: %T and %T have different underlying types", x, ct, t);
            return NULL;
        }
    }
    if (*string) return type_is_tparam(x->type) ? BASIC(STRING) : type_under(x->type);
    return cu;
}

static bool slice_string(Check *c, Operand *x, Expr *e, int64_t *len) {
    if (e->full) {
        Expr *at = e->slice.index[2] ? e->slice.index[2] : e;
        check_error(c, at_expr(at), "invalid operation: 3-index slice of string");
        return false;
    }
    if (x->mode == MODE_CONST) *len = (int64_t)const_string_len(x->value);
    if (is_untyped(x->type)) x->type = BASIC(STRING);
    return true;
}

static bool slice_operand(Check *c, Operand *x, Expr *e, int64_t *len) {
    bool string = false;
    Type *u = sliced_type(c, x, &string);
    if (!u) return false;
    if (u->kind == TYPE_BASIC && is_string(u)) return slice_string(c, x, e, len);
    if (u->kind == TYPE_SLICE) return true;
    Type *a = u->kind == TYPE_ARRAY ? u : NULL;
    if (a && x->mode != MODE_VARIABLE) {
        check_error(c, at_operand(x), "cannot slice unaddressable value %O", x);
        return false;
    }
    if (u->kind == TYPE_POINTER) a = under_as(u->pointer.elem, TYPE_ARRAY);
    if (!a) {
        check_error(c, at_operand(x), "cannot slice %O", x);
        return false;
    }
    *len = a->array.len;
    x->type = new_slice(c, a->array.elem);
    return true;
}

static void slice_indices(Check *c, Expr *e, int64_t len) {
    int64_t at[3];
    for (int i = 0; i < 3; i++) {
        Expr *x = e->slice.index[i];
        at[i] = -1;
        if (x)
            check_index(c, x, len >= 0 ? len + 1 : -1, &at[i]);
        else if (i == 0)
            at[i] = 0;
        else if (len >= 0)
            at[i] = len;
    }
    for (int i = 0; i < 2; i++)
        for (int k = i + 1; at[i] > 0 && k < 3; k++)
            if (at[k] >= 0 && at[k] < at[i]) {
                Expr *where = e->slice.index[k] ? e->slice.index[k] : e;
                check_error(c, at_expr(where), "invalid slice indices: %l < %l", at[k], at[i]);
                return;
            }
}

void check_slice_expr(Check *c, Operand *x, Expr *e) {
    check_expr(c, NULL, x, e->slice.x);
    if (x->mode == MODE_INVALID) {
        for (int i = 0; i < 3; i++)
            if (e->slice.index[i]) check_use1(c, e->slice.index[i], false);
        return;
    }
    int64_t len = -1;
    if (!slice_operand(c, x, e, &len)) {
        x->mode = MODE_INVALID;
        return;
    }
    x->mode = MODE_VALUE;
    if (e->full && (!e->slice.index[1] || !e->slice.index[2])) {
        check_error(c, at_expr(e),
                    "invalid syntax tree: 2nd and 3rd index required in 3-index slice");
        x->mode = MODE_INVALID;
        return;
    }
    slice_indices(c, e, len);
}
