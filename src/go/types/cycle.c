// go/types/cycle.c: declarations that need themselves: T T, struct T with a T inside, and types of
// infinite size through instances.
#include "go/types/types_internal.h"

uint32_t first_in_source(Check *c, Obj **path, uint32_t len) {
    uint32_t first = 0;
    for (uint32_t i = 1; i < len; i++)
        if (pos_cmp(c->env->files, path[i]->pos, path[first]->pos) < 0) first = i;
    return first;
}

static Str qualified(Check *c, const Obj *o) {
    if (!o->pkg || o->pkg == c->pkg) return name_str(c->env->names, o->name);
    return check_format(c, "%N.%N", o->pkg->name, o->name);
}

void cycle_error(Check *c, Obj **cycle, uint32_t len, uint32_t start) {
    Obj *o = cycle[start];
    bool is_type = o->kind == OBJ_TYPE;
    if (is_type && is_kind(o->type, TYPE_ALIAS)) o->type->alias.rhs = BASIC(INVALID);
    if (len == 1) {
        const char *what = is_type ? "invalid recursive type: %S refers to itself"
                                   : "invalid cycle in declaration: %S refers to itself";
        check_error(c, o->pos, what, qualified(c, o));
        return;
    }
    ErrorBuilder e = error_begin(c);
    error_add(&e, o->pos,
              is_type ? "invalid recursive type %S" : "invalid cycle in declaration of %S",
              qualified(c, o));
    for (uint32_t i = 0; i < len; i++) {
        Obj *next = cycle[(start + i + 1) % len];
        error_add(&e, o->pos, "%S refers to %S", qualified(c, o), qualified(c, next));
        o = next;
    }
    error_report(&e);
}

// ---- type T1 T2; type T2 T1

enum { DONE = UINT32_MAX };

static void direct_cycle(Check *c, Obj *o) {
    ObjVec path = {0};
    while (o->path_index != DONE) {
        if (o->path_index) {
            uint32_t start = o->path_index - 1, len = path.len - start;
            o->type = BASIC(INVALID);
            cycle_error(c, &path.v[start], len, first_in_source(c, &path.v[start], len));
            break;
        }
        vec_push(c->arena, &path, o);
        o->path_index = path.len;
        Expr *rhs = o->decl->tdecl->type.type;
        if (rhs->kind != EXPR_NAME) break;
        Obj *next = scope_lookup(c->pkg->scope, rhs->name);
        if (!next || next->kind != OBJ_TYPE || !next->decl) break;
        o = next;
    }
    for (uint32_t i = 0; i < path.len; i++) path.v[i]->path_index = DONE;
}

void direct_cycles(Check *c) {
    for (uint32_t i = 0; i < c->objects.len; i++)
        if (c->objects.v[i]->kind == OBJ_TYPE) direct_cycle(c, c->objects.v[i]);
    for (uint32_t i = 0; i < c->objects.len; i++) c->objects.v[i]->path_index = 0;
}

// ---- sizes that are needed while the type is still being declared

static bool finite_named(Check *c, Type *t) {
    if (t->named.check != c) return true; // of a package that is done
    if (t->named.state & NAMED_FINITE) return t->named.finite;
    Obj *o = t->named.obj;
    if (o->path_index) {
        uint32_t start = o->path_index - 1, len = c->path.len - start;
        cycle_error(c, &c->path.v[start], len, first_in_source(c, &c->path.v[start], len));
        return false;
    }
    check_push(c, o);
    bool finite = !t->named.rhs || finite_size(c, t->named.rhs);
    check_pop(c);
    if (!(t->named.state & NAMED_FINITE)) {
        t->named.finite = finite;
        t->named.state |= NAMED_FINITE;
    }
    return finite;
}

bool finite_size(Check *c, Type *t) {
    t = type_unalias(t);
    if (!t) return true;
    if (t->kind == TYPE_NAMED) return finite_named(c, t);
    if (t->kind == TYPE_ARRAY) return finite_size(c, t->array.elem);
    if (t->kind != TYPE_STRUCT) return true;
    for (uint32_t i = 0; i < t->strct.fields.len; i++)
        if (!finite_size(c, t->strct.fields.v[i]->type)) return false;
    return true;
}

// ---- types that contain themselves, also through type arguments

