// go/ir/irtype_text.c: types as messages and symbol names have them.
// Rules: cmd/compile/internal/types/fmt.go (tconv2, symfmt, fldconv), ir.MethodSymSuffix,
// cmd/internal/objabi.PathToPrefix.
#include <sha256.h>

#include "base/quote.h"
#include "go/ir/irtype_internal.h"

// Longer names of shapes are replaced by a hash of them (-d=maxshapelen).
enum { SHAPE_NAME_MOST = 500 };

typedef struct Text {
    IrTypes *ts;
    Buf *b;
    const Pkg *local;
    bool link; // LinkString: packages by path, byte as uint8
    uint32_t depth;
} Text;

static void put_type(Text *x, IrType *t, bool short_form);

void irtype_write_prefix(IrTypes *ts, Buf *b, const Pkg *pkg) {
    Str path = name_str(ts->names, pkg->path);
    if (str_eq_c(name_str(ts->names, pkg->name), "main")) path = STR("main");
    size_t slash = str_rfind_byte(path, '/');
    size_t last = slash == STR_NONE ? 0 : slash + 1;
    for (size_t i = 0; i < path.len; i++) {
        unsigned char c = (unsigned char)path.ptr[i];
        if (c <= ' ' || c == '%' || c == '"' || c >= 0x7f || (c == '.' && i >= last))
            buf_fmt(b, "%%%02x", c);
        else
            buf_byte(b, (char)c);
    }
}

static void put_qualifier(Text *x, const Pkg *pkg) {
    if (!pkg) return;
    if (x->link) {
        irtype_write_prefix(x->ts, x->b, pkg);
    } else {
        if (pkg == x->local) return;
        buf_str(x->b, name_str(x->ts->names, pkg->name));
    }
    buf_byte(x->b, '.');
}

void irtype_write_name(IrTypes *ts, Buf *b, const IrType *t, bool vargen) {
    buf_str(b, name_str(ts->names, t->obj->name));
    if (t->targs.len) {
        Text inner = {ts, b, NULL, true, 0};
        buf_byte(b, '[');
        for (uint32_t i = 0; i < t->targs.len; i++) {
            if (i) buf_byte(b, i == t->implicits ? ';' : ',');
            put_type(&inner, t->targs.v[i], false);
        }
        buf_byte(b, ']');
    }
    if (!vargen || !t->obj->pkg || t->obj->parent == t->obj->pkg->scope) return;
    TypeList outer;
    uint32_t gen = lower_local_type(t->obj, &outer);
    if (gen) buf_fmt(b, "·%u", gen);
}

static const char *const basic_names[KIND_COUNT] = {
    [KIND_BOOL] = "bool",
    [KIND_INT8] = "int8",
    [KIND_UINT8] = "uint8",
    [KIND_INT16] = "int16",
    [KIND_UINT16] = "uint16",
    [KIND_INT32] = "int32",
    [KIND_UINT32] = "uint32",
    [KIND_INT64] = "int64",
    [KIND_UINT64] = "uint64",
    [KIND_INT] = "int",
    [KIND_UINT] = "uint",
    [KIND_UINTPTR] = "uintptr",
    [KIND_FLOAT32] = "float32",
    [KIND_FLOAT64] = "float64",
    [KIND_COMPLEX64] = "complex64",
    [KIND_COMPLEX128] = "complex128",
    [KIND_STRING] = "string",
    [KIND_UNSAFEPTR] = "unsafe.Pointer",
    [KIND_NIL] = "nil",
    [KIND_UNTYPED_BOOL] = "untyped bool",
    [KIND_UNTYPED_INT] = "untyped int",
    [KIND_UNTYPED_RUNE] = "untyped rune",
    [KIND_UNTYPED_FLOAT] = "untyped float",
    [KIND_UNTYPED_COMPLEX] = "untyped complex",
    [KIND_UNTYPED_STRING] = "untyped string",
};

static bool put_predeclared(Text *x, IrType *t) {
    IrTypes *ts = x->ts;
    const char *name = NULL;
    if (t == ts->error) name = "error";
    if (!x->link) {
        if (t == ts->any) name = "any";
        if (t == ts->byte) name = "byte";
        if (t == ts->rune) name = "rune";
    }
    if (!name && !t->obj && !t->shape && t->kind < KIND_COUNT &&
        t->under->canon == ts->basic[t->kind])
        name = basic_names[t->kind];
    if (name) buf_c(x->b, name);
    return name != NULL;
}

