// go/types/scope.c: scopes and objects. A scope keeps its objects in order of declaration; once it
// holds more than a few, a hash finds them.
#include "go/types/types_internal.h"

#include <stdlib.h>
#include <wctype.h>

#include "base/utf8.h"

enum { SCOPE_LINEAR = 8 };

Scope *scope_new(Arena *a, Scope *parent, Pos pos, Pos end) {
    Scope *s = NEW(a, Scope);
    s->parent = parent;
    s->pos = pos;
    s->end = end;
    if (!parent || !parent->parent) return s; // the universe does not know its packages
    if (parent->last_child)
        parent->last_child->next = s;
    else
        parent->first_child = s;
    parent->last_child = s;
    return s;
}

static uint32_t slot_of(const Scope *s, Name n) { return (n * 2654435769u >> 7) & s->slot_mask; }

Obj *scope_lookup(const Scope *s, Name name) {
    if (!s->slots) {
        for (uint32_t i = 0; i < s->names.len; i++)
            if (s->names.v[i] == name) return s->objs.v[i];
        return NULL;
    }
    for (uint32_t at = slot_of(s, name); s->slots[at]; at = (at + 1) & s->slot_mask)
        if (s->names.v[s->slots[at] - 1] == name) return s->objs.v[s->slots[at] - 1];
    return NULL;
}

static void file_slot(Scope *s, uint32_t i) {
    uint32_t at = slot_of(s, s->names.v[i]);
    while (s->slots[at]) at = (at + 1) & s->slot_mask;
    s->slots[at] = i + 1;
}

void scope_put(Arena *a, Scope *s, Name name, Obj *o) {
    vec_push(a, &s->objs, o);
    vec_push(a, &s->names, name);
    if (s->names.len <= SCOPE_LINEAR) return;
    if (s->slots && s->names.len <= s->slot_mask / 2) {
        file_slot(s, s->names.len - 1);
        return;
    }
    uint32_t size = s->slots ? (s->slot_mask + 1) * 4 : 64;
    s->slots = NEW_ARRAY(a, uint32_t, size);
    s->slot_mask = size - 1;
    for (uint32_t i = 0; i < s->names.len; i++) file_slot(s, i);
}

Obj *scope_insert(Arena *a, Scope *s, Obj *o) {
    Obj *alt = scope_lookup(s, o->name);
    if (alt) return alt;
    scope_put(a, s, o->name, o);
    if (!o->parent) o->parent = s;
    return NULL;
}

bool name_is_exported(Str name) {
    if (!name.len) return false;
    if ((uint8_t)name.ptr[0] < 0x80) return name.ptr[0] >= 'A' && name.ptr[0] <= 'Z';
    uint32_t width;
    return unicode_is_upper(utf8_decode(name, &width));
}

static uint32_t fold(uint32_t r) { return r >= 'A' && r <= 'Z' ? r + 32 : r; }

bool name_fold_equal(Str x, Str y) {
    uint32_t wx, wy;
    for (; x.len && y.len; x = str_from(x, wx), y = str_from(y, wy)) {
        uint32_t rx = utf8_decode(x, &wx), ry = utf8_decode(y, &wy);
        if (rx != ry && fold(rx) != fold(ry) && unicode_fold(rx) != unicode_fold(ry)) return false;
    }
    return x.len == y.len;
}

bool name_is_valid(Str s) {
    uint32_t w;
    for (bool first = true; s.len; s = str_from(s, w), first = false) {
        uint32_t r = utf8_decode(s, &w);
        bool letter = r == '_' || unicode_is_letter(r);
        if (!letter && (first || !unicode_is_digit(r))) return false;
    }
    return true;
}

static Obj *obj_new_in(Arena *a, Check *c, ObjKind kind, Pos pos, Name name) {
    Obj *o = NEW(a, Obj);
    o->kind = kind;
    o->pos = pos;
    o->pkg = c->pkg;
    o->name = name;
    o->life = c->lazy ? LIFE_SETTLED : LIFE_CHECK;
    o->exported = name_is_exported(name_str(c->env->names, name));
    return o;
}

Obj *obj_new(Check *c, ObjKind kind, Pos pos, Name name) {
    bool local = kind == OBJ_CONST || kind == OBJ_LABEL; // no type leads to it
    return obj_new_in(local ? c->local : c->arena, c, kind, pos, name);
}

Obj *var_new(Check *c, VarKind kind, Pos pos, Name name, Type *t) {
    Obj *o = obj_new_in(kind == VAR_LOCAL ? c->local : c->arena, c, OBJ_VAR, pos, name);
    o->var_kind = kind;
    o->type = t;
    return o;
}

bool same_pkg(const Pkg *a, const Pkg *b) { return a == b || (a && b && a->path == b->path); }

bool obj_same_id(const TypesEnv *env, const Obj *o, const Pkg *pkg, Name name, bool fold_case) {
    if (fold_case && name_fold_equal(name_str(env->names, o->name), name_str(env->names, name)))
        return true;
    if (o->name != name) return false;
    return o->exported || same_pkg(o->pkg, pkg);
}

int obj_cmp(const TypesEnv *env, const Obj *x, const Obj *y) {
    if (x == y) return 0;
    if (x->exported != y->exported) return x->exported ? -1 : 1;
    if (x->name != y->name)
        return str_cmp(name_str(env->names, x->name), name_str(env->names, y->name));
    if (x->exported || !x->pkg || !y->pkg) return 0;
    return str_cmp(name_str(env->names, x->pkg->path), name_str(env->names, y->pkg->path));
}

// Merges the sorted halves v[0..mid) and v[mid..n); room holds n.
static void merge(const TypesEnv *env, Obj **v, uint32_t mid, uint32_t n, Obj **room) {
    uint32_t i = 0, k = mid, at = 0;
    while (i < mid && k < n) room[at++] = obj_cmp(env, v[k], v[i]) < 0 ? v[k++] : v[i++];
    while (i < mid) room[at++] = v[i++];
    memcpy(v, room, at * sizeof *v); // what is left of the second half is in its place
}

static void sort_range(const TypesEnv *env, Obj **v, uint32_t n, Obj **room) {
    if (n < 2) return;
    uint32_t mid = n / 2;
    sort_range(env, v, mid, room);
    sort_range(env, v + mid, n - mid, room);
    if (obj_cmp(env, v[mid], v[mid - 1]) < 0) merge(env, v, mid, n, room);
}

void sort_methods(const TypesEnv *env, ObjVec *methods) { // stable
    Obj *few[64], **room = few;
    if (methods->len > COUNT(few)) room = calloc(methods->len, sizeof *room);
    if (!room) base_out_of("memory", methods->len * sizeof *room);
    sort_range(env, methods->v, methods->len, room);
    if (room != few) free(room);
}

bool obj_is_alias(const Obj *o) {
    Type *t = o->type;
    if (!t) return false;
    switch (t->kind) {
    case TYPE_BASIC:
        if (o->pkg && t == BASIC(UNSAFE_POINTER)) return false;
        return o->pkg != NULL || t == &basic_byte || t == &basic_rune;
    case TYPE_NAMED: return o != t->named.obj;
    case TYPE_TPARAM: return o != t->tparam.obj;
    case TYPE_ARRAY:
    case TYPE_SLICE:
    case TYPE_STRUCT:
    case TYPE_POINTER:
    case TYPE_TUPLE:
    case TYPE_SIGNATURE:
    case TYPE_UNION:
    case TYPE_INTERFACE:
    case TYPE_MAP:
    case TYPE_CHAN:
    case TYPE_ALIAS: return true;
    }
    BUG("type kind %d", t->kind);
}
