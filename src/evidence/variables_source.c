// evidence/variables_source.c: package-level variables as the source has them: the analysis of a
// package is watched after lowering (who writes what) and after static initialization (what is left
// to do at init).
#include <stdlib.h>
#include <string.h>

#include "base/index.h"
#include "evidence/variables.h"
#include "go/ir/ir.h"

enum { RESULT = 1, VALUE_MAX = 60 }; // of ProgramUnit.results

typedef struct Touch { // one function does something to a variable
    const Obj *var;
    Str function;
    Pos pos;
    VariableUse use;
} Touch;

typedef struct Declared {
    const Obj *var;
    const IrType *type;
    Variable v;
    bool initialised; // an expression stands behind it
    bool zero;        // which is the zero value
    uint32_t parts;   // of a struct or array literal: those that are not zero; else not known: -1
    uint32_t at_init; // statements that set it, or a part of it, at init
    bool in_part;     // one of them sets a part
    Pos pos;
} Declared;

typedef struct Notes { // of one unit
    VEC(Declared) vars;
    VEC(Touch) touches;
    PtrMap places; // Obj to Declared's place + 1
} Notes;

typedef struct Walk {
    Notes *notes;
    Arena *arena; // of the unit
    IrPkg *ir;
    const Func *func;
    bool at_init;
} Walk;

// ---- what the compiler will do with a variable

// The runtime's and the reader's words for a symbol: the package's path, escaped.
static Str symbol_of(IrPkg *ir, Arena *a, const Obj *o) {
    Buf b = buf_new(a);
    if (str_eq_c(name_str(ir->names, o->pkg->name), "main"))
        buf_lit(&b, "main");
    else
        irtype_write_prefix(ir->types, &b, o->pkg);
    buf_byte(&b, '.');
    buf_str(&b, name_str(ir->names, o->name));
    return buf_view(&b);
}

static bool in_sync(IrPkg *ir, const IrType *t) {
    if (!t->obj || !t->obj->pkg) return false;
    Str path = name_str(ir->names, t->obj->pkg->path);
    return str_eq_c(path, "sync") || str_eq_c(path, "sync/atomic");
}

// A lock, a counter, a pool, or a struct that is led by one.
static bool is_guard(IrPkg *ir, const IrType *t) {
    if (in_sync(ir, t)) return true;
    const IrType *u = t->under;
    for (uint32_t i = 0; t->kind == KIND_STRUCT && u && i < u->nfields; i++)
        if (in_sync(ir, u->fields[i].type)) return true;
    return false;
}

static void declare(Notes *n, const ProgramUnit *u, IrPkg *ir, const Obj *o, IrType *t) {
    Arena *a = u->arena;
    bool pointers = irtype_has_pointers(ir->types, t);
    Place at = pos_place(ir->files, o->pos);
    Declared d = {.var = o, .type = t, .pos = o->pos};
    d.v = (Variable){.symbol = symbol_of(ir, a, o),
                     .package = str_copy(a, u->path),
                     .type = irtype_link_string(ir->types, a, t),
                     .size_bytes = (uint64_t)irtype_size(ir->types, t),
                     .area = pointers ? AREA_BSS : AREA_NOPTRBSS,
                     .file = at.file,
                     .line = at.line,
                     .start = VARIABLE_START_ZERO,
                     .exported = o->exported};
    vec_push(a, &n->vars, d);
    ptrmap_put(&n->places, o, (void *)(uintptr_t)n->vars.len);
}

static Declared *declared(const Notes *n, const Obj *o) {
    uintptr_t place = o ? (uintptr_t)ptrmap_get(&n->places, o) : 0;
    return place ? &n->vars.v[place - 1] : NULL;
}

static bool is_zero(const Node *n) {
    while (n->op == IR_CONVNOP) n = n->u.conv.x; // an interface holds its type, whatever the value
    if (n->op == IR_NIL) return true;
    if (n->op == IR_LITERAL) {
        const Const *v = n->u.lit.value;
        ConstKind k = const_kind(v);
        if (k == CONST_STRING) return const_string_len(v) == 0;
        if (k == CONST_BOOL) return !const_bool_value(v);
        return k != CONST_UNKNOWN && const_sign(v) == 0;
    }
    if (n->op != IR_ARRAYLIT && n->op != IR_STRUCTLIT) return false;
    for (uint32_t i = 0; i < n->u.list.v.len; i++) {
        const Node *e = n->u.list.v.v[i];
        if (e->op == IR_STRUCTKEY) e = e->u.field.value;
        if (e->op == IR_KEY) e = e->u.xy.y;
        if (!is_zero(e)) return false;
    }
    return true;
}

