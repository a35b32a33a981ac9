// go/ir/lower_obj.c: objects of the checker become names, functions and instances; types are met.
// Rules: noder/reader.go objIdx, objDictIdx, method, funcExt, readBodies, needWrapper.
#include "go/ir/lower_internal.h"

Lower *lower_of(const IrPkg *p) { return p->lower; }

Node *lower_blank(Lower *l) {
    if (!l->blank) { l->blank = ir_name(l->p, at(0), STR("_"), NULL, NULL, CLASS_NONE); }
    return l->blank;
}

// ---- types

// Types are met in two ways: through a declaration of an imported package that is not generic (its
// package makes their wrappers), or here.
typedef enum Meeting { MET_HERE = 1, MET_IMPORTED = 2, MET_LISTED = 4, MET_LATE = 8 } Meeting;

// However its arguments are spelled, a named type is met once.
static uint32_t meeting_id(const IrType *t) { return t->named && t->obj ? t->canon->id : t->id; }

static uint32_t met_how(const Lower *l, const IrType *t) {
    uint32_t id = meeting_id(t);
    return id < l->type_seen_len ? l->type_seen[id] : 0;
}

static bool first_meeting(Lower *l, const IrType *t, Meeting how) {
    uint32_t id = meeting_id(t);
    if (id >= l->type_seen_len) {
        uint32_t len = (id | 4095) + 1;
        uint8_t *seen = arena_push(l->p->scratch, len, 1, 1);
        if (l->type_seen) memcpy(seen, l->type_seen, l->type_seen_len);
        l->type_seen = seen;
        l->type_seen_len = len;
    }
    if (l->type_seen[id] & how) return false;
    if (l->loaded && !l->type_seen[id]) l->type_seen[id] |= MET_LATE;
    l->type_seen[id] |= (uint8_t)how;
    return true;
}

// reader.needWrapper: a type is listed at its first mention, which may stand in its own
// declaration. Pointer types have no methods of their own, with a name or without.
static void list_type(Lower *l, IrType *t) {
    if (t->kind == KIND_PTR || met_how(l, t) & MET_LISTED) return;
    l->type_seen[meeting_id(t)] |= MET_LISTED;
    vec_push(l->p->scratch, &l->need_wrappers, t);
}

static void make_methods(Lower *l, IrType *t);
static void meet(Lower *l, IrType *t, Meeting how);

static void meet_parts(Lower *l, IrType *u, Meeting how) {
    if (u->key) meet(l, u->key, how);
    if (u->elem) meet(l, u->elem, how);
    for (uint32_t i = 0; i < u->nfields; i++) meet(l, u->fields[i].type, how);
    if (u->kind != KIND_INTER) return;
    IrMethodList ms = irtype_methods(l->p->types, u);
    for (uint32_t i = 0; i < ms.len; i++) meet(l, ms.v[i].sig, how);
}

// What a declared type is made of, as it is written there: an interface's own methods come before
// what it embeds. t is it, env what its type parameters stand for (NULL: it has none).
static void meet_declared(Lower *l, IrType *t, IrEnv *env, Meeting how) {
    Type *u = type_under(type_named(t->obj->type));
    if (u->kind != TYPE_INTERFACE) {
        meet_parts(l, t->under, how);
        return;
    }
    for (uint32_t i = 0; i < u->iface.methods.len; i++)
        meet(l, irtype_of(l->p->types, env, u->iface.methods.v[i]->type), how);
    for (uint32_t i = 0; i < u->iface.embeddeds.len; i++)
        meet(l, irtype_of(l->p->types, env, u->iface.embeddeds.v[i]), how);
}

static void meet_imported(Lower *l, IrType *t) { // methods in the order of their declarations
    meet_declared(l, t, NULL, MET_IMPORTED);
    Type *named = type_named(t->obj->type);
    uint32_t n = named ? type_method_count(named) : 0;
    for (uint32_t i = 0; i < n; i++) {
        const Obj *m = irobj_origin(type_method(named, i));
        if (!m->type->sig.recv || t->kind == KIND_INTER) continue;
        meet(l, irtype_of(l->p->types, NULL, m->type->sig.recv->type), MET_IMPORTED);
        meet(l, irtype_of(l->p->types, NULL, m->type), MET_IMPORTED);
    }
}

