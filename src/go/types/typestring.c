// go/types/typestring.c: types, objects and operands as the compiler's messages write them.
#include "go/types/types_internal.h"

#include "base/utf8.h"

typedef struct OnPath {
    Type *t;
    const struct OnPath *up;
} OnPath;

typedef struct Writer {
    Check *c;
    Buf *b;
    const Pkg *from; // names of this package stand unqualified
    bool full_paths; // others by path, not by name
    bool param_names;
    bool pkg_info; // tell packages of unexported fields apart
    const OnPath *path;
} Writer;

static void write_one(Writer *w, Type *t);

static void sep(Writer *w) { buf_lit(w->b, ", "); }

static Str name_of(const Writer *w, Name n) { return name_str(w->c->env->names, n); }

// ---- package qualification: by name, or by quoted path where two packages share the name

static void count_name(Check *c, const Pkg *p, PtrMap *seen) {
    if (ptrmap_get(seen, p)) return;
    ptrmap_put(seen, p, seen);
    Str name = name_str(c->env->names, p->name);
    ++*strmap_put(&c->pkg_names, name);
    for (uint32_t i = 0; i < p->imports.len; i++) count_name(c, p->imports.v[i], seen);
}

static uint32_t packages_named(Check *c, Name name) {
    if (!c->pkg_names_made) {
        c->pkg_names = strmap_new(c->arena);
        PtrMap seen = ptrmap_new(c->arena);
        if (c->pkg) count_name(c, c->pkg, &seen);
        c->pkg_names_made = true;
    }
    uint32_t *n = strmap_get(&c->pkg_names, name_str(c->env->names, name));
    return n ? *n : 0;
}

static void pkg_prefix(Writer *w, const Pkg *p) {
    if (!p || p == w->from) return;
    if (w->full_paths) {
        buf_str(w->b, name_of(w, p->path));
    } else if (packages_named(w->c, p->name) > 1) {
        buf_byte(w->b, '"');
        buf_str(w->b, name_of(w, p->path));
        buf_byte(w->b, '"');
    } else {
        buf_str(w->b, name_of(w, p->name));
    }
    buf_byte(w->b, '.');
}

static void type_name(Writer *w, const Obj *o) {
    pkg_prefix(w, o->pkg);
    buf_str(w->b, name_of(w, o->name));
}

// ---- pieces

static void type_list(Writer *w, TypeList list) {
    buf_byte(w->b, '[');
    for (uint32_t i = 0; i < list.len; i++) {
        if (i) sep(w);
        write_one(w, list.v[i]);
    }
    buf_byte(w->b, ']');
}

static void tparam_list(Writer *w, TypeList list) {
    buf_byte(w->b, '[');
    Type *prev = NULL;
    for (uint32_t i = 0; i < list.len; i++) {
        Type *bound = list.v[i]->tparam.bound;
        if (i) {
            if (bound != prev) {
                buf_byte(w->b, ' ');
                write_one(w, prev);
            }
            sep(w);
        }
        prev = bound;
        write_one(w, list.v[i]);
    }
    if (prev) {
        buf_byte(w->b, ' ');
        write_one(w, prev);
    }
    buf_byte(w->b, ']');
}

static void write_tuple(Writer *w, Type *t, bool variadic) {
    buf_byte(w->b, '(');
    uint32_t n = t ? t->tuple.vars.len : 0;
    for (uint32_t i = 0; i < n; i++) {
        const Obj *v = t->tuple.vars.v[i];
        if (i) sep(w);
        Str name = name_of(w, v->name);
        if (name.len && w->param_names) {
            buf_str(w->b, name);
            buf_byte(w->b, ' ');
        }
        bool spread = variadic && i + 1 == n, slice = is_kind(v->type, TYPE_SLICE);
        if (spread && slice) buf_lit(w->b, "...");
        write_one(w, spread && slice ? v->type->slice.elem : v->type);
        if (spread && !slice) buf_lit(w->b, "...");
    }
    buf_byte(w->b, ')');
}