static void put_params(Text *x, const IrField *fields, uint32_t n, bool variadic) {
    buf_byte(x->b, '(');
    for (uint32_t i = 0; i < n; i++) {
        if (i) buf_lit(x->b, ", ");
        if (variadic && i + 1 == n) {
            buf_lit(x->b, "...");
            put_type(x, fields[i].type->elem, false);
        } else {
            put_type(x, fields[i].type, false);
        }
    }
    buf_byte(x->b, ')');
}

static void put_func(Text *x, const IrType *t, bool short_form) {
    if (!short_form) buf_lit(x->b, "func");
    put_params(x, t->fields, t->nparams, t->variadic);
    uint32_t results = t->nfields - t->nparams;
    if (results) buf_byte(x->b, ' ');
    if (results == 1) put_type(x, t->fields[t->nparams].type, false);
    if (results > 1) put_params(x, t->fields + t->nparams, results, false);
}

// Unexported method names bring their package along, and so do all types after one.
static void put_interface(Text *x, IrType *t) {
    IrMethodList ms = irtype_lazy(t)->methods;
    buf_c(x->b, "interface {");
    bool link = x->link;
    for (uint32_t i = 0; i < ms.len; i++) {
        buf_c(x->b, i ? "; " : " ");
        if (ms.v[i].pkg) {
            x->link = true;
            put_qualifier(x, ms.v[i].pkg);
        }
        buf_str(x->b, name_str(x->ts->names, ms.v[i].name));
        put_type(x, ms.v[i].sig, true);
    }
    x->link = link;
    if (ms.len) buf_byte(x->b, ' ');
    buf_byte(x->b, '}');
}

// An embedded field is shown by its type alone, unless an alias gave it another name.
static bool shows_name(Text *x, const IrField *f) {
    if (!f->embedded) return true;
    if (!x->link) return false;
    const IrType *t = f->type->kind == KIND_PTR && !f->type->named ? f->type->elem : f->type;
    if (!t->named) return true;
    if (t->obj) // the name of an instance, or of a local type, has more to it
        return t->obj->name != f->name || t->targs.len ||
               (t->obj->pkg && t->obj->parent != t->obj->pkg->scope);
    const char *basic = basic_names[t->kind];
    return !(basic && str_eq_c(name_str(x->ts->names, f->name), basic));
}

static void put_struct(Text *x, const IrType *t) {
    buf_lit(x->b, "struct {");
    for (uint32_t i = 0; i < t->nfields; i++) {
        const IrField *f = &t->fields[i];
        buf_c(x->b, i ? "; " : " ");
        if (shows_name(x, f)) {
            put_qualifier(x, f->pkg);
            buf_str(x->b, name_str(x->ts->names, f->name));
            buf_c(x->b, f->embedded ? " = " : " ");
        }
        put_type(x, f->type, false);
        if (f->tag.len) {
            buf_byte(x->b, ' ');
            buf_quote(x->b, f->tag);
        }
    }
    if (t->nfields) buf_byte(x->b, ' ');
    buf_byte(x->b, '}');
}

static void put_chan(Text *x, const IrType *t) {
    const IrType *e = t->elem;
    buf_c(x->b, t->dir == CHAN_RECV_ONLY   ? "<-chan "
                : t->dir == CHAN_SEND_ONLY ? "chan<- "
                                           : "chan ");
    bool brackets =
        t->dir == CHAN_BOTH && e->kind == KIND_CHAN && !e->named && e->dir == CHAN_RECV_ONLY;
    if (brackets) buf_byte(x->b, '(');
    put_type(x, t->elem, false);
    if (brackets) buf_byte(x->b, ')');
}

static void put_unnamed(Text *x, IrType *t, bool short_form) { // flat switch
    switch ((int)t->kind) {
    case KIND_PTR:
        buf_byte(x->b, '*');
        put_type(x, t->elem, false);
        return;
    case KIND_ARRAY:
        buf_fmt(x->b, "[%lld]", (long long)t->len);
        put_type(x, t->elem, false);
        return;
    case KIND_SLICE:
        buf_lit(x->b, "[]");
        put_type(x, t->elem, false);
        return;
    case KIND_CHAN: put_chan(x, t); return;
    case KIND_MAP:
        buf_lit(x->b, "map[");
        put_type(x, t->key, false);
        buf_byte(x->b, ']');
        put_type(x, t->elem, false);
        return;
    case KIND_INTER: put_interface(x, t); return;
    case KIND_FUNC: put_func(x, t, short_form); return;
    case KIND_STRUCT: put_struct(x, t); return;
    case KIND_TUPLE: put_params(x, t->fields, t->nfields, false); return;
    default: buf_lit(x->b, "<T>"); return;
    }
}