static void meet_named(Lower *l, IrType *t, Meeting how) {
    if (t->targs.len) {
        lower_inst_of(l, t);
    } else if (t->obj->pkg != l->p->pkg) {
        if (!(met_how(l, t) & (how ^ 3))) meet_imported(l, t);
    } else {
        meet_declared(l, t, NULL, MET_HERE);
        make_methods(l, t);
    }
    if (how == MET_HERE) list_type(l, t);
}

static void meet_unnamed(Lower *l, IrType *t, Meeting how) {
    if (!t->shape) meet_parts(l, t, how);
    first_meeting(l, t, how);
    if (how != MET_HERE) return;
    bool promotes = t->kind == KIND_INTER;
    for (uint32_t i = 0; i < t->nfields && t->kind == KIND_STRUCT; i++)
        promotes |= t->fields[i].embedded;
    if (promotes) list_type(l, t);
}

// reader.typIdx: what a type is made of is met before it, and may mention it again: a named type is
// known from then on, any other one only afterwards. Types that may need wrappers are listed.
static void meet(Lower *l, IrType *t, Meeting how) {
    bool named = t->named && !t->shape;
    if (named && (!t->obj || !t->obj->pkg)) return;
    bool met = met_how(l, t) & how;
    if (!named) {
        if (!met) meet_unnamed(l, t, how);
        return;
    }
    for (uint32_t i = 0; i < t->targs.len && !met; i++) meet(l, t->targs.v[i], how);
    if (first_meeting(l, t, how))
        meet_named(l, t, how);
    else if (how == MET_HERE)
        list_type(l, t);
}

void lower_meet_type(Lower *l, IrType *t) { meet(l, t, MET_HERE); }

// A shape forgets what it was made of: Pointer[node[K]] is Pointer[go.shape.struct {...}], and the
// compiler reads node[K] before it. So what the source says is followed, not what became of it.
typedef struct Written {
    Lower *l;
    IrEnv *env;
} Written;

static void meet_written(void *ctx, Type *t);

static void meet_argument(Written *w, Type *t) {
    meet_written(w, t);
    lower_meet_type(w->l, irtype_of(w->l->p->types, w->env, t));
}

// The arguments in t, not what they are arguments of.
static void meet_written(void *ctx, Type *t) {
    if (!t || t->kind == TYPE_TPARAM) return;
    Written *w = ctx;
    if (t->kind != TYPE_TUPLE && !irtype_depends(w->l->p->types, w->env, t)) return;
    if (t->kind != TYPE_NAMED) {
        type_each_part(t, meet_written, w);
        return;
    }
    for (uint32_t i = 0; i < t->named.targs.len; i++) meet_argument(w, t->named.targs.v[i]);
}

static bool is_shaped(const IrEnv *env) {
    for (uint32_t i = 0; env && i < env->targs.len; i++)
        if (env->targs.v[i]->has_shape) return true;
    return false;
}

static IrType *type_met(Lower *l, IrEnv *env, Type *t) {
    if (is_shaped(env)) meet_written(&(Written){l, env}, t);
    MetType *last = &l->met[(uintptr_t)t / 64 % COUNT(l->met)];
    if (!env && last->t == t) return last->it; // meeting it again changes nothing
    IrType *it = irtype_of(l->p->types, env, t);
    lower_meet_type(l, it);
    if (!env) *last = (MetType){t, it};
    return it;
}

IrType *lower_type(Low *w, Type *t) { return type_met(w->l, w->env, t); }

// reader.importedDef: what a generic body mentions is never somebody else's.
void lower_meet_inlined(Lower *l, IrType *t) { meet(l, t, t->has_shape ? MET_HERE : MET_IMPORTED); }

static bool is_imported_alias(const Lower *l, const Obj *o) {
    return o && o->kind == OBJ_TYPE && o->pkg && o->pkg != l->p->pkg && o->type &&
           o->type->kind == TYPE_ALIAS && !o->type->alias.tparams.len;
}

