// go/ir/dict_types.c: a dictionary of a generic declaration is made. Whoever makes one meets what
// it holds: instances in it are made, and wrappers for its types. Rules: noder/reader.go
// dictNameOf.
#include "go/ir/lower_internal.h"

Type *lower_core(Type *t) {
    t = type_under(type_unalias(t));
    if (t->kind != TYPE_INTERFACE) return t;
    TypeSet *set = type_set(t);
    for (uint32_t i = 0; i < set->terms.len; i++)
        if (set->terms.v[i].type) return type_under(set->terms.v[i].type);
    return t;
}

// ---- words

// Aliases declared inside functions are not written.
Type *dict_written(Type *t) {
    while (t && t->kind == TYPE_ALIAS && t->alias.obj->pkg &&
           t->alias.obj->parent != t->alias.obj->pkg->scope)
        t = t->alias.rhs;
    return t;
}

uint32_t dict_find_method(const DictTypes *d, const Type *tparam, const Obj *m) {
    uint32_t i = 0;
    for (; i < d->methods.len; i++) {
        const DictMethod *known = &d->methods.v[i];
        if (known->index == tparam->tparam.index && known->name == m->name && known->pkg == m->pkg)
            break;
    }
    return i;
}

static bool same_targs(TypeList x, TypeList y) {
    for (uint32_t i = 0; i < x.len; i++)
        if (dict_written(x.v[i]) != dict_written(y.v[i])) return false;
    return true;
}

uint32_t dict_find_sub(const DictTypes *d, const Obj *o, TypeList targs) {
    uint32_t i = 0;
    while (i < d->subs.len && !(d->subs.v[i].obj == o && same_targs(d->subs.v[i].targs, targs)))
        i++;
    return i;
}

uint32_t dict_find_type(const DictTypes *d, Type *t) {
    uint32_t i = 0;
    t = dict_written(t);
    while (i < d->types.len && (d->types.v[i].own || d->types.v[i].type != t)) i++;
    return i;
}

uint32_t dict_find_itab(const DictTypes *d, Type *t, Type *iface, uint32_t mixed) {
    uint32_t i = 0;
    t = dict_written(t);
    iface = dict_written(iface);
    for (; i < d->itabs.len; i++) {
        const DictItab *known = &d->itabs.v[i];
        if (known->type == t && known->iface == iface && known->mixed == mixed) break;
    }
    return i;
}

static const DictTypes *dict_of(const Obj *o) {
    const IrPkg *home = o->pkg->ir;
    return home ? ptrmap_get(&lower_of(home)->dict_types, o) : NULL;
}

static uint32_t words(const DictTypes *d) {
    return d->methods.len + d->subs.len + d->types.len + d->itabs.len;
}

uint32_t lower_dict_words(const Obj *o) {
    const DictTypes *d = dict_of(o);
    return d ? words(d) : 0;
}

// What was not counted lies behind the last word, where the checker of dumps finds it.
uint32_t lower_method_word(const Low *w, const Type *tparam, const Obj *m) {
    const DictTypes *d = dict_of(w->inst->obj);
    uint32_t i = dict_find_method(d, tparam, m);
    return i < d->methods.len ? i : words(d);
}

uint32_t lower_sub_word(const Low *w, const Obj *o, TypeList targs) {
    const DictTypes *d = dict_of(w->inst->obj);
    uint32_t i = dict_find_sub(d, o, targs);
    return i < d->subs.len ? d->methods.len + i : words(d);
}

uint32_t lower_type_word(const Low *w, Type *t) {
    const DictTypes *d = dict_of(w->inst->obj);
    uint32_t i = dict_find_type(d, t);
    return i < d->types.len ? d->methods.len + d->subs.len + i : words(d);
}

uint32_t lower_itab_word(const Low *w, Type *t, Type *iface) {
    const DictTypes *d = dict_of(w->inst->obj);
    uint32_t i = dict_find_itab(d, t, iface, 0);
    return i < d->itabs.len ? d->methods.len + d->subs.len + d->types.len + i : words(d);
}

// ---- a dictionary is made

static bool first_time(Lower *l, const Obj *o, IrTypeList targs) {
    Str key = {(const char *)arena_push(l->p->scratch, targs.len + 1, sizeof(void *), 8),
               (targs.len + 1) * sizeof(void *)};
    const void **words = (const void **)(uintptr_t)key.ptr;
    words[0] = o;
    for (uint32_t i = 0; i < targs.len; i++) words[i + 1] = targs.v[i]->canon;
    uint32_t *seen = strmap_put(&l->dicts_done, key);
    return !(*seen)++;
}

static IrType *meet_with(Lower *l, TypeList tparams, IrTypeList targs, Type *t) {
    IrEnv env = {.tparams = tparams, .targs = targs, .arena = l->p->scratch};
    IrType *it = irtype_of(l->p->types, &env, t);
    lower_meet_type(l, it);
    return it;
}

void lower_meet_dict(Lower *l, const Obj *o, IrTypeList targs, uint32_t implicits) {
    if (implicits || !first_time(l, o, targs)) return;
    const DictTypes *d = dict_of(o);
    if (!d) return;
    for (uint32_t i = 0; i < d->subs.len; i++) {
        const DictSub *sub = &d->subs.v[i];
        IrEnv env = {.tparams = sub->tparams, .targs = targs, .arena = l->p->scratch};
        IrTypeList list = {NEW_ARRAY(l->p->arena, IrType *, sub->targs.len + 1), sub->targs.len};
        for (uint32_t k = 0; k < list.len; k++) {
            list.v[k] = irtype_of(l->p->types, &env, sub->targs.v[k]);
            lower_meet_type(l, list.v[k]);
        }
        lower_meet_dict(l, sub->obj, list, 0);
    }
    for (uint32_t i = 0; i < d->types.len; i++)
        meet_with(l, d->types.v[i].tparams, targs, d->types.v[i].type);
    for (uint32_t i = 0; i < d->itabs.len; i++) {
        const DictItab *it = &d->itabs.v[i];
        IrType *t = meet_with(l, it->tparams, targs, it->type);
        if (it->iface) lower_itab(l, t, meet_with(l, it->tparams, targs, it->iface));
    }
}