static void write_sig(Writer *w, Type *t) {
    if (t->sig.tparams.len) tparam_list(w, t->sig.tparams);
    write_tuple(w, t->sig.params, t->sig.variadic);
    Type *r = t->sig.results;
    if (!r) return;
    buf_byte(w->b, ' ');
    if (r->tuple.vars.len == 1 && !name_of(w, r->tuple.vars.v[0]->name).len)
        write_one(w, r->tuple.vars.v[0]->type);
    else
        write_tuple(w, r, false);
}

// As Go's strconv.Quote for the tags people write.
static void quoted(Buf *b, Str s) {
    buf_byte(b, '"');
    for (size_t i = 0; i < s.len; i++) {
        uint8_t ch = (uint8_t)s.ptr[i];
        if (ch == '"' || ch == '\\') buf_byte(b, '\\');
        if (ch == '\n')
            buf_lit(b, "\\n");
        else if (ch == '\t')
            buf_lit(b, "\\t");
        else if (ch < 0x20 || ch == 0x7f)
            buf_fmt(b, "\\x%02x", ch);
        else
            buf_byte(b, (char)ch);
    }
    buf_byte(b, '"');
}

static void write_struct(Writer *w, Type *t) {
    buf_lit(w->b, "struct{");
    for (uint32_t i = 0; i < t->strct.fields.len; i++) {
        const Obj *f = t->strct.fields.v[i];
        if (i) buf_lit(w->b, "; ");
        bool annotate = w->pkg_info && !f->exported;
        if (annotate) w->pkg_info = false;
        if (!f->embedded) {
            buf_str(w->b, name_of(w, f->name));
            buf_byte(w->b, ' ');
        }
        write_one(w, f->type);
        if (annotate && f->pkg)
            buf_fmt(w->b, " /* package " STR_FMT " */ ", STR_ARG(name_of(w, f->pkg->path)));
        if (t->strct.tags && t->strct.tags[i].len) {
            buf_byte(w->b, ' ');
            quoted(w->b, t->strct.tags[i]);
        }
    }
    buf_byte(w->b, '}');
}

static void write_term_list(Writer *w, TermList terms) {
    for (uint32_t i = 0; i < terms.len; i++) {
        if (i) buf_lit(w->b, " | ");
        if (terms.v[i].tilde) buf_byte(w->b, '~');
        write_one(w, terms.v[i].type);
    }
}

static void write_iface(Writer *w, Type *t) {
    if (t == &empty_interface) {
        buf_lit(w->b, "any");
        return;
    }
    if (t == w->c->env->comparable_obj->type->named.under) {
        buf_lit(w->b, "interface{comparable}");
        return;
    }
    if (t->iface.implicit) {
        if (!t->iface.methods.len && t->iface.embeddeds.len == 1) {
            write_one(w, t->iface.embeddeds.v[0]);
            return;
        }
        buf_lit(w->b, "/* implicit */ ");
    }
    buf_lit(w->b, "interface{");
    bool first = true;
    for (uint32_t i = 0; i < t->iface.methods.len; i++, first = false) {
        if (!first) buf_lit(w->b, "; ");
        buf_str(w->b, name_of(w, t->iface.methods.v[i]->name));
        if (is_kind(t->iface.methods.v[i]->type, TYPE_SIGNATURE))
            write_sig(w, t->iface.methods.v[i]->type);
    }
    for (uint32_t i = 0; i < t->iface.embeddeds.len; i++, first = false) {
        if (!first) buf_lit(w->b, "; ");
        write_one(w, t->iface.embeddeds.v[i]);
    }
    buf_byte(w->b, '}');
}

static void write_chan(Writer *w, Type *t) {
    static const char *const words[] = {"chan ", "chan<- ", "<-chan "};
    Type *elem = t->chan.elem;
    bool parens =
        t->chan.dir == CHAN_BOTH && is_kind(elem, TYPE_CHAN) && elem->chan.dir == CHAN_RECV_ONLY;
    buf_c(w->b, words[t->chan.dir]);
    if (parens) buf_byte(w->b, '(');
    write_one(w, elem);
    if (parens) buf_byte(w->b, ')');
}

static void write_named(Writer *w, const Obj *o, TypeList targs, TypeList tparams) {
    type_name(w, o);
    if (targs.len)
        type_list(w, targs);
    else if (tparams.len)
        tparam_list(w, tparams);
}