void lower_note_aliases(Lower *l) {
    const TypesInfo *info = l->in->info;
    PtrMap seen = ptrmap_new(l->p->scratch);
    for (uint32_t id = 1; id <= info->expr_count; id++) {
        Obj *o = info->names[id];
        if (!is_imported_alias(l, o) || ptrmap_get(&seen, o)) continue;
        ptrmap_put(&seen, o, o);
        vec_push(l->p->scratch, &l->aliases, o->type);
    }
}

// What another package's alias stands for is mentioned there.
void lower_meet_aliases(Lower *l) {
    for (uint32_t i = 0; i < l->aliases.len; i++) {
        const IrType *t = irtype_of(l->p->types, NULL, l->aliases.v[i]);
        if (met_how(l, t)) l->type_seen[meeting_id(t)] |= MET_IMPORTED;
    }
}

bool lower_met_imported(const Lower *l, const IrType *t) { return met_how(l, t) & MET_IMPORTED; }

bool ir_has_one_pointer(const IrPkg *p, const IrType *t) {
    const Lower *l = p->lower;
    uint32_t how = met_how(l, t);
    return how && !(how & MET_LATE);
}

bool lower_is_derived(Low *w, Type *t) { return w->env && irtype_depends(w->p->types, w->env, t); }

// Type arguments of o's instance: those of enclosing functions come first.
IrTypeList lower_targs(Low *w, TypeList list, const Obj *o, uint32_t *implicits) {
    TypeList outer = {0};
    if (o->kind == OBJ_TYPE) lower_local_type(o, &outer);
    *implicits = outer.len;
    IrTypeList out = {NEW_ARRAY(w->p->arena, IrType *, outer.len + list.len + 1), 0};
    for (uint32_t i = 0; i < outer.len; i++) out.v[out.len++] = w->env->targs.v[i];
    for (uint32_t i = 0; i < list.len; i++) out.v[out.len++] = lower_type(w, list.v[i]);
    return out;
}

// ---- functions

static Str mangled(Lower *l, Str base, IrTypeList targs, uint32_t implicits) {
    if (!targs.len) return base;
    Buf b = buf_new(l->p->arena);
    buf_str(&b, base);
    buf_byte(&b, '[');
    for (uint32_t i = 0; i < targs.len; i++) {
        if (i) buf_byte(&b, i == implicits ? ';' : ',');
        buf_str(&b, irtype_link_string(l->p->types, l->p->arena, targs.v[i]));
    }
    buf_byte(&b, ']');
    return str_copy(l->p->arena, buf_view(&b));
}

typedef struct FuncPlan {
    Str name;
    Obj *obj;
    const FuncDecl *decl;
    IrEnv *env; // NULL: not generic
    Inst *inst; // NULL: not generic
    IrPkg *home;
    IrType *recv; // of an instance's method; NULL: as declared
} FuncPlan;

static IrType *dict_type(IrTypes *ts, const Obj *generic) {
    return irtype_array(ts, irtype_basic(ts, KIND_UINTPTR), lower_dict_words(generic));
}

// Shaped functions take a dictionary before their parameters.
static IrType *func_type(Lower *l, const FuncPlan *plan) {
    IrType *sig = type_met(l, plan->env, plan->obj->type);
    if (!plan->inst || !plan->inst->shaped) return sig;
    return irtype_with_first(l->p->types, sig, 0,
                             irtype_pointer(l->p->types, dict_type(l->p->types, plan->inst->obj)));
}

// reader.method: the receiver is read before the parameters.
static IrType *receiver_met(Lower *l, const FuncPlan *plan) {
    if (!plan->obj->type->sig.recv) return NULL;
    IrType *recv = plan->recv;
    if (!recv) recv = irtype_of(l->p->types, plan->env, plan->obj->type->sig.recv->type);
    lower_meet_type(l, recv);
    return recv;
}