typedef struct Nest {
    TypeVec nest; // named types one inside the other
    TypeVec path; // all the way
    uint32_t steps;
    bool given_up;
} Nest;

// Instances of generic types are walked into wherever they stand, because what they hold depends on
// it; types that hold each other's instances twice at every level would never end. Real ones take a
// few dozen steps.
enum { NEST_STEPS = 2000000, NEST_DEPTH = 20000 };

static bool valid(Check *c, Nest *n, Type *t);

static bool valid_objs(Check *c, Nest *n, ObjList list) {
    for (uint32_t i = 0; i < list.len; i++)
        if (!valid(c, n, list.v[i]->type)) return false;
    return true;
}

static bool report_nest(Check *c, const Nest *n, Type *t) {
    named_origin(t)->named.rhs = BASIC(INVALID);
    for (uint32_t i = 0; i < n->path.len; i++) {
        if (!type_identical(n->path.v[i], t)) continue;
        ObjVec cycle = {0};
        for (uint32_t k = i; k < n->path.len; k++)
            vec_push(c->arena, &cycle, n->path.v[k]->named.obj);
        cycle_error(c, cycle.v, cycle.len, 0);
        return false;
    }
    BUG("a cycle without a start");
}

static bool valid_named(Check *c, Nest *n, Type *t) {
    // Types of other packages are valid, and what they contain of this one came as type arguments.
    Type *orig = named_origin(t);
    bool closed = !t->named.targs.len && !t->named.tparams.len;
    if (closed && (t->named.check != c || (t->named.state & NAMED_VALID))) return true;
    if (++n->steps > NEST_STEPS || n->path.len > NEST_DEPTH) n->given_up = true;
    if (n->given_up) return false;
    for (uint32_t i = 0; i < n->nest.len; i++)
        if (n->nest.v[i] == t || type_identical(n->nest.v[i], t)) return report_nest(c, n, t);
    named_unpack(orig);
    vec_push(c->arena, &n->nest, t);
    vec_push(c->arena, &n->path, t);
    bool ok = !orig->named.rhs || valid(c, n, orig->named.rhs);
    n->nest.len--;
    n->path.len--;
    if (ok && closed) t->named.state |= NAMED_VALID; // on no cycle, whatever it stands in
    return ok;
}

static bool valid_tparam(Check *c, Nest *n, Type *t) {
    if (!n->nest.len) return true;
    Type *inst = vec_last(&n->nest);
    TypeList tparams = named_tparams(inst);
    for (uint32_t i = 0; i < tparams.len && i < inst->named.targs.len; i++) {
        if (tparams.v[i] != t) continue;
        n->nest.len--; // the argument stands outside of the instance
        bool ok = valid(c, n, inst->named.targs.v[i]);
        n->nest.v[n->nest.len++] = inst;
        return ok;
    }
    return true;
}

static bool valid(Check *c, Nest *n, Type *t) {
    t = type_unalias(t);
    if (!t) return true;
    switch (t->kind) {
    case TYPE_ARRAY: return valid(c, n, t->array.elem);
    case TYPE_STRUCT: return valid_objs(c, n, t->strct.fields);
    case TYPE_UNION:
        for (uint32_t i = 0; i < t->unio.terms.len; i++)
            if (!valid(c, n, t->unio.terms.v[i].type)) return false;
        return true;
    case TYPE_INTERFACE:
        for (uint32_t i = 0; i < t->iface.embeddeds.len; i++)
            if (!valid(c, n, t->iface.embeddeds.v[i])) return false;
        return true;
    case TYPE_NAMED: return valid_named(c, n, t);
    case TYPE_TPARAM: return valid_tparam(c, n, t);
    case TYPE_BASIC:
    case TYPE_SLICE:
    case TYPE_POINTER:
    case TYPE_TUPLE:
    case TYPE_SIGNATURE:
    case TYPE_MAP:
    case TYPE_CHAN:
    case TYPE_ALIAS: return true;
    }
    BUG("type kind %d", t->kind);
}

void valid_type(Check *c, Type *named) {
    Nest n = {0};
    valid(c, &n, named);
    if (!n.given_up) return;
    Obj *o = named->named.obj;
    check_error(c, o->pos, "type %N holds too many other types (the limit is %d)", o->name,
                NEST_STEPS);
    named_origin(named)->named.rhs = BASIC(INVALID);
}
