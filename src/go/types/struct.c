// go/types/struct.c: struct and interface types as written.
#include "go/types/types_internal.h"

typedef struct Fields {
    Check *c;
    ObjVec fields;
    VEC(Str) tags;
    PtrMap seen; // by name, for structs with many fields
    bool tagged;
} Fields;

enum { FEW_FIELDS = 16 };

static const void *name_key(Name n) { return (const void *)(uintptr_t)n; }

// Unexported fields of one struct are all of this package: names are enough.
static Obj *declared_before(const Fields *k, const Obj *f) {
    if (k->fields.len > FEW_FIELDS) return ptrmap_get(&k->seen, name_key(f->name));
    for (uint32_t i = 0; i < k->fields.len; i++)
        if (k->fields.v[i]->name == f->name) return k->fields.v[i];
    return NULL;
}

static void remember(Fields *k) {
    if (k->fields.len <= FEW_FIELDS) return;
    for (uint32_t i = k->seen.count ? k->fields.len - 1 : 0; i < k->fields.len; i++)
        ptrmap_put(&k->seen, name_key(k->fields.v[i]->name), k->fields.v[i]);
}

static Str field_tag(Check *c, Expr *lit) {
    Str tag = {"", 0};
    if (!lit || lit->bad) return tag;
    if (!syntax_unquote(c->arena, lit->text, &tag))
        check_error(c, at_expr(lit), "invalid syntax tree: incorrect tag syntax: %S", lit->text);
    return tag;
}

static void add_field(Fields *k, Expr *id, Type *t, Str tag, bool embedded) {
    Check *c = k->c;
    Obj *f = var_new(c, VAR_FIELD, id->pos, id->name, t);
    f->embedded = embedded;
    Obj *alt = f->name == c->env->blank ? NULL : declared_before(k, f);
    if (alt) {
        ErrorBuilder e = error_begin(c);
        error_add(&e, id->pos, "%N redeclared", f->name);
        error_add_alt(&e, alt);
        error_report(&e);
        return;
    }
    k->tagged |= tag.len > 0;
    vec_push(c->arena, &k->tags, tag);
    vec_push(c->arena, &k->fields, f);
    remember(k);
    record_def(c, id, f);
}

static bool is_pointer_expr(const Expr *e) {
    return e->kind == EXPR_OPERATION && e->op == OP_MUL && !e->operation.y;
}

// The name an embedded field takes from its type; NULL: that type cannot be embedded.
static Expr *embedded_name(Expr *e) {
    switch ((int)e->kind) {
    case EXPR_NAME: return e;
    case EXPR_OPERATION:
        // *T is fine, but **T is not
        return is_pointer_expr(e) && !is_pointer_expr(e->operation.x)
                   ? embedded_name(e->operation.x)
                   : NULL;
    case EXPR_SELECTOR: return e->selector.sel;
    case EXPR_INDEX: return embedded_name(e->index.x);
    default: return NULL;
    }
}

typedef struct EmbedCheck {
    Type *t;
    Pos pos;
} EmbedCheck;

static void embed_later(Check *c, void *ctx) {
    EmbedCheck *k = ctx;
    bool is_ptr;
    Type *t = deref(k->t, &is_ptr), *u = type_under(t);
    if (u->kind == TYPE_BASIC) {
        if (u->basic.kind == BASIC_UNSAFE_POINTER)
            check_error(c, k->pos, "embedded field type cannot be unsafe.Pointer");
    } else if (u->kind == TYPE_POINTER) {
        check_error(c, k->pos, "embedded field type cannot be a pointer");
    } else if (u->kind == TYPE_INTERFACE) {
        if (type_is_tparam(t))
            check_error(c, k->pos, "embedded field type cannot be a (pointer to a) type parameter");
        else if (is_ptr)
            check_error(c, k->pos, "embedded field type cannot be a pointer to an interface");
    }
}

static void add_embedded(Fields *k, Expr *type, Type *t, Str tag) {
    Check *c = k->c;
    Pos pos = at_expr(type);
    Expr *name = embedded_name(type);
    if (!name) {
        check_error(c, pos, "invalid syntax tree: invalid embedded field type %E", type);
        Expr *blank = NEW(c->arena, Expr);
        blank->kind = EXPR_NAME;
        blank->pos = pos;
        blank->name = c->env->blank;
        add_field(k, blank, BASIC(INVALID), (Str){"", 0}, true);
        return;
    }
    add_field(k, name, t, tag, true);
    EmbedCheck *e = NEW(c->arena, EmbedCheck);
    *e = (EmbedCheck){t, pos};
    check_later(c, embed_later, e);
}

void check_struct_type(Check *c, Type *t, Expr *e) {
    Fields k = {.c = c, .seen = ptrmap_new(c->arena)};
    Type *ft = NULL;
    Expr *prev = NULL;
    for (uint32_t i = 0; i < e->fields.len; i++) {
        Field *f = &e->fields.v[i];
        if (!i || f->type != prev) {
            ft = check_var_type(c, f->type);
            prev = f->type;
        }
        Str tag = field_tag(c, f->tag);
        if (f->name)
            add_field(&k, f->name, ft, tag, false);
        else
            add_embedded(&k, f->type, ft, tag);
    }
    t->strct.fields = (ObjList){k.fields.v, k.fields.len};
    t->strct.tags = k.tagged ? k.tags.v : NULL;
}

// ---- interfaces

typedef struct IfaceCheck {
    Type *t;
    Pos pos;
} IfaceCheck;

static void iface_later(Check *c, void *ctx) {
    IfaceCheck *k = ctx;
    iface_type_set(c, k->pos, k->t);
}

static Obj *interface_method(Check *c, Type *t, Field *f, Obj *def) {
    if (f->name->name == c->env->blank) {
        check_error(c, at_expr(f->name), "methods must have a unique non-blank name");
        return NULL;
    }
    Type *sig = check_typ(c, f->type);
    if (sig->kind != TYPE_SIGNATURE) {
        if (is_valid(sig))
            check_error(c, at_expr(f->type), "invalid syntax tree: %T is not a method signature",
                        sig);
        return NULL;
    }
    Type *recv = t;
    if (def && type_named(def->type)) recv = type_named(def->type);
    sig->sig.recv = var_new(c, VAR_RECV, f->name->pos, name_intern(c->env->names, STR("")), recv);
    Obj *m = obj_new(c, OBJ_FUNC, f->name->pos, f->name->name);
    m->type = sig;
    record_def(c, f->name, m);
    return m;
}

void check_interface_type(Check *c, Type *t, Expr *e, Obj *def) {
    ObjVec methods = {0};
    TypeVec embeddeds = {0};
    VEC(Pos) places = {0};
    for (uint32_t i = 0; i < e->fields.len; i++) {
        Field *f = &e->fields.v[i];
        if (!f->name) {
            vec_push(c->arena, &places, at_expr(f->type));
            vec_push(c->arena, &embeddeds, parse_union(c, f->type));
            continue;
        }
        Obj *m = interface_method(c, t, f, def);
        if (m) vec_push(c->arena, &methods, m);
    }
    sort_methods(c->env, &methods);
    t->iface.methods = (ObjList){methods.v, methods.len};
    t->iface.embeddeds = (TypeList){embeddeds.v, embeddeds.len};
    t->iface.embed_pos = places.v;
    t->iface.complete = true;
    if (!methods.len && !embeddeds.len) {
        t->iface.tset = &top_type_set;
        return;
    }
    IfaceCheck *k = NEW(c->arena, IfaceCheck);
    *k = (IfaceCheck){t, e->pos};
    check_later(c, iface_later, k);
}