static Func *make_func(Lower *l, const FuncPlan *plan) {
    Obj *o = plan->obj;
    IrType *recv = receiver_met(l, plan);
    Pos decl_pos = plan->decl ? plan->decl->decl->pos : o->pos;
    IrType *sig = func_type(l, plan);
    Func *f = ir_func(l->p, at(decl_pos), at(o->pos), plan->name, o->pkg, sig);
    f->obj = o;
    f->inst = plan->inst;
    f->dupok = plan->inst != NULL;
    f->dict_param = plan->inst && plan->inst->shaped;
    f->ddd = sig->under->variadic;
    f->has_syntax = true;
    f->recv = recv;
    if (plan->decl) {
        f->pragma = decl_pragmas(plan->decl->file, plan->decl->decl);
        f->has_body = plan->decl->decl->func.body != NULL;
    }
    return f;
}

static void add_todo(Lower *l, Func *f, const FuncPlan *plan, const IrMethod *m) {
    Todo t = {f, plan->decl, plan->home, plan->inst, plan->env, {0}};
    if (m) t.method = *m;
    vec_push(l->p->scratch, &l->todo_bodies, t);
}

// Every init function has a name of its own.
static Str plain_name(Lower *l, const Obj *o) {
    Str name = name_str(l->p->names, o->name);
    if (!str_eq_c(name, "init") || o->type->sig.recv || ptrmap_get(&l->objs, o)) return name;
    return str_fmt(l->p->arena, "init.%u", l->inits++);
}

// A function or a type's method that is not generic, of this package.
static Func *own_func(Lower *l, Obj *o, Str name) {
    Node *known = ptrmap_get(&l->objs, o);
    if (known) return known->u.name->func;
    FuncPlan plan = {name, o, ptrmap_get(&l->decls, o), NULL, NULL, l->p, NULL};
    if (!plan.decl) BUG("no declaration of " STR_FMT, STR_ARG(name));
    Func *f = make_func(l, &plan);
    ptrmap_put(&l->objs, o, f->nname);
    add_todo(l, f, &plan, NULL);
    return f;
}

Func *lower_func_of(Lower *l, Obj *o) {
    if (o->pkg == l->p->pkg) return own_func(l, o, plain_name(l, o));
    const IrPkg *home = o->pkg->ir;
    Node *n = home ? ptrmap_get(&lower_of(home)->objs, o) : NULL;
    if (!n) BUG("a function of another package that was not lowered");
    Func *f = n->u.name->func;
    meet(l, f->type, MET_IMPORTED);
    return f;
}

Node *lower_global(Low *w, Obj *o) {
    if (o->kind == OBJ_FUNC) return lower_func_of(w->l, o)->nname;
    Lower *l = w->l;
    if (o->pkg != l->p->pkg) {
        const IrPkg *home = o->pkg->ir;
        Node *n = home ? ptrmap_get(&lower_of(home)->objs, o) : NULL;
        if (!n) BUG("a variable of another package that was not lowered");
        meet(l, n->type, MET_IMPORTED);
        return n;
    }
    return lower_own_var(l, o);
}

Node *lower_own_var(Lower *l, Obj *o) {
    Node *n = ptrmap_get(&l->objs, o);
    if (n) return n;
    IrType *t = irtype_of(l->p->types, NULL, o->type);
    lower_meet_type(l, t);
    n = ir_name(l->p, at(o->pos), name_str(l->p->names, o->name), o->pkg, t, CLASS_EXTERN);
    n->u.name->obj = o;
    ptrmap_put(&l->objs, o, n);
    return n;
}

// ---- methods of types declared here

static void make_methods(Lower *l, IrType *t) {
    if (t->kind == KIND_INTER) return;
    Type *named = type_named(t->obj->type);
    uint32_t n = named ? type_method_count(named) : 0;
    for (uint32_t i = 0; i < n; i++) {
        Obj *m = irobj_origin(type_method(named, i));
        IrType *recv = irtype_of(l->p->types, NULL, m->type->sig.recv->type);
        const Pkg *pkg = irobj_pkg(m);
        own_func(l, m, irtype_method_symbol(l->p->types, l->p->arena, recv, m->name, pkg));
    }
}

static bool same_targs(IrTypeList x, IrTypeList y) {
    if (x.len != y.len) return false;
    for (uint32_t i = 0; i < x.len; i++)
        if (x.v[i]->canon != y.v[i]->canon) return false;
    return true;
}

// ---- instances

