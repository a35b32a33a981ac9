// go/types/resolver.c: imports, and every package-level name of every file, before any is checked.
#include "go/types/types_internal.h"

#include "base/quote.h"
#include "base/utf8.h"

ExprList list_of(Check *c, Expr *x) {
    if (!x) return (ExprList){0};
    if (x->kind == EXPR_LIST) return x->list;
    Expr **one = NEW(c->local, Expr *);
    *one = x;
    return (ExprList){one, 1};
}

void check_arity(Check *c, Pos pos, ExprList names, ExprList inits, bool is_const, bool inherited) {
    uint32_t l = names.len, r = inits.len;
    if (l < r) {
        Expr *n = inits.v[l];
        if (inherited)
            check_error(c, pos, "extra init expr at %P", n->pos);
        else
            check_error(c, at_expr(n), "extra init expr %E", n);
    } else if (l > r && (is_const || r != 1)) {
        check_error(c, at_expr(names.v[r]), "missing init expr for %N", names.v[r]->name);
    }
}

// ---- imports

// As %#U writes it.
static Str invalid_character(Arena *a, uint32_t rune) {
    char utf8[4];
    int width = (int)utf8_encode(utf8, rune);
    return rune_is_print(rune) ? str_fmt(a, "invalid character U+%04X '%.*s'", rune, width, utf8)
                               : str_fmt(a, "invalid character U+%04X", rune);
}

static bool import_path(Check *c, Expr *lit, Str *path) {
    if (!lit || lit->kind != EXPR_LIT || lit->bad || !syntax_unquote(c->arena, lit->text, path))
        return false;
    Str why = STR("");
    if (!path->len) why = STR("empty string");
    Str rest = *path;
    for (uint32_t w; rest.len && !why.len; rest = str_from(rest, w)) {
        uint32_t r = utf8_decode(rest, &w);
        bool illegal = !rune_is_print(r) || r == ' ' || r == UTF8_BAD ||
                       (r < 0x80 && strchr("!\"#$%&'()*,:;<=>?[\\]^{|}`", (int)r));
        if (illegal) why = invalid_character(c->arena, r);
    }
    if (!why.len) return true;
    check_error(c, at_expr(lit), "invalid import path (%S)", why);
    return false;
}

static Pkg *fake_package(Check *c, Str path) {
    Pkg *p = NEW(c->arena, Pkg);
    p->path = name_intern(c->env->names, path);
    Str name = path;
    str_cut_suffix(&name, STR("/"));
    size_t slash = str_rfind_byte(name, '/');
    if (slash != STR_NONE) name = str_from(name, slash + 1);
    p->name = name_intern(c->env->names, name);
    p->scope = scope_new(c->arena, c->env->universe, 0, 0);
    p->fake = true;
    return p;
}

static Pkg *import_package(Check *c, Pos pos, Str path) {
    if (str_eq(path, STR("C")) && (c->cfg->fake_import_c || c->cfg->cgo)) {
        Pkg *p = fake_package(c, path);
        p->cgo = c->cfg->cgo;
        return p;
    }
    if (str_eq(path, STR("unsafe"))) return c->env->unsafe_pkg;
    Str why = STR("no importer");
    Pkg *p = c->cfg->import ? c->cfg->import(c->cfg->import_ctx, path, &why) : NULL;
    if (p && !p->name) {
        why = STR("invalid package name: \"\"");
        p = NULL;
    }
    if (p) return p;
    check_error(c, pos, "could not import %S (%S)", path, why);
    return fake_package(c, path);
}

static void add_import(Check *c, Pkg *imp) {
    for (uint32_t i = 0; i < c->pkg->imports.len; i++)
        if (c->pkg->imports.v[i] == imp) return;
    vec_push(c->arena, &c->pkg->imports, imp);
}

typedef struct DotImport { // an object filed under a dot-import in one file
    Scope *scope;
    Obj *pkg_name;
    struct DotImport *next;
} DotImport;

static void dot_import(Check *c, Scope *file, Expr *local, Obj *pkg_name) {
    const Scope *s = pkg_name->imported->scope;
    for (uint32_t i = 0; i < s->objs.len; i++) {
        Obj *o = s->objs.v[i];
        if (!o->exported) continue;
        Obj *alt = scope_lookup(file, o->name);
        if (alt) {
            ErrorBuilder e = error_begin(c);
            error_add(&e, at_expr(local), "%N redeclared in this block", alt->name);
            error_add_alt(&e, alt);
            error_report(&e);
            continue;
        }
        scope_put(c->arena, file, o->name, o);
        DotImport *d = NEW(c->arena, DotImport);
        *d = (DotImport){file, pkg_name, ptrmap_get(&c->dot_imports, o)};
        ptrmap_put(&c->dot_imports, o, d);
    }
}

