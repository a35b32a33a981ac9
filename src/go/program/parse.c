// go/program/parse.c: a unit's files become trees, in the order the compiler is given them.
#include "go/program/program_internal.h"
#include "sys/file.h"

Syntax *worker_syntax(Program *p, uint32_t worker) {
    if (!p->syntaxes[worker]) p->syntaxes[worker] = syntax_new(p->names, p->files);
    return p->syntaxes[worker];
}

// False: the compiler would not read the files that follow.
static bool parse_text(Program *p, Unit *u, Syntax *s, SourceText text) {
    ProgramUnit *pub = &u->pub;
    Diags *diags = &pub->diags[STAGE_PARSE];
    SourceFile *source = fileset_add(p->files, pub->arena, text.path, text.bytes);
    if (!source) {
        diag_error(diags, 0, 0, STR_FMT ": more than 4 GiB of source", STR_ARG(text.path));
        return false;
    }
    File *f = syntax_parse_source(s, source);
    if (f) {
        if (text.go_version.len) f->go_version = text.go_version;
        pub->files[pub->file_count++] = f;
        if (!p->config.raw) directives_parsed(u, f, diags);
    }
    return f != NULL;
}

static bool unreadable(Unit *u, Err e) {
    diag_error(&u->pub.diags[STAGE_PARSE], 0, 0, STR_FMT, STR_ARG(e->what));
    u->pub.unreadable = true;
    return false;
}

// Where a source text lives: with the trees that point into it.
static Arena *text_arena(const Program *p, const Unit *u) {
    return p->config.keep ? u->pub.arena : u->pub.trees;
}

static bool parse_named(Program *p, Unit *u, Syntax *s, uint32_t i) {
    Str name = u->source.names.v[i];
    SourceText text = {.path = name};
    if (i < u->source.texts.len && u->source.texts.v[i].ptr) {
        text.bytes = str_copy(text_arena(p, u), u->source.texts.v[i]);
        return parse_text(p, u, s, text);
    }
    Err e = file_read(text_arena(p, u), name, &text.bytes);
    if (e) return unreadable(u, e);
    return parse_text(p, u, s, text);
}

static bool parse_packaged(Program *p, Unit *u, Syntax *s, Str name) {
    SourceText text;
    Err e = package_file(p->set, u->pub.package, name, text_arena(p, u), &text);
    if (e) return unreadable(u, e);
    text.path = str_copy(u->pub.arena, text.path);
    if (p->config.kept) u->texts = kept_add_text(u->texts, text.bytes);
    return parse_text(p, u, s, text);
}

// The last by name of those files is the last of its package: z*.go.
static bool parse_generated(Program *p, Unit *u, Syntax *s) {
    SourceText text;
    if (!generated_file(p->set, u->pub.package, text_arena(p, u), &text)) return true;
    text.path = str_copy(u->pub.arena, text.path);
    return parse_text(p, u, s, text);
}

static void parse_all(Program *p, Unit *u, Syntax *s) {
    const Package *pkg = u->pub.package;
    bool go_on = true;
    for (uint32_t i = 0; !pkg && go_on && i < u->source.names.len; i++)
        go_on = parse_named(p, u, s, i);
    for (uint32_t i = 0; pkg && go_on && i < pkg->go_files.len; i++)
        go_on = parse_packaged(p, u, s, pkg->go_files.v[i]);
    for (uint32_t i = 0; pkg && go_on && i < pkg->cgo_files.len; i++)
        go_on = parse_packaged(p, u, s, pkg->cgo_files.v[i]);
    if (pkg && go_on) go_on = parse_generated(p, u, s);
    u->pub.cut_short = !go_on;
}

// Nothing is known of u any more. Its texts went with the trees.
static void forget(Unit *u) {
    ProgramUnit *pub = &u->pub;
    for (uint32_t i = 0; i < pub->file_count; i++) pub->files[i]->source->text = (Str){0};
    arena_free(pub->trees);
    arena_free(pub->bodies);
    pub->bodies = NULL;
    for (int i = 0; i < STAGE_COUNT; i++) pub->diags[i] = diags_new(pub->arena);
    pub->file_count = 0;
    pub->unreadable = pub->cut_short = false;
    u->linknames.len = 0;
    u->texts = (CacheKey){0};
}

static void count_nodes(ProgramUnit *u, const Syntax *s) {
    u->expr_count = s->expr_count;
    u->stmt_count = s->stmt_count;
    u->decl_count = s->decl_count;
    u->group_count = s->group_count;
}

// What the parser has skipped, apart from what importers may ask for. False: there are errors.
static bool read_bodies(Program *p, Unit *u, Syntax *s) {
    ProgramUnit *pub = &u->pub;
    pub->bodies = arena_new_in(p->pool, "bodies");
    u->tree_exprs = s->expr_count;
    u->tree_stmts = s->stmt_count;
    for (uint32_t i = 0; i < pub->file_count; i++)
        if (!syntax_read_bodies(s, pub->files[i], pub->bodies)) return false;
    u->whole = true;
    return true;
}

void unit_parse(Program *p, Unit *u, uint32_t worker, bool all_bodies) {
    ProgramUnit *pub = &u->pub;
    const Package *pkg = pub->package;
    uint32_t files = pkg ? pkg->go_files.len + pkg->cgo_files.len + 1 : u->source.names.len;
    if (u->parsed) forget(u);
    u->parsed = true;
    bool apart = p->config.analyse && !all_bodies;
    u->whole = !apart && (all_bodies || p->config.keep || p->config.raw || p->config.syntax_only);
    pub->trees = arena_new_in(p->pool, "trees");
    pub->files = NEW_ARRAY(pub->trees, File *, files);
    if (str_eq_c(pub->path, "unsafe")) return; // built into the type checker
    Syntax *s = worker_syntax(p, worker);
    unsigned mode = p->config.raw ? 0 : SYNTAX_CHECK_BRANCHES;
    if (!u->whole) mode |= SYNTAX_SKIP_BODIES;
    if (apart) mode |= SYNTAX_READ_GENERIC;
    syntax_begin(s, pub->trees, &pub->diags[STAGE_PARSE], mode);
    parse_all(p, u, s);
    bool again = !u->whole && (s->diags->count || pub->cut_short);
    if (again || (apart && !read_bodies(p, u, s)))
        unit_parse(p, u, worker, true);
    else
        count_nodes(pub, s);
}