static IrTypeList shaped_targs(Lower *l, TypeList tparams, IrTypeList targs) {
    IrTypeList out = {NEW_ARRAY(l->p->arena, IrType *, targs.len), targs.len};
    for (uint32_t i = 0; i < targs.len; i++)
        out.v[i] =
            irtype_shapify(l->p->types, targs.v[i], irtype_is_plain_constraint(tparams.v[i]));
    return out;
}

static TypeList all_tparams(Lower *l, const Obj *o) {
    if (o->kind == OBJ_TYPE) return irtype_tparams(l->p->arena, o);
    return o->type->sig.recv ? o->type->sig.rparams : o->type->sig.tparams;
}

static IrEnv env_for(Lower *l, TypeList tparams, const Inst *inst) {
    return (IrEnv){.tparams = tparams,
                   .targs = inst->targs,
                   .implicits = inst->implicits,
                   .arena = l->p->arena};
}

static void inst_function(Lower *l, Inst *inst) {
    Str base = name_str(l->p->names, inst->obj->name);
    FuncPlan plan = {mangled(l, base, inst->targs, inst->implicits),
                     inst->obj,
                     ptrmap_get(&lower_of(inst->home)->decls, inst->obj),
                     &inst->env,
                     inst,
                     inst->home,
                     NULL};
    inst->func = make_func(l, &plan);
    if (!inst->shaped) vec_push(l->p->scratch, &l->todo_dicts, inst);
    add_todo(l, inst->func, &plan, NULL);
}

static TypeList method_tparams(Lower *l, const Inst *inst, const Obj *m) {
    TypeList outer = {inst->env.tparams.v, inst->implicits};
    return irtype_join(l->p->arena, outer, m->type->sig.rparams);
}

static void inst_methods(Lower *l, Inst *inst) {
    Type *named = type_named(inst->obj->type);
    inst->nmethods = type_method_count(named);
    inst->methods = NEW_ARRAY(l->p->arena, Func *, inst->nmethods + 1);
    for (uint32_t i = 0; i < inst->nmethods; i++) {
        Obj *m = irobj_origin(type_method(named, i));
        IrEnv *env = NEW(l->p->arena, IrEnv);
        *env = env_for(l, method_tparams(l, inst, m), inst);
        IrType *recv = inst->type;
        if (type_unalias(m->type->sig.recv->type)->kind == TYPE_POINTER)
            recv = irtype_pointer(l->p->types, recv);
        const Pkg *pkg = irobj_pkg(m);
        Str name = irtype_method_symbol(l->p->types, l->p->arena, recv, m->name, pkg);
        FuncPlan plan = {name,       m,   ptrmap_get(&lower_of(inst->home)->decls, m), env, inst,
                         inst->home, recv};
        inst->methods[i] = make_func(l, &plan);
        IrMethod what = {.name = m->name, .pkg = pkg};
        add_todo(l, inst->methods[i], &plan, &what);
    }
}

static void meet_underlying(Lower *l, Inst *inst) {
    Type *written = type_under(type_named(inst->obj->type));
    IrType *under = inst->type->under;
    Written w = {l, &inst->env};
    if (inst->shaped && written->kind == TYPE_STRUCT) {
        for (uint32_t i = 0; i < under->nfields; i++) {
            meet_written(&w, written->strct.fields.v[i]->type);
            lower_meet_type(l, under->fields[i].type);
        }
    } else {
        if (inst->shaped) meet_written(&w, written);
        meet_declared(l, inst->type, &inst->env, MET_HERE);
    }
}

static void inst_type(Lower *l, Inst *inst) {
    inst->type = irtype_exact(l->p->types, inst->obj, inst->targs, inst->implicits);
    meet_underlying(l, inst);
    if (!inst->shaped) vec_push(l->p->scratch, &l->todo_dicts, inst);
    if (inst->type->kind != KIND_INTER) inst_methods(l, inst);
    if (!inst->shaped) lower_meet_type(l, inst->type); // else where a type says so
}

static uint64_t inst_hash(const Obj *o, IrTypeList targs) {
    uint64_t h = (uint64_t)(uintptr_t)o;
    for (uint32_t i = 0; i < targs.len; i++) h = hash_mix(h, targs.v[i]->canon->id);
    return h;
}

