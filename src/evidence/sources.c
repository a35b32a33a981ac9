// The source of the packages reviewed, parsed: what expression stands at a position the compiler
// names, in which function, how deep in loops, and which calls there are. Places of interest are
// asked for first and answered by one walk, so that a large tree costs no more than its text.
#include "evidence/evidence_internal.h"
#include "sys/file.h"

// --- reading ---

static void add_file(Sources *s, Syntax *syntax, uint32_t package, Str path) {
    SourceText *f = vec_add(s->arena, &s->files);
    f->path = path;
    f->package = package;
    *strmap_put(&s->by_path, path) = s->files.len;
    Str text;
    if (file_read(s->arena, path, &text)) return;
    f->source = fileset_add(s->set, s->arena, path, text);
    if (f->source) f->tree = syntax_parse_source(syntax, f->source);
}

Sources *sources_new(Arena *a, const EngineResult *engine) {
    Sources *s = NEW(a, Sources);
    *s = (Sources){.arena = a, .engine = engine, .names = names_new(), .set = fileset_new()};
    s->by_path = strmap_new(a);
    s->spot_index = index_new(a);
    Syntax *syntax = syntax_new(s->names, s->set);
    for (uint32_t i = 0; i < engine->packages.len; i++) {
        const EnginePackage *p = &engine->packages.v[i];
        Diags diags = diags_new(a);
        if (!p->covered) continue;
        syntax_begin(syntax, a, &diags, 0);
        for (uint32_t k = 0; k < p->files.len; k++) add_file(s, syntax, i, p->files.v[k]);
    }
    syntax_free(syntax);
    return s;
}

uint32_t sources_file(const Sources *s, Str path) {
    const uint32_t *place = strmap_get(&s->by_path, path);
    return place ? *place : 0;
}

// --- places ---

static uint64_t spot_key(uint32_t file, uint32_t line, uint32_t col) {
    return hash_mix(file, ((uint64_t)line << 32) | col);
}

static uint32_t find_spot(const Sources *s, uint32_t file, uint32_t line, uint32_t col) {
    IndexIter it = index_find(&s->spot_index, spot_key(file, line, col));
    for (; it.id; index_next(&it)) {
        const Spot *spot = &s->spots.v[it.id - 1];
        if (spot->file == file && spot->line == line && spot->col == col) return it.id;
    }
    return 0;
}

void sources_ask(Sources *s, EnginePos pos) {
    uint32_t file = sources_file(s, pos.file);
    if (!file || find_spot(s, file, pos.line, pos.col)) return;
    Spot *spot = vec_add(s->arena, &s->spots);
    spot->file = file;
    spot->line = pos.line;
    spot->col = pos.col;
    index_add(&s->spot_index, spot_key(file, pos.line, pos.col), s->spots.len);
}

const Spot *sources_spot(const Sources *s, EnginePos pos) {
    uint32_t file = sources_file(s, pos.file);
    uint32_t id = file ? find_spot(s, file, pos.line, pos.col) : 0;
    return id ? &s->spots.v[id - 1] : NULL;
}

// --- the walk ---

typedef struct Level { // what is true below a node
    uint32_t loop_depth, flags;
    const Stmt *init;   // of the loop above: it runs once
    const Expr *sel;    // the name behind a dot
    const Expr *fn;     // what go or defer calls
    const Expr *called; // what the call above calls
} Level;

typedef struct LocalImport {
    Str local, path;
} LocalImport;

typedef struct TypedName { // a receiver or parameter whose type is named in its own package
    Name name, type;
} TypedName;

typedef struct Walk {
    Sources *s;
    VEC(LocalImport) imports; // of the file
    VEC(TypedName) typed;     // of the function
    uint32_t file, func;
    VEC(Level) levels;
} Walk;

static bool is_name(const Walk *w, const Expr *x, const char *text) {
    return x && x->kind == EXPR_NAME && str_eq_c(name_str(w->s->names, x->name), text);
}

// ErrBroken{...}, pkg.ParseError{...}: by Go's naming of error types.
static bool names_error(const Walk *w, const Expr *type) {
    if (type && type->kind == EXPR_SELECTOR) type = type->selector.sel;
    if (!type || type->kind != EXPR_NAME) return false;
    Str name = name_str(w->s->names, type->name);
    return str_starts(name, STR("Err")) || str_ends(name, STR("Error"));
}

// errors.New(...), fmt.Errorf(...), and values of types called like errors.
static bool makes_error(const Walk *w, const Expr *x) {
    if (x->kind == EXPR_COMPOSITE) return names_error(w, x->composite.type);
    if (x->kind == EXPR_OPERATION && x->op == OP_AND && !x->operation.y)
        return x->operation.x->kind == EXPR_COMPOSITE &&
               names_error(w, x->operation.x->composite.type);
    if (x->kind != EXPR_CALL || x->call.fn->kind != EXPR_SELECTOR) return false;
    const Expr *fn = x->call.fn;
    return (is_name(w, fn->selector.x, "fmt") && is_name(w, fn->selector.sel, "Errorf")) ||
           (is_name(w, fn->selector.x, "errors") && is_name(w, fn->selector.sel, "New"));
}

