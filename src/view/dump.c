// view/dump.c: a checked package as text. tests/oracle/typedump prints the same from go/types.
#include "view/dump.h"

#include <stdlib.h>

#include "go/types/constant.h"

typedef struct Dump {
    Buf *b;
    const Program *p;
    const ProgramUnit *u;
    Sizes sizes;
    Arena *a; // of one unit
    StrVec lines;
} Dump;

static Str text_of(const Dump *d, Type *t) {
    return type_string(d->a, program_types(d->p), t, NULL);
}
static Str name_of(const Dump *d, Name n) { return name_str(program_names(d->p), n); }

static void line(Dump *d, Buf *one) {
    buf_byte(one, '\n');
    vec_push(d->a, &d->lines, buf_view(one));
}

static Buf begin(const Dump *d, const char *kind, const Obj *o) {
    Buf one = buf_new(d->a);
    buf_fmt(&one, "%s " STR_FMT, kind, STR_ARG(name_of(d, o->name)));
    return one;
}

typedef struct OpenSeen {
    Type *t;
    const struct OpenSeen *up;
} OpenSeen;

// A type with type parameters in it has no size.
static bool open_type(Type *t, const OpenSeen *up) {
    Type *u = type_unalias(t);
    for (const OpenSeen *s = up; s; s = s->up)
        if (s->t == u) return false;
    OpenSeen here = {u, up};
    if (u->kind == TYPE_TPARAM) return true;
    if (u->kind == TYPE_NAMED) return open_type(type_under(u), &here);
    if (u->kind == TYPE_ARRAY) return open_type(u->array.elem, &here);
    for (uint32_t i = 0; u->kind == TYPE_STRUCT && i < u->strct.fields.len; i++)
        if (open_type(u->strct.fields.v[i]->type, &here)) return true;
    return false;
}

static void write_sizes(const Dump *d, Buf *one, Type *t) {
    if (open_type(t, NULL)) return;
    buf_fmt(one, " size=%lld align=%lld", (long long)sizes_of(d->sizes, t),
            (long long)sizes_align(d->sizes, t));
    Type *u = type_under(t);
    if (u->kind != TYPE_STRUCT || !u->strct.fields.len) return;
    int64_t *offsets = NEW_ARRAY(d->a, int64_t, u->strct.fields.len);
    sizes_offsets(d->sizes, u->strct.fields, offsets);
    buf_lit(one, " offsets=");
    for (uint32_t i = 0; i < u->strct.fields.len; i++)
        buf_fmt(one, "%s%lld", i ? "," : "", (long long)offsets[i]);
}

static void dump_methods(Dump *d, const Obj *o, Type *t, const char *star) {
    MethodList list = types_method_set(program_types(d->p), d->a, t);
    for (uint32_t i = 0; i < list.len; i++) {
        const Method *m = &list.v[i];
        Buf one = begin(d, "method", o);
        buf_fmt(&one, " %s " STR_FMT " ", star, STR_ARG(name_of(d, m->obj->name)));
        for (uint32_t k = 0; k < m->index.len; k++)
            buf_fmt(&one, "%s%u", k ? "." : "", m->index.v[k]);
        buf_c(&one, m->indirect ? " indirect " : " direct ");
        buf_str(&one, text_of(d, m->obj->type));
        line(d, &one);
    }
}

static void dump_type(Dump *d, Obj *o) {
    Type *t = o->type;
    bool generic = (t->kind == TYPE_NAMED && t->named.tparams.len) ||
                   (t->kind == TYPE_ALIAS && t->alias.tparams.len);
    Buf one = begin(d, t->kind == TYPE_ALIAS ? "alias" : "type", o);
    buf_byte(&one, ' ');
    buf_str(&one, text_of(d, t->kind == TYPE_ALIAS ? t->alias.rhs : type_under(t)));
    if (!generic) write_sizes(d, &one, t);
    line(d, &one);
    if (generic || t->kind != TYPE_NAMED || type_is_interface(t)) return;
    Type ptr = {.kind = TYPE_POINTER, .pointer = {t}};
    dump_methods(d, o, t, "T");
    dump_methods(d, o, &ptr, "*T");
}

static void dump_object(Dump *d, Obj *o) {
    Buf one;
    if (o->kind == OBJ_TYPE) {
        dump_type(d, o);
        return;
    }
    if (o->kind == OBJ_CONST) {
        one = begin(d, "const", o);
        buf_fmt(&one, " " STR_FMT " = " STR_FMT, STR_ARG(text_of(d, o->type)),
                STR_ARG(const_exact_str(d->a, o->value)));
    } else {
        one = begin(d, o->kind == OBJ_VAR ? "var" : "func", o);
        buf_byte(&one, ' ');
        buf_str(&one, text_of(d, o->type));
        if (o->kind == OBJ_VAR) write_sizes(d, &one, o->type);
    }
    line(d, &one);
}

static void dump_init(Dump *d) {
    for (uint32_t i = 0; i < d->u->info.init_order.len; i++) {
        const Initializer *init = &d->u->info.init_order.v[i];
        buf_lit(d->b, "init ");
        for (uint32_t k = 0; k < init->lhs.len; k++) {
            if (k) buf_lit(d->b, ", ");
            buf_str(d->b, name_of(d, init->lhs.v[k]->name));
        }
        buf_byte(d->b, '\n');
    }
}

void view_dump_types(Buf *b, const Program *p, const ProgramUnit *u, Sizes sizes) {
    if (!u->pkg) return;
    Dump d = {.b = b, .p = p, .u = u, .sizes = sizes, .a = arena_new("dump")};
    buf_fmt(b, "# " STR_FMT "\n", STR_ARG(u->title));
    const Scope *s = u->pkg->scope;
    for (uint32_t i = 0; i < s->objs.len; i++) dump_object(&d, s->objs.v[i]);
    strvec_sort(&d.lines);
    for (uint32_t i = 0; i < d.lines.len; i++) buf_str(b, d.lines.v[i]);
    dump_init(&d);
    arena_free(d.a);
}

static bool is_wanted(const Func *f, Str name) {
    for (; f; f = f->closure_parent)
        if (!name.len || str_eq(f->name, name)) return true;
    return false;
}

uint32_t view_dump_ir(Buf *b, const ProgramUnit *u, IrPkg *ir, Str func) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < ir->funcs.len; i++) {
        const Func *f = ir->funcs.v[i];
        if (!is_wanted(f, func)) continue;
        if (!count++) buf_fmt(b, "# " STR_FMT "\n", STR_ARG(u->title));
        ir_dump_func(ir, b, f);
    }
    return count;
}