// With the arguments as they are.
static Inst *find_or_make(Lower *l, Obj *o, IrTypeList targs, uint32_t implicits, bool shaped) {
    TypeList tparams = all_tparams(l, o);
    uint64_t hash = inst_hash(o, targs);
    for (IndexIter it = index_find(&l->inst_index, hash); it.id; index_next(&it)) {
        Inst *known = l->insts.v[it.id - 1];
        if (known->obj == o && same_targs(known->targs, targs)) return known;
    }
    Inst *inst = NEW(l->p->arena, Inst);
    *inst = (Inst){
        .obj = o, .home = o->pkg->ir, .targs = targs, .implicits = implicits, .shaped = shaped};
    if (!inst->home) BUG("a generic declaration of a package that was not lowered");
    inst->env = env_for(l, tparams, inst);
    vec_push(l->p->arena, &l->insts, inst);
    index_add(&l->inst_index, hash, l->insts.len);
    if (o->kind == OBJ_FUNC)
        inst_function(l, inst);
    else
        inst_type(l, inst);
    return inst;
}

Inst *lower_inst(Lower *l, Obj *o, IrTypeList targs, uint32_t implicits, bool shaped) {
    for (uint32_t i = 0; i < targs.len; i++) shaped = shaped || targs.v[i]->has_shape;
    if (shaped) targs = shaped_targs(l, all_tparams(l, o), targs);
    return find_or_make(l, o, targs, implicits, shaped);
}

Inst *lower_inst_of(Lower *l, IrType *t) {
    return find_or_make(l, t->obj, t->targs, t->implicits, t->has_shape);
}

Func *lower_method_func(Lower *l, IrType *recv, const IrMethod *m) {
    if (!m->obj || !m->recv || irtype_is_interface(recv)) return NULL;
    IrType *base = irtype_base(recv);
    if (irtype_is_interface(base)) return NULL;
    if (!base->targs.len) return lower_func_of(l, irobj_origin(m->obj));
    Inst *inst = lower_inst_of(l, base);
    Obj *want = irobj_origin(m->obj);
    for (uint32_t i = 0; i < inst->nmethods; i++)
        if (inst->methods[i]->obj == want) return inst->methods[i];
    BUG("an instance without its method");
}

// The dictionary of a plain instance: a package-level variable.
Node *lower_dict_name(Lower *l, Inst *inst) {
    if (inst->dict) return inst->dict;
    Str base = mangled(l, name_str(l->p->names, inst->obj->name), inst->targs, inst->implicits);
    inst->dict =
        ir_name(l->p, (IrPos){IR_POS_AUTOGEN, 0}, str_join2(l->p->arena, STR(".dict."), base),
                inst->obj->pkg, dict_type(l->p->types, inst->obj), CLASS_EXTERN);
    lower_meet_dict(l, inst->obj, inst->targs, inst->implicits);
    return inst->dict;
}

// ---- bodies, last asked for first

static bool is_inst_func(const Func *f) { return f->inst && !f->oclosure; }

void lower_read_bodies(Lower *l, bool during_inlining) {
    IrPkg *p = l->p;
    FuncVec quiet = {0};
    while (l->todo_dicts.len || l->todo_bodies.len) {
        if (l->todo_dicts.len) {
            Inst *inst = vec_pop(&l->todo_dicts);
            inst->twin = lower_inst(l, inst->obj, inst->targs, inst->implicits, true);
            continue;
        }
        Todo t = vec_pop(&l->todo_bodies);
        lower_func_body(l, &t);
        if (!is_inst_func(t.func)) continue;
        if (during_inlining) {
            vec_push(p->scratch, &quiet, t.func);
        } else {
            vec_push(p->arena, &p->funcs, t.func);
        }
    }
    for (uint32_t i = 0; i < quiet.len && p->can_inline; i++) p->can_inline(p, quiet.v[i]);
    // Compiled elsewhere: only what may be inlined of them is kept, so escape analysis here sees
    // functions without bodies.
    for (uint32_t i = 0; i < quiet.len; i++) {
        quiet.v[i]->body = (NodeVec){0};
        quiet.v[i]->has_body = false;
    }
}