static EvidenceSpan span_of(const Sources *s, const Expr *x) {
    Place start = pos_physical(s->set, syntax_start_pos(node_expr(x)));
    Place end = pos_physical(s->set, x->end);
    return (EvidenceSpan){start.line, start.col, end.line, end.col};
}

static bool names_method(const Sources *s, const Expr *sel) {
    if (sel->kind != EXPR_NAME) return false;
    for (IndexIter it = index_find(&s->methods, hash_mix(sel->name, 3)); it.id; index_next(&it))
        if (it.id == sel->name) return true;
    return false;
}

static void find_methods(Sources *s) {
    s->methods = index_new(s->arena);
    for (uint32_t i = 0; i < s->files.len; i++) {
        const File *tree = s->files.v[i].tree;
        for (uint32_t k = 0; tree && k < tree->decls.len; k++) {
            const Decl *d = tree->decls.v[k];
            if (d->kind == DECL_FUNC && d->func.recv)
                index_add(&s->methods, hash_mix(d->func.name->name, 3), d->func.name->name);
        }
    }
}

// The first node met at a position is the one the compiler means. (A list stands where its first
// element does; it is no expression of its own.)
static void answer_spot(Walk *w, const Expr *x, const Level *level) {
    if (x->kind == EXPR_BAD || x->kind == EXPR_LIST) return;
    Place at = pos_physical(w->s->set, x->pos);
    uint32_t id = find_spot(w->s, w->file, at.line, at.col);
    if (!id) return;
    Spot *spot = &w->s->spots.v[id - 1];
    if (spot->expr) return;
    spot->expr = x;
    spot->span = span_of(w->s, x);
    spot->func = w->func;
    spot->loop_depth = level->loop_depth;
    spot->flags = level->flags | (w->func ? 0 : EVIDENCE_AT_START);
    if (x->kind == EXPR_SELECTOR && x != level->called && names_method(w->s, x->selector.sel))
        spot->flags |= EVIDENCE_METHOD_VALUE;
    if (level->fn != x) spot->flags &= ~(uint32_t)(EVIDENCE_GO | EVIDENCE_DEFER);
}

// Import path behind a local package name in this file; empty: none.
static Str import_path(const Walk *w, Str local) {
    for (uint32_t i = 0; i < w->imports.len; i++)
        if (str_eq(w->imports.v[i].local, local)) return w->imports.v[i].path;
    return STR("");
}

static void read_imports(Walk *w, const File *tree) {
    w->imports.len = 0;
    for (uint32_t i = 0; tree && i < tree->decls.len; i++) {
        const Decl *d = tree->decls.v[i];
        Str path;
        if (d->kind != DECL_IMPORT || !d->import.path) continue;
        if (!syntax_unquote(w->s->arena, d->import.path->text, &path)) continue;
        LocalImport one = {str_from(path, str_rfind_byte(path, '/') + 1), path};
        if (d->import.local) one.local = name_str(w->s->names, d->import.local->name);
        vec_push(w->s->arena, &w->imports, one);
    }
}

static void add_call(Walk *w, Str package, Name type, Str name) {
    SourceCall call = {w->func, package, type ? name_str(w->s->names, type) : STR(""), name};
    vec_push(w->s->arena, &w->s->calls, call);
}

static Name type_of(const Walk *w, Name name) {
    for (uint32_t i = 0; i < w->typed.len; i++)
        if (w->typed.v[i].name == name) return w->typed.v[i].type;
    return 0;
}

static Str own_package(const Walk *w) {
    return w->s->engine->packages.v[w->s->files.v[w->file - 1].package].path;
}

// Any mention of a function counts as a call: a function value may be called as well.
static void note_mention(Walk *w, const Expr *x, const Level *level) {
    if (x->kind == EXPR_SELECTOR && x->selector.sel->kind == EXPR_NAME) {
        Str path = STR(""), sel = name_str(w->s->names, x->selector.sel->name);
        Name local = x->selector.x->kind == EXPR_NAME ? x->selector.x->name : 0;
        Name type = local ? type_of(w, local) : 0;
        if (type)
            path = own_package(w);
        else if (local)
            path = import_path(w, name_str(w->s->names, local));
        add_call(w, path, type, sel);
    } else if (x->kind == EXPR_NAME && x != level->sel) {
        add_call(w, own_package(w), 0, name_str(w->s->names, x->name));
    }
}

