// go/program/decl.c: directives above declarations, and functions without a body, which only a
// directive or assembly allows: what the compiler checks once types are known.
#include "go/program/program_internal.h"

typedef struct DeclWalk {
    Unit *unit;
    const File *file;
    bool imports_embed, imports_unsafe;
    int depth; // blocks around
} DeclWalk;

static const Pragma *first_embed(const File *f, PragmaRange r) {
    for (uint32_t i = r.first; i < r.first + r.count; i++)
        if (f->pragmas.v[i].own_line && directive_is_embed(&f->pragmas.v[i]))
            return &f->pragmas.v[i];
    return NULL;
}

static void check_range(DeclWalk *w, PragmaRange r, PragmaBits allowed, bool embed_allowed) {
    Diags *d = &w->unit->pub.diags[STAGE_LATE];
    for (uint32_t i = r.first; i < r.first + r.count; i++) {
        const Pragma *g = &w->file->pragmas.v[i];
        if (pragma_bits(g) & ~allowed) diag_error(d, g->pos, 0, "misplaced compiler directive");
        if (!embed_allowed && g->own_line && directive_is_embed(g))
            diag_error(d, g->pos, 0, "misplaced go:embed directive");
    }
}

static void check_embed(DeclWalk *w, const Decl *v) {
    const Pragma *g = first_embed(w->file, v->pragmas);
    if (!g) return;
    Diags *d = &w->unit->pub.diags[STAGE_LATE];
    GoVersion lang = go_version(w->unit->pub.lang);
    if (!w->imports_embed)
        diag_error(d, g->pos, 0,
                   "go:embed requires import \"embed\" (or import _ \"embed\", if package is not "
                   "used)");
    else if (v->value.names.len > 1)
        diag_error(d, g->pos, 0, "go:embed cannot apply to multiple vars");
    else if (v->value.values)
        diag_error(d, g->pos, 0, "go:embed cannot apply to var with initializer");
    else if (w->depth)
        diag_error(d, g->pos, 0, "go:embed cannot apply to var inside func");
    else if (lang && lang < go_version(STR("go1.16")))
        diag_error(d, g->pos, 0,
                   "go:embed requires go1.16 or later (-lang was set to " STR_FMT "; check go.mod)",
                   STR_ARG(w->unit->pub.lang));
}

static void note_import(DeclWalk *w, const Decl *v) {
    Str path; // may be written as a raw string, or with escapes
    if (!v->import.path || !syntax_unquote(w->unit->pub.arena, v->import.path->text, &path)) return;
    if (str_eq_c(path, "embed")) w->imports_embed = true;
    if (str_eq_c(path, "unsafe")) w->imports_unsafe = true;
}

static bool any_between(const File *f, Pos from, Pos to) {
    for (uint32_t i = 0; i < f->pragmas.len; i++)
        if (f->pragmas.v[i].pos > from && f->pragmas.v[i].pos < to) return true;
    return false;
}

// Whether a directive stands somewhere inside the declaration, which ends with its body or values.
static bool has_inner(const File *f, const Decl *v) {
    Pos end = 0;
    if (v->kind == DECL_FUNC && v->func.body) end = v->func.body->block.rbrace;
    if ((v->kind == DECL_VAR || v->kind == DECL_CONST) && v->value.values)
        end = v->value.values->end;
    return end ? any_between(f, v->pos, end) : true;
}

static bool visit_decl(void *ctx, SyntaxNode n) {
    DeclWalk *w = ctx;
    if (n.tag == TREE_STMT && n.stmt->kind == STMT_BLOCK) w->depth++;
    if (n.tag != TREE_DECL) return true;
    const Decl *v = n.decl;
    PragmaBits every_func = ~(PragmaBits)PRAGMA_BUILD;
    check_range(w, v->pragmas, v->kind == DECL_FUNC ? every_func : 0, v->kind == DECL_VAR);
    if (v->kind == DECL_IMPORT) note_import(w, v);
    if (v->kind == DECL_VAR) check_embed(w, v);
    return has_inner(w->file, v);
}