static void write_tparam(Writer *w, Type *t) {
    const Obj *o = t->tparam.obj;
    buf_str(w->b, name_of(w, o->name));
    if (!scope_lookup(w->c->env->universe, o->name)) return;
    buf_str(w->b, check_format(w->c, " /* with %N declared at %P */", o->name, o->pos));
}

static void write_kind(Writer *w, Type *t) { // flat switch
    switch (t->kind) {
    case TYPE_BASIC:
        buf_c(w->b, t->basic.kind == BASIC_UNSAFE_POINTER ? "unsafe.Pointer" : t->basic.name);
        return;
    case TYPE_ARRAY:
        buf_fmt(w->b, "[%lld]", (long long)t->array.len);
        write_one(w, t->array.elem);
        return;
    case TYPE_SLICE:
        buf_lit(w->b, "[]");
        write_one(w, t->slice.elem);
        return;
    case TYPE_STRUCT: write_struct(w, t); return;
    case TYPE_POINTER:
        buf_byte(w->b, '*');
        write_one(w, t->pointer.elem);
        return;
    case TYPE_TUPLE: write_tuple(w, t, false); return;
    case TYPE_SIGNATURE:
        buf_lit(w->b, "func");
        write_sig(w, t);
        return;
    case TYPE_UNION: write_term_list(w, t->unio.terms); return;
    case TYPE_INTERFACE: write_iface(w, t); return;
    case TYPE_MAP:
        buf_lit(w->b, "map[");
        write_one(w, t->map.key);
        buf_byte(w->b, ']');
        write_one(w, t->map.elem);
        return;
    case TYPE_CHAN: write_chan(w, t); return;
    case TYPE_NAMED:
        write_named(w, t->named.obj, t->named.targs,
                    t->named.origin ? (TypeList){0} : t->named.tparams);
        return;
    case TYPE_TPARAM: write_tparam(w, t); return;
    case TYPE_ALIAS:
        write_named(w, t->alias.obj, t->alias.targs,
                    t->alias.origin == t ? t->alias.tparams : (TypeList){0});
        return;
    }
    BUG("type kind %d", t->kind);
}

static const char *kind_name(TypeKind k) {
#define X(id, text) [TYPE_##id] = text,
    static const char *const names[] = {TYPE_KINDS(X)};
#undef X
    return names[k];
}

static void write_one(Writer *w, Type *t) {
    if (!t) {
        buf_lit(w->b, "<nil>");
        return;
    }
    for (const OnPath *p = w->path; p; p = p->up)
        if (p->t == t) {
            buf_fmt(w->b, "<cycle to *%s>", kind_name(t->kind));
            return;
        }
    OnPath here = {t, w->path};
    w->path = &here;
    write_kind(w, t);
    w->path = here.up;
}

static Writer writer(Check *c, Buf *b) {
    return (Writer){.c = c, .b = b, .from = c->pkg, .param_names = true};
}

void write_type(Check *c, Buf *b, Type *t) {
    Writer w = writer(c, b);
    write_one(&w, t);
}

void write_signature_bare(Check *c, Buf *b, Type *sig, bool pkg_info) {
    Writer w = writer(c, b);
    w.param_names = false;
    w.pkg_info = pkg_info;
    if (pkg_info) {
        w.from = NULL;
        w.full_paths = true;
    }
    write_sig(&w, sig);
}

void write_terms(Check *c, Buf *b, TermList terms) {
    // Type sets are written without relation to a package: by path.
    Writer w = {.c = c, .b = b, .full_paths = true, .param_names = true};
    if (terms_empty(terms))
        buf_lit(b, "∅");
    else
        write_term_list(&w, terms);
}

const char *composite_kind(Type *t) {
    switch (type_under(t)->kind) {
    case TYPE_BASIC: return "";
    case TYPE_ARRAY: return "array";
    case TYPE_SLICE: return "slice";
    case TYPE_STRUCT: return "struct";
    case TYPE_POINTER: return "pointer";
    case TYPE_SIGNATURE: return "func";
    case TYPE_INTERFACE: return "interface";
    case TYPE_MAP: return "map";
    case TYPE_CHAN: return "chan";
    case TYPE_TUPLE: return "tuple";
    case TYPE_UNION: return "union";
    case TYPE_NAMED:
    case TYPE_TPARAM:
    case TYPE_ALIAS: break;
    }
    BUG("an underlying type that is none");
}