static void collect_import(Check *c, Scope *file, Decl *d) {
    Str path;
    Expr *local = d->import.local;
    if (!import_path(c, d->import.path, &path)) return;
    Pkg *imp = import_package(c, d->import.path->pos, path);
    Name name = imp->name;
    if (local) {
        name = local->name;
        if (str_eq(path, STR("C"))) {
            check_error(c, at_expr(local), "cannot rename import \"C\"");
            return;
        }
    }
    if (name == c->env->init) {
        check_error(c, d->pos, "cannot import package as init - init must be a func");
        return;
    }
    add_import(c, imp);
    Obj *o = obj_new(c, OBJ_PKG, d->pos, name);
    o->type = BASIC(INVALID);
    o->imported = imp;
    o->used = imp->fake;
    if (local) record_def(c, local, o);
    vec_push(c->arena, &c->imports, o);
    if (str_eq(name_str(c->env->names, name), STR(".")))
        dot_import(c, file, local, o);
    else
        check_declare(c, file, NULL, o, 0);
}

void unused_imports(Check *c) {
    if (c->cfg->ignore_bodies) return;
    for (uint32_t i = 0; i < c->imports.len; i++) {
        Obj *o = c->imports.v[i];
        if (o->used || o->name == c->env->blank) continue;
        Str path = name_str(c->env->names, o->imported->path), elem = path;
        size_t slash = str_rfind_byte(path, '/');
        if (slash != STR_NONE) elem = str_from(path, slash + 1);
        Str name = name_str(c->env->names, o->name);
        if (!name.len || str_eq(name, STR(".")) || str_eq(name, elem))
            check_soft_error(c, o->pos, "\"%S\" imported and not used", path);
        else
            check_soft_error(c, o->pos, "\"%S\" imported as %S and not used", path, name);
    }
}

// ---- declarations

typedef struct MethodDecl {
    Obj *o;
    bool ptr;
    Expr *recv; // NAME of the base type
} MethodDecl;

typedef struct Collecting {
    Check *c;
    Scope *file;
    GoVersion version;
    int first;  // index of the present const group's first spec; -1: none
    Decl *last; // the spec whose type and values are inherited
    VEC(MethodDecl) methods;
} Collecting;

static void register_object(Collecting *k, Obj *o, DeclInfo *d) {
    o->decl = d;
    vec_push(k->c->arena, &k->c->objects, o);
    o->order = k->c->objects.len;
}

static DeclInfo *decl_new(Collecting *k) {
    DeclInfo *d = NEW(k->c->arena, DeclInfo);
    d->file = k->file;
    d->version = k->version;
    return d;
}

static void declare_pkg_obj(Collecting *k, Expr *name, Obj *o, DeclInfo *d) {
    Check *c = k->c;
    if (name->name == c->env->init) {
        check_error(c, at_expr(name), "cannot declare init - must be func");
        return;
    }
    if (name->name == c->env->main_ && c->pkg->name == c->env->main_) {
        check_error(c, at_expr(name), "cannot declare main - must be func");
        return;
    }
    check_declare(c, c->pkg->scope, name, o, 0);
    register_object(k, o, d);
}

static void collect_consts(Collecting *k, DeclList list, uint32_t index) {
    Check *c = k->c;
    Decl *s = list.v[index];
    if (k->first < 0 || !s->group || list.v[index - 1]->group != s->group) {
        k->first = (int)index;
        k->last = NULL;
    }
    bool inherited = true;
    if (s->value.type || s->value.values) {
        k->last = s;
        inherited = false;
    } else if (!k->last) {
        inherited = false;
    }
    ExprList values = k->last ? list_of(c, k->last->value.values) : (ExprList){0};
    Const *iota = const_i64(c->arena, (int64_t)index - k->first);
    for (uint32_t i = 0; i < s->value.names.len; i++) {
        Expr *name = s->value.names.v[i];
        Obj *o = obj_new(c, OBJ_CONST, name->pos, name->name);
        o->value = iota;
        DeclInfo *d = decl_new(k);
        d->vtype = k->last ? k->last->value.type : NULL;
        d->init = i < values.len ? values.v[i] : NULL;
        d->inherited = inherited;
        declare_pkg_obj(k, name, o, d);
    }
    check_arity(c, s->pos, s->value.names, values, true, inherited);
}