static void leave_decl(void *ctx, SyntaxNode n) {
    DeclWalk *w = ctx;
    if (n.tag == TREE_STMT && n.stmt->kind == STMT_BLOCK) w->depth--;
}

static bool linked_before(const Unit *u, uint32_t count, Str local) {
    for (uint32_t i = 0; i < count; i++)
        if (str_eq(u->linknames.v[i].name.local, local)) return true;
    return false;
}

static void check_linkname(DeclWalk *w, uint32_t at, Names *names) {
    Unit *u = w->unit;
    const Linkname *l = &u->linknames.v[at].name;
    Diags *d = &u->pub.diags[STAGE_LATE];
    Obj *o = scope_lookup(u->pub.pkg->scope, name_intern(names, l->local));
    GoVersion lang = go_version(u->pub.lang);
    bool bracket =
        str_find_byte(l->remote, '[') != STR_NONE && str_find_byte(l->remote, ']') != STR_NONE;
    if (!w->imports_unsafe)
        diag_error(d, l->pos, 0, "//go:linkname only allowed in Go files that import \"unsafe\"");
    else if (bracket)
        diag_error(d, l->pos, 0, "//go:linkname reference of an instantiation is not allowed");
    else if (o && (o->kind == OBJ_FUNC || o->kind == OBJ_VAR)) {
        if (linked_before(u, at, l->local))
            diag_error(d, l->pos, 0, "duplicate //go:linkname for " STR_FMT, STR_ARG(l->local));
    } else if (!lang || lang >= go_version(STR("go1.18")))
        diag_error(d, l->pos, 0, "//go:linkname must refer to declared function or variable");
}

static void check_func(const Unit *u, const File *f, const Decl *v, Diags *d) {
    PragmaBits bits = decl_pragmas(f, v);
    Str name = name_str(u->program->names, v->func.name->name);
    if (bits & PRAGMA_SYSTEMSTACK && bits & PRAGMA_NOSPLIT)
        diag_error(d, v->pos, 0, "go:nosplit and go:systemstack cannot be combined");
    if (v->func.body) {
        if (bits & PRAGMA_NOESCAPE)
            diag_error(d, v->pos, 0,
                       "can only use //go:noescape with external func implementations");
        if (bits & PRAGMA_UINTPTRKEEPALIVE && !(bits & PRAGMA_UINTPTRESCAPES) &&
            !(bits & PRAGMA_NOSPLIT))
            diag_error(d, v->pos, 0, "go:uintptrkeepalive requires go:nosplit");
        return;
    }
    bool linked = !v->func.recv && linked_before(u, u->linknames.len, name);
    if ((u->complete || str_eq_c(name, "init")) && !linked)
        diag_error(d, v->pos, 0, "missing function body");
}

static void check_file(Unit *u, uint32_t at, Names *names) {
    File *f = u->pub.files[at];
    DeclWalk w = {.unit = u, .file = f};
    check_range(&w, f->pragma_range, PRAGMA_BUILD, false);
    SyntaxWalk walk = {.visit = visit_decl, .leave = leave_decl, .ctx = &w};
    if (f->pragmas.len) syntax_walk(node_file(f), &walk); // else nothing can be misplaced
    for (uint32_t i = 0; i < u->linknames.len; i++)
        if (u->linknames.v[i].file == at) check_linkname(&w, i, names);
}

void directives_check(Unit *u, Names *names) {
    for (uint32_t i = 0; i < u->pub.file_count; i++) check_file(u, i, names);
    for (uint32_t i = 0; i < u->pub.file_count; i++) {
        const File *f = u->pub.files[i];
        for (uint32_t k = 0; k < f->decls.len; k++)
            if (f->decls.v[k]->kind == DECL_FUNC)
                check_func(u, f, f->decls.v[k], &u->pub.diags[STAGE_LATE]);
    }
}