// cmd/internal/hash.Sum32: SHA-256 with its first byte turned over.
static Str hashed(Arena *a, Str s) {
    uint8_t sum[SHA256_DIGEST_LENGTH];
    SHA2_CTX ctx;
    SHA256Init(&ctx);
    SHA256Update(&ctx, (const uint8_t *)s.ptr, s.len);
    SHA256Final(sum, &ctx);
    sum[0] ^= 0xff;
    Buf b = buf_new(a);
    for (size_t i = 0; i < sizeof sum; i++) buf_fmt(&b, "%02x", sum[i]);
    return str_copy(a, buf_view(&b));
}

static Str shape_name(Text *x, IrType *t) {
    IrTypes *ts = x->ts;
    IrLazy *z = irtype_lazy(t);
    if (atomic_load_explicit(&z->has_name, memory_order_acquire)) return z->shape_name;
    irtypes_lock(ts);
    if (!z->has_name) {
        Buf b = buf_new(ts->arena);
        Text inner = {ts, &b, NULL, true, x->depth};
        put_type(&inner, t->under, false);
        Str name = str_copy(ts->arena, buf_view(&b));
        z->shape_name = name.len > SHAPE_NAME_MOST ? hashed(ts->arena, name) : name;
        atomic_store_explicit(&z->has_name, true, memory_order_release);
    }
    irtypes_unlock(ts);
    return z->shape_name;
}

// types.SplitVargenSuffix: messages leave out which of the local types of one name is meant, where
// that ends the symbol: of T·1 and go.shape.[]T·1, not of go.shape.struct { f T·1 }.
static Str without_vargen(Str name) {
    size_t n = name.len;
    while (n && name.ptr[n - 1] >= '0' && name.ptr[n - 1] <= '9') n--;
    Str head = str_slice(name, 0, n);
    return str_cut_suffix(&head, STR("·")) ? head : name;
}

static void put_type(Text *x, IrType *t, bool short_form) {
    if (x->depth > 200) {
        buf_lit(x->b, "...");
        return;
    }
    x->depth++;
    if (t->shape) {
        buf_lit(x->b, "go.shape.");
        Str name = shape_name(x, t);
        buf_str(x->b, x->link ? name : without_vargen(name));
    } else if (put_predeclared(x, t)) {
    } else if (t->obj) {
        put_qualifier(x, t->obj->pkg);
        irtype_write_name(x->ts, x->b, t, x->link);
    } else {
        put_unnamed(x, t, short_form);
    }
    x->depth--;
}

void irtype_write(IrTypes *ts, Buf *b, const Pkg *local, IrType *t) {
    Text x = {ts, b, local, false, 0};
    put_type(&x, t, false);
}

Str irtype_string(IrTypes *ts, Arena *a, const Pkg *local, IrType *t) {
    Buf b = buf_new(a);
    irtype_write(ts, &b, local, t);
    return str_copy(a, buf_view(&b));
}

Str irtype_link_string(IrTypes *ts, Arena *a, IrType *t) {
    Buf b = buf_new(a);
    Text x = {ts, &b, NULL, true, 0};
    put_type(&x, t, false);
    return str_copy(a, buf_view(&b));
}

// A symbol's own part of a shape's name is what it is the shape of.
static void put_shape_symbol(Text *x, Arena *a, IrType *shape) {
    Str name = irtype_link_string(x->ts, a, shape);
    str_cut_prefix(&name, STR("go.shape."));
    buf_str(x->b, name);
}

Str irtype_method_symbol(IrTypes *ts, Arena *a, IrType *recv, Name name, const Pkg *pkg) {
    Buf b = buf_new(a);
    Text x = {ts, &b, NULL, true, 0};
    IrType *base = recv;
    size_t stars = 0; // two: of types that may not be in the heap
    for (; base->kind == KIND_PTR && !base->named; base = base->elem) stars++;
    if (stars) buf_byte(&b, '(');
    buf_fill(&b, '*', stars);
    if (base->obj)
        irtype_write_name(ts, &b, base, true);
    else if (base->shape)
        put_shape_symbol(&x, a, base);
    else
        put_type(&x, base, false);
    if (stars) buf_byte(&b, ')');
    const Pkg *home = base->obj && stars < 2 ? base->obj->pkg : NULL;
    if (pkg && pkg != home) {
        buf_byte(&b, '.');
        irtype_write_prefix(ts, &b, pkg);
    }
    buf_byte(&b, '.');
    buf_str(&b, name_str(ts->names, name));
    return str_copy(a, buf_view(&b));
}