static void collect_vars(Collecting *k, Decl *s) {
    Check *c = k->c;
    ExprList names = s->value.names, values = list_of(c, s->value.values);
    ObjList lhs;
    NEW_LIST(c->arena, &lhs, names.len);
    DeclInfo *shared = NULL; // of an n:1 declaration, and of one without values
    if (!s->value.values || s->value.values->kind != EXPR_LIST) {
        shared = decl_new(k);
        shared->lhs = lhs;
        shared->vtype = s->value.type;
        shared->init = s->value.values;
    }
    for (uint32_t i = 0; i < names.len; i++) {
        lhs.v[i] = var_new(c, VAR_PACKAGE, names.v[i]->pos, names.v[i]->name, NULL);
        DeclInfo *d = shared;
        if (!d) {
            d = decl_new(k);
            d->vtype = s->value.type;
            d->init = i < values.len ? values.v[i] : NULL;
        }
        declare_pkg_obj(k, names.v[i], lhs.v[i], d);
    }
    if (!s->value.type || values.len) check_arity(c, s->pos, names, values, false, false);
}

static bool collect_plain_func(Collecting *k, Decl *s, Obj *o) {
    Check *c = k->c;
    Expr *id = s->func.name;
    bool is_init = o->name == c->env->init, tparam_error = false;
    if (is_init || (o->name == c->env->main_ && c->pkg->name == c->env->main_)) {
        if (s->func.tparams.len) {
            check_soft_error(c, s->func.tparams.v[0].pos, "func %N must have no type parameters",
                             o->name);
            tparam_error = true;
        }
        Expr *t = s->func.type;
        if (t->func_type.params.len || t->func_type.results.len)
            check_soft_error(c, at_expr(id), "func %N must have no arguments and no return values",
                             o->name);
    }
    if (!is_init) {
        check_declare(c, c->pkg->scope, id, o, 0);
        return tparam_error;
    }
    o->parent = c->pkg->scope;
    record_def(c, id, o);
    if (!s->func.body) check_soft_error(c, o->pos, "func init must have a body");
    return tparam_error;
}

void unpack_recv(Check *c, Expr *rtype, bool params, bool *ptr, Expr **base, ExprList *tparams) {
    *ptr = false;
    *tparams = (ExprList){0};
    Expr *x = syntax_unparen_mut(rtype);
    if (x->kind == EXPR_OPERATION && x->op == OP_MUL && !x->operation.y) {
        *ptr = true;
        x = syntax_unparen_mut(x->operation.x);
    }
    *base = x;
    if (x->kind != EXPR_INDEX) return;
    *base = x->index.x;
    if (!params) return;
    ExprList args = list_of(c, x->index.index);
    NEW_LIST(c->arena, tparams, args.len);
    for (uint32_t i = 0; i < args.len; i++) {
        Expr *arg = args.v[i];
        tparams->v[i] = arg;
        if (arg->kind == EXPR_NAME) continue;
        if (arg->kind != EXPR_BAD)
            check_error(c, at_expr(arg), "receiver type parameter %E must be an identifier", arg);
        Expr *blank = NEW(c->arena, Expr); // takes its place, without an id of its own
        blank->kind = EXPR_NAME;
        blank->pos = arg->pos;
        blank->name = c->env->blank;
        tparams->v[i] = blank;
    }
}

static void collect_func(Collecting *k, Decl *s) {
    Check *c = k->c;
    Expr *id = s->func.name;
    Obj *o = obj_new(c, OBJ_FUNC, id->pos, id->name);
    bool tparam_error = false;
    if (!s->func.recv) {
        tparam_error = collect_plain_func(k, s, o);
    } else {
        MethodDecl m = {.o = o};
        ExprList none;
        unpack_recv(c, s->func.recv->type, false, &m.ptr, &m.recv, &none);
        if (m.recv->kind == EXPR_NAME && o->name != c->env->blank)
            vec_push(c->arena, &k->methods, m);
        record_def(c, id, o);
    }
    if (s->func.tparams.len && !tparam_error)
        check_verify(c, s->func.tparams.v[0].pos, 118, "type parameter");
    DeclInfo *d = decl_new(k);
    d->fdecl = s;
    register_object(k, o, d);
}