// ---- objects

static void func_name(Writer *w, const Obj *f) {
    const Obj *recv = is_kind(f->type, TYPE_SIGNATURE) ? f->type->sig.recv : NULL;
    if (recv) {
        buf_byte(w->b, '(');
        if (is_kind(recv->type, TYPE_INTERFACE))
            buf_lit(w->b, "interface");
        else
            write_one(w, recv->type);
        buf_lit(w->b, ").");
    } else if (f->type) {
        pkg_prefix(w, f->pkg);
    }
    buf_str(w->b, name_of(w, f->name));
}

static void write_func(Writer *w, const Obj *o) {
    buf_lit(w->b, "func ");
    func_name(w, o);
    if (is_kind(o->type, TYPE_SIGNATURE)) write_sig(w, o->type);
}

static void type_object(Writer *w, const Obj *o) {
    Type *t = o->type;
    if (t->kind == TYPE_BASIC) return;
    TypeList tparams = t->kind == TYPE_NAMED   ? named_tparams(t)
                       : t->kind == TYPE_ALIAS ? t->alias.tparams
                                               : (TypeList){0};
    if (tparams.len) tparam_list(w, tparams);
    if (obj_is_alias(o)) {
        buf_lit(w->b, " =");
        if (t->kind == TYPE_ALIAS) t = t->alias.rhs;
    } else if (t->kind == TYPE_TPARAM) {
        t = t->tparam.bound;
    } else {
        t = type_under(t);
    }
    buf_byte(w->b, ' ');
    write_one(w, t);
}

static void write_pkg_object(Writer *w, const Obj *o) {
    buf_lit(w->b, "package ");
    buf_str(w->b, name_of(w, o->name));
    Str path = name_of(w, o->imported->path);
    if (path.len && o->imported->path != o->name)
        buf_fmt(w->b, " (\"" STR_FMT "\")", STR_ARG(path));
}

static void write_obj(Writer *w, const Obj *o) {
    switch (o->kind) {
    case OBJ_PKG: write_pkg_object(w, o); return;
    case OBJ_FUNC: write_func(w, o); return;
    case OBJ_NIL: buf_lit(w->b, "nil"); return;
    case OBJ_CONST: buf_lit(w->b, "const "); break;
    case OBJ_TYPE:
        buf_c(w->b, o->type && type_is_tparam(o->type) ? "type parameter " : "type ");
        break;
    case OBJ_VAR: buf_c(w->b, o->var_kind == VAR_FIELD ? "field " : "var "); break;
    case OBJ_LABEL: buf_lit(w->b, "label "); break;
    case OBJ_BUILTIN: buf_lit(w->b, "builtin "); break;
    }
    if (o->pkg && scope_lookup(o->pkg->scope, o->name) == o) pkg_prefix(w, o->pkg);
    buf_str(w->b, name_of(w, o->name));
    if (!o->type || o->kind == OBJ_LABEL || o->kind == OBJ_BUILTIN) return;
    if (o->kind == OBJ_TYPE) {
        type_object(w, o);
        return;
    }
    buf_byte(w->b, ' ');
    write_one(w, o->type);
}

void write_object(Check *c, Buf *b, Obj *o) {
    Writer w = writer(c, b);
    write_obj(&w, o);
}

const char *object_kind(Obj *o) {
    static const char *const vars[] = {
        "package-level variable", "local variable", "receiver", "parameter",
        "result variable",        "struct field"};
    switch (o->kind) {
    case OBJ_PKG: return "package name";
    case OBJ_CONST: return "constant";
    case OBJ_TYPE:
        if (obj_is_alias(o)) return "type alias";
        return is_kind(o->type, TYPE_TPARAM) ? "type parameter" : "defined type";
    case OBJ_VAR: return vars[o->var_kind];
    case OBJ_FUNC:
        return is_kind(o->type, TYPE_SIGNATURE) && o->type->sig.recv ? "method" : "function";
    case OBJ_LABEL: return "label";
    case OBJ_BUILTIN: return "built-in function";
    case OBJ_NIL: return "untyped nil";
    }
    BUG("object kind %d", o->kind);
}