static void enter_expr(Walk *w, const Expr *x, Level *next) {
    if (makes_error(w, x)) next->flags |= EVIDENCE_IN_ERROR;
    answer_spot(w, x, next);
    note_mention(w, x, next);
    next->fn = next->fn == x && x->kind == EXPR_CALL ? x->call.fn : NULL;
    if (!next->fn) next->flags &= ~(uint32_t)(EVIDENCE_GO | EVIDENCE_DEFER);
    next->called = x->kind == EXPR_CALL ? x->call.fn : NULL;
    if (x->kind == EXPR_SELECTOR) next->sel = x->selector.sel;
    if (x->kind == EXPR_CALL && is_name(w, x->call.fn, "panic")) next->flags |= EVIDENCE_IN_PANIC;
}

static void enter_stmt(const Stmt *st, Level *next) {
    if (st == next->init) next->loop_depth--; // the range operand, i := 0: once, outside
    next->init = NULL;
    if (st->kind == STMT_FOR) {
        next->loop_depth++;
        next->init = st->for_.init;
    } else if (st->kind == STMT_CALL) {
        next->flags |= st->keyword == KEYWORD_GO ? EVIDENCE_GO : EVIDENCE_DEFER;
        next->fn = st->call.call;
    }
}

static bool enter(void *ctx, SyntaxNode n) {
    Walk *w = ctx;
    Level next = vec_last(&w->levels);
    if (n.tag == TREE_EXPR) enter_expr(w, n.expr, &next);
    if (n.tag == TREE_STMT) enter_stmt(n.stmt, &next);
    vec_push(w->s->arena, &w->levels, next);
    return true;
}

static void leave(void *ctx, SyntaxNode n) {
    Walk *w = ctx;
    (void)n;
    w->levels.len--;
}

// --- functions ---

// T of T, *T and T[P]; 0: another kind of type.
static Name base_type(const Expr *type) {
    if (type && type->kind == EXPR_OPERATION) type = type->operation.x;
    if (type) type = syntax_unparen(type);
    if (type && type->kind == EXPR_INDEX) type = type->index.x;
    return type && type->kind == EXPR_NAME ? type->name : 0;
}

static Str receiver_text(const Sources *s, const Expr *type) {
    bool pointer = type->kind == EXPR_OPERATION;
    Name base = base_type(type);
    if (!base) return STR("?");
    Str name = name_str(s->names, base);
    return pointer ? str_fmt(s->arena, "(*" STR_FMT ")", STR_ARG(name)) : name; // joined to a copy
}

static void add_typed(Walk *w, const Field *f) {
    TypedName one = {f->name ? f->name->name : 0, base_type(f->type)};
    if (one.name && one.type) vec_push(w->s->arena, &w->typed, one);
}

static void read_typed(Walk *w, const Decl *d) {
    w->typed.len = 0;
    if (d->func.recv) add_typed(w, d->func.recv);
    FieldList params = d->func.type->func_type.params;
    for (uint32_t i = 0; i < params.len; i++) add_typed(w, &params.v[i]);
}

static void add_func(Walk *w, const Decl *d) {
    SourceFunc *f = vec_add(w->s->arena, &w->s->funcs);
    // Copied: pages keep these longer than the trees and the table of names live.
    f->bare = f->name = str_copy(w->s->arena, name_str(w->s->names, d->func.name->name));
    f->file = w->file;
    f->package = w->s->files.v[w->file - 1].package;
    f->decl = d;
    f->method = d->func.recv != NULL;
    read_typed(w, d);
    if (f->method) f->type = name_str(w->s->names, base_type(d->func.recv->type));
    if (f->method && d->func.recv->type)
        f->name =
            str_join3(w->s->arena, receiver_text(w->s, d->func.recv->type), STR("."), f->bare);
    w->func = w->s->funcs.len;
}

static void walk_decl(Walk *w, const Decl *d) {
    SyntaxWalk walk = {enter, leave, w};
    Level level = {0};
    w->func = 0;
    if (d->kind == DECL_FUNC) {
        add_func(w, d);
        const SourceFunc *f = &vec_last(&w->s->funcs);
        if (!f->method && str_eq(f->bare, STR("init"))) level.flags = EVIDENCE_AT_START;
        level.sel = d->func.name; // where it is declared it is not mentioned
    }
    w->levels.len = 0;
    vec_push(w->s->arena, &w->levels, level);
    syntax_walk(node_decl(d), &walk);
}

void sources_free(Sources *s) {
    fileset_free(s->set);
    names_free(s->names);
    s->set = NULL;
    s->names = NULL;
}

void sources_answer(Sources *s) {
    find_methods(s);
    for (uint32_t i = 0; i < s->files.len; i++) {
        const File *tree = s->files.v[i].tree;
        Walk w = {.s = s, .file = i + 1};
        read_imports(&w, tree);
        for (uint32_t k = 0; tree && k < tree->decls.len; k++) walk_decl(&w, tree->decls.v[k]);
    }
    for (uint32_t i = 0; i < s->spots.len; i++)
        if (s->spots.v[i].expr && s->spots.v[i].expr->kind == EXPR_FUNC_LIT)
            s->spots.v[i].captures = captures_any(s, &s->spots.v[i]);
}