static void collect_type(Collecting *k, Decl *s) {
    Obj *o = obj_new(k->c, OBJ_TYPE, s->type.name->pos, s->type.name->name);
    DeclInfo *d = decl_new(k);
    d->tdecl = s;
    declare_pkg_obj(k, s->type.name, o, d);
}

static void collect_file(Collecting *k, File *f) {
    k->first = -1;
    for (uint32_t i = 0; i < f->decls.len; i++) {
        Decl *s = f->decls.v[i];
        if (s->kind != DECL_CONST) k->first = -1;
        switch (s->kind) {
        case DECL_IMPORT: collect_import(k->c, k->file, s); break;
        case DECL_CONST: collect_consts(k, f->decls, i); break;
        case DECL_VAR: collect_vars(k, s); break;
        case DECL_TYPE: collect_type(k, s); break;
        case DECL_FUNC: collect_func(k, s); break;
        }
    }
}

// A file's imports may not bear the name of a package-level object.
static void check_file_scope(Check *c, const Scope *file) {
    for (uint32_t i = 0; i < file->objs.len; i++) {
        Obj *o = file->objs.v[i], *alt = scope_lookup(c->pkg->scope, file->names.v[i]);
        if (!alt) continue;
        ErrorBuilder e = error_begin(c);
        if (o->kind == OBJ_PKG)
            error_add(&e, alt->pos, "%N already declared through import of %Q", alt->name,
                      o->imported);
        else
            error_add(&e, alt->pos, "%N already declared through dot-import of %Q", alt->name,
                      o->pkg);
        error_add_alt(&e, o);
        error_report(&e);
    }
}

// The type a method's receiver names, through aliases of this package; ptr is set when one of them
// is a pointer.
static Obj *base_type(Check *c, bool *ptr, Expr *name) {
    bool p = *ptr;
    for (int steps = 0; name && steps < 1000; steps++) {
        Obj *o = scope_lookup(c->pkg->scope, name->name);
        if (!o || o->kind != OBJ_TYPE || !o->decl) return NULL;
        Decl *d = o->decl->tdecl;
        if (!d->alias) {
            *ptr = p;
            return o;
        }
        if (d->type.tparams.len) return NULL;
        Expr *t = syntax_unparen_mut(d->type.type);
        if (t->kind == EXPR_OPERATION && t->op == OP_MUL && !t->operation.y) {
            if (p) return NULL;
            p = true;
            t = syntax_unparen_mut(t->operation.x);
        }
        name = t->kind == EXPR_NAME ? t : NULL;
    }
    return NULL;
}

static void associate_methods(Collecting *k) {
    Check *c = k->c;
    for (uint32_t i = 0; i < k->methods.len; i++) {
        MethodDecl *m = &k->methods.v[i];
        Obj *base = base_type(c, &m->ptr, m->recv);
        if (!base) continue;
        m->o->has_ptr_recv = m->ptr;
        ObjVec *list = ptrmap_get(&c->methods, base);
        if (!list) {
            list = NEW(c->arena, ObjVec);
            ptrmap_put(&c->methods, base, list);
        }
        vec_push(c->arena, list, m->o);
    }
}

void collect_objects(Check *c) {
    Collecting k = {.c = c};
    VEC(Scope *) files = {0};
    for (uint32_t i = 0; i < c->in.file_count; i++) {
        File *f = c->in.files[i];
        k.version = c->e.version = c->file_versions[i];
        k.file = scope_new(c->arena, c->pkg->scope, syntax_start_pos(node_file(f)), f->eof);
        vec_push(c->arena, &files, k.file);
        collect_file(&k, f);
    }
    for (uint32_t i = 0; i < files.len; i++) check_file_scope(c, files.v[i]);
    associate_methods(&k);
}

void package_objects(Check *c) {
    for (uint32_t i = 0; i < c->objects.len; i++) { // found to be part of a cycle
        Obj *o = c->objects.v[i];
        if (o->kind == OBJ_TYPE && o->type) collect_methods(c, o);
    }
    // Types first (aliases after them), since everything else may need methods and sizes.
    for (int round = 0; round < 3; round++)
        for (uint32_t i = 0; i < c->objects.len; i++) {
            Obj *o = c->objects.v[i];
            bool is_type = o->kind == OBJ_TYPE, alias = is_type && o->decl->tdecl->alias;
            if (round == (is_type ? (alias ? 1 : 0) : 2)) check_obj_decl(c, o);
        }
}