// Elements of nested struct and array literals that are data, or are set one by one.
static uint32_t count_parts(const Node *n) {
    uint32_t parts = 0;
    while (n->op == IR_CONVNOP) n = n->u.conv.x;
    if (is_zero(n)) return 0;
    if (n->op != IR_ARRAYLIT && n->op != IR_STRUCTLIT)
        return n->op == IR_CONVIFACE ? 2 : 1; // the type's word is data
    for (uint32_t i = 0; i < n->u.list.v.len; i++) {
        const Node *e = n->u.list.v.v[i];
        if (e->op == IR_STRUCTKEY) e = e->u.field.value;
        if (e->op == IR_KEY) e = e->u.xy.y;
        parts += count_parts(e);
    }
    return parts;
}

// ---- how much an initial value makes

typedef struct Behind {
    IrPkg *ir;
    int64_t bytes;
    bool open;
} Behind;

static int64_t elements(const Node *len, bool *open) {
    int64_t n = 0;
    if (len && !ir_int_value(len, &n)) *open = true;
    return MAX(n, 0);
}

static bool count_behind(void *ctx, Node *n) { // flat switch
    Behind *b = ctx;
    IrTypes *ts = b->ir->types;
    switch ((int)n->op) { // the others make nothing, or nothing that shows
    case IR_PTRLIT:
    case IR_NEW: b->bytes += n->type->elem ? irtype_size(ts, n->type->elem) : 0; break;
    case IR_SLICELIT: b->bytes += n->u.list.len * irtype_size(ts, n->type->elem); break;
    case IR_MAKESLICE: {
        const Node *room = n->u.xy.y ? n->u.xy.y : n->u.xy.x;
        b->bytes += elements(room, &b->open) * irtype_size(ts, n->type->elem);
        break;
    }
    case IR_MAKECHAN:
        b->bytes += elements(n->u.xy.x, &b->open) * irtype_size(ts, n->type->elem);
        b->open = true;
        break;
    case IR_MAPLIT:
        b->bytes +=
            n->u.list.v.len * (irtype_size(ts, n->type->key) + irtype_size(ts, n->type->elem));
        b->open = true;
        break;
    case IR_MAKEMAP:
    case IR_CALLFUNC:
    case IR_CALLINTER:
    case IR_APPEND:
    case IR_ADDSTR: b->open = true; break;
    default: break;
    }
    return false;
}

static void note_value(Notes *n, const ProgramUnit *u, IrPkg *ir, Node *var, Node *value) {
    Declared *d = var->op == IR_NAME ? declared(n, var->u.name->obj) : NULL;
    if (!d || !value) return;
    Behind b = {.ir = ir};
    ir_any(value, count_behind, &b);
    Str text = ir_string(ir, u->arena, value);
    d->initialised = true;
    d->zero = is_zero(value);
    bool literal = value->op == IR_STRUCTLIT || value->op == IR_ARRAYLIT;
    d->parts = literal ? count_parts(value) : UINT32_MAX; // what a call inlines to shows later
    d->v.behind = b.bytes;
    d->v.behind_open = b.open;
    d->v.value =
        text.len > VALUE_MAX ? str_join2(u->arena, str_to(text, VALUE_MAX), STR("...")) : text;
}

static void note_values(Notes *n, const ProgramUnit *u, IrPkg *ir) {
    for (uint32_t i = 0; ir->init && i < ir->init->body.len; i++) {
        Node *s = ir->init->body.v[i];
        if (s->op == IR_AS) note_value(n, u, ir, s->u.as.x, s->u.as.y);
        for (uint32_t k = 0; ir_is_assign_list(s) && k < s->u.as2.lhs.len; k++)
            note_value(n, u, ir, s->u.as2.lhs.v[k], s->u.as2.rhs.v[MIN(k, s->u.as2.rhs.len - 1)]);
    }
}

// ---- who does what to it

static void touch(Walk *w, const Node *name, VariableUse use, Pos pos) {
    const NameInfo *n = name->u.name;
    if (n->cls != CLASS_EXTERN || !n->obj) return;
    if (w->at_init && use != VARIABLE_CONSTANT) use = VARIABLE_SET_ONCE;
    const Func *f = w->func;
    while (f->closure_parent) f = f->closure_parent; // literals are their function's
    Touch t = {n->obj, f->name, pos, use};           // names stay no longer than the trees
    t.function = use == VARIABLE_CONSTANT ? STR("") : str_copy(w->arena, f->name);
    vec_push(w->arena, &w->notes->touches, t);
}