// ---- operands

static void operand_type(Writer *w, Operand *x) {
    if (!is_valid(x->type)) {
        buf_lit(w->b, " with invalid type");
        return;
    }
    Type *tp = unalias_as(x->type, TYPE_TPARAM);
    buf_lit(w->b, " of ");
    if (is_generic(x->type)) buf_lit(w->b, "generic ");
    if (!tp && (x->type->kind == TYPE_ALIAS || x->type->kind == TYPE_NAMED)) {
        const char *what = composite_kind(x->type);
        buf_c(w->b, *what ? what : type_under(x->type)->basic.name);
        buf_byte(w->b, ' ');
    }
    buf_lit(w->b, "type ");
    write_one(w, x->type);
    if (!tp) return;
    buf_lit(w->b, " constrained by ");
    write_one(w, tp->tparam.bound);
    if (has_empty_type_set(tp)) buf_lit(w->b, " with empty type set");
}

static bool write_nil(Writer *w, Operand *x) {
    if (x->mode != MODE_NIL) return false;
    if (!x->type || x->type == BASIC(INVALID)) {
        buf_lit(w->b, "nil (with invalid type)");
    } else if (x->type == BASIC(UNTYPED_NIL)) {
        buf_lit(w->b, "nil");
    } else {
        buf_lit(w->b, "nil (of type ");
        write_one(w, x->type);
        buf_byte(w->b, ')');
    }
    return true;
}

static Str operand_expr(Writer *w, Operand *x) {
    Arena *a = w->b->arena;
    if (x->expr) return syntax_expr_string(a, w->c->env->names, x->expr);
    if (x->mode == MODE_TYPE) return check_format(w->c, "%T", x->type);
    if (x->mode == MODE_CONST) return const_str(a, x->value);
    return (Str){"", 0};
}

static void write_op(Writer *w, Operand *x) {
    static const char *const modes[] = {"invalid operand",
                                        "no value",
                                        "built-in",
                                        "type",
                                        "constant",
                                        "variable",
                                        "map index expression",
                                        "value",
                                        "nil",
                                        "comma, ok expression",
                                        "comma, error expression",
                                        "cgo function"};
    if (write_nil(w, x)) return;
    Str expr = operand_expr(w, x);
    if (expr.len) {
        buf_str(w->b, expr);
        buf_lit(w->b, " (");
    }
    bool typed = false;
    if (x->mode > MODE_TYPE && x->type) {
        typed = !is_untyped(x->type);
        if (!typed) buf_fmt(w->b, "%s ", x->type->basic.name);
    }
    buf_c(w->b, modes[x->mode]);
    if (x->mode == MODE_CONST) {
        Str v = const_str(w->b->arena, x->value);
        if (!str_eq(v, expr)) {
            buf_byte(w->b, ' ');
            buf_str(w->b, v);
        }
    }
    if (typed) operand_type(w, x);
    if (expr.len) buf_byte(w->b, ')');
}

void write_operand(Check *c, Buf *b, Operand *x) {
    Writer w = writer(c, b);
    write_op(&w, x);
}

// ---- for others

Str type_string(Arena *a, const TypesEnv *env, Type *t, const Pkg *from) {
    Buf b = buf_new(a);
    Check c = {.env = (TypesEnv *)(uintptr_t)env, .arena = a, .local = a};
    Writer w = {.c = &c, .b = &b, .from = from, .full_paths = true, .param_names = true};
    write_one(&w, t);
    return buf_view(&b);
}

Str obj_string(Arena *a, const TypesEnv *env, Obj *o, const Pkg *from) {
    Buf b = buf_new(a);
    Check c = {.env = (TypesEnv *)(uintptr_t)env, .arena = a, .local = a};
    Writer w = {.c = &c, .b = &b, .from = from, .full_paths = true, .param_names = true};
    write_obj(&w, o);
    return buf_view(&b);
}