// The variable an expression leads to, and whether through something it points at.
static const Node *root_of(const Node *n, bool *inside) { // flat switch
    for (;;) {
        switch ((int)n->op) { // the others lead nowhere
        case IR_NAME: return n;
        case IR_DOT: n = n->u.field.x; break;
        case IR_DOTPTR:
            *inside = true;
            n = n->u.field.x;
            break;
        case IR_INDEX:
            if (n->u.xy.x->type && n->u.xy.x->type->kind != KIND_ARRAY) *inside = true;
            n = n->u.xy.x;
            break;
        case IR_INDEXMAP:
        case IR_DEREF:
            *inside = true;
            n = n->u.xy.x;
            break;
        case IR_CONVNOP: n = n->u.conv.x; break;
        default: return NULL;
        }
    }
}

static void write_to(Walk *w, const Node *target, bool inside) {
    const Node *root = target ? root_of(target, &inside) : NULL;
    if (root) touch(w, root, inside ? VARIABLE_CONTENT : VARIABLE_WRITTEN, target->pos.pos);
}

static bool look_at(void *ctx, Node *n) { // flat switch
    Walk *w = ctx;
    bool inside = false;
    const Node *root;
    switch ((int)n->op) { // the others change nothing
    case IR_NAME: touch(w, n, VARIABLE_CONSTANT, n->pos.pos); break;
    case IR_AS:
    case IR_ASOP: write_to(w, n->u.as.x, false); break;
    case IR_RANGE:
        write_to(w, n->u.range.key, false);
        write_to(w, n->u.range.value, false);
        break;
    case IR_ADDR:
        root = root_of(n->u.xy.x, &inside);
        if (root && !inside) touch(w, root, VARIABLE_ADDRESS, n->pos.pos);
        break;
    case IR_DELETE:
        if (n->u.call.args.len) write_to(w, n->u.call.args.v[0], true);
        break;
    case IR_CLEAR:
    case IR_COPY:
    case IR_SEND:
    case IR_CLOSE: write_to(w, n->u.xy.x, true); break;
    default:
        for (uint32_t i = 0; ir_is_assign_list(n) && i < n->u.as2.lhs.len; i++)
            write_to(w, n->u.as2.lhs.v[i], false);
    }
    return false;
}

static bool runs_at_init(const Func *f) {
    while (f->closure_parent) f = f->closure_parent;
    return str_starts(f->name, STR("init."));
}

static void note_touches(Notes *n, ProgramUnit *u, IrPkg *ir) {
    for (uint32_t i = 0; i < ir->funcs.len; i++) {
        Func *f = ir->funcs.v[i];
        if (f == ir->init) continue; // values of declarations
        Walk w = {n, u->arena, ir, f, runs_at_init(f)};
        ir_visit_func(f, look_at, &w);
    }
}

// ---- the two looks

static void look_lowered(ProgramUnit *u, IrPkg *ir) {
    Notes *n = u->results[RESULT] = NEW(u->arena, Notes);
    n->places = ptrmap_new(u->arena);
    IrEnv env = {0};
    for (uint32_t i = 0; i < u->pkg->scope->objs.len; i++) {
        const Obj *o = u->pkg->scope->objs.v[i];
        if (o->kind == OBJ_VAR && o->type)
            declare(n, u, ir, o, irtype_of(ir->types, &env, o->type));
    }
    note_values(n, u, ir);
    note_touches(n, u, ir);
}

static void mark_at_init(const Notes *n, NodeVec body);

// What runs for a variable: a statement that stays, or a function made for a large map.
static void mark_statement(const Notes *n, Node *s) {
    const Func *made = s->op == IR_CALLFUNC ? ir_callee(s->u.call.fn) : NULL;
    NodeVec lhs = ir_is_assign_list(s) ? s->u.as2.lhs : (NodeVec){0};
    if (s->op == IR_AS) lhs = (NodeVec){&s->u.as.x, 1, 1};
    for (uint32_t i = 0; i < lhs.len; i++) {
        const Node *x = lhs.v[i];
        bool named = x->op == IR_NAME || x->op == IR_LINKSYM_OFFSET;
        Declared *d = named ? declared(n, x->u.name->obj) : NULL;
        if (!d) continue;
        d->v.start = VARIABLE_START_INIT;
        d->at_init++;
        d->in_part |= x->op == IR_LINKSYM_OFFSET;
    }
    if (made && str_starts(made->name, STR("map.init"))) mark_at_init(n, made->body);
}

static void mark_at_init(const Notes *n, NodeVec body) {
    for (uint32_t i = 0; i < body.len; i++) mark_statement(n, body.v[i]);
}

static void look_initialised(ProgramUnit *u, IrPkg *ir) {
    Notes *n = u->results[RESULT];
    if (!n) return;
    for (uint32_t i = 0; i < n->vars.len; i++) {
        Declared *d = &n->vars.v[i];
        if (d->initialised && !d->zero) d->v.start = VARIABLE_START_STATIC;
    }
    if (ir->init) mark_at_init(n, ir->init->body);
    for (uint32_t i = 0; i < n->vars.len; i++) {
        Declared *d = &n->vars.v[i];
        bool fixed = d->v.start == VARIABLE_START_STATIC,
             data = fixed || (d->in_part && d->at_init < d->parts);
        if (data) d->v.area = d->v.area == AREA_BSS ? AREA_DATA : AREA_NOPTRDATA;
        if (fixed) d->v.behind_open = false;
        if (is_guard(ir, d->type)) d->v.use = VARIABLE_GUARD;
    }
}

void evidence_watch_variables(void *ctx, ProgramUnit *u, IrPkg *ir, const char *pass) {
    (void)ctx;
    if (strcmp(pass, "ir") == 0) look_lowered(u, ir);
    if (strcmp(pass, "staticinit") == 0) look_initialised(u, ir);
}

// ---- all units together

static int compare_touch(const void *x, const void *y) {
    const Touch *a = x, *b = y;
    if (a->var != b->var) return (uintptr_t)a->var < (uintptr_t)b->var ? -1 : 1;
    if (a->use != b->use) return a->use > b->use ? -1 : 1;
    int names = str_cmp(a->function, b->function);
    return names ? names : (a->pos > b->pos) - (a->pos < b->pos);
}

typedef VEC(Touch) TouchVec;

// The strongest thing done to it, by how many functions, and the first of those by name.
static void judge(Arena *a, const FileSet *files, Declared *d, const TouchVec *touches) {
    uint32_t lo = 0, hi = touches->len;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if ((uintptr_t)touches->v[mid].var < (uintptr_t)d->var)
            lo = mid + 1;
        else
            hi = mid;
    }
    bool any = lo < touches->len && touches->v[lo].var == d->var;
    VariableUse use = any ? touches->v[lo].use : VARIABLE_UNUSED;
    if (any && use != VARIABLE_CONSTANT) {
        const Touch *first = &touches->v[lo];
        Place at = pos_place(files, first->pos);
        d->v.user = str_copy(a, first->function);
        d->v.user_file = str_copy(a, at.file);
        d->v.user_line = at.line;
        for (uint32_t i = lo; i < touches->len && touches->v[i].var == d->var; i++) {
            const Touch *t = &touches->v[i];
            if (t->use == use && (i == lo || !str_eq(t->function, t[-1].function))) d->v.users++;
        }
    }
    if (d->v.use != VARIABLE_GUARD) d->v.use = use;
}

static int compare_place(const void *x, const void *y) {
    const Variable *a = x, *b = y;
    int c = str_cmp(a->package, b->package);
    if (!c) c = str_cmp(a->file, b->file);
    if (!c) c = (a->line > b->line) - (a->line < b->line);
    return c ? c : str_cmp(a->symbol, b->symbol);
}

VariableVec evidence_source_variables(Arena *a, const Program *p, bool all) {
    VariableVec out = {0};
    TouchVec touches = {0};
    for (uint32_t i = 0; i < program_unit_count(p); i++) {
        const Notes *n = program_unit(p, i)->results[RESULT];
        for (uint32_t k = 0; n && k < n->touches.len; k++) vec_push(a, &touches, n->touches.v[k]);
    }
    if (touches.len) qsort(touches.v, touches.len, sizeof *touches.v, compare_touch);
    for (uint32_t i = 0; i < program_unit_count(p); i++) {
        const ProgramUnit *u = program_unit(p, i);
        const Notes *n = u->results[RESULT];
        for (uint32_t k = 0; n && (u->root || all) && k < n->vars.len; k++) {
            Declared d = n->vars.v[k];
            judge(a, program_files(p), &d, &touches);
            d.v.symbol = str_copy(a, d.v.symbol);
            d.v.package = str_copy(a, d.v.package);
            d.v.type = str_copy(a, d.v.type);
            d.v.file = str_copy(a, d.v.file);
            d.v.value = str_copy(a, d.v.value);
            vec_push(a, &out, d.v);
        }
    }
    if (out.len) qsort(out.v, out.len, sizeof *out.v, compare_place);
    return out;
}
