// go/program/analyse.c: a checked unit is lowered, inlined into and analysed, its imports being
// done.
#include "go/escape/escape.h"
#include "go/inline/inline.h"
#include "go/passes/passes.h"
#include "go/program/program_internal.h"
#include "sys/file.h"

static IrFlags unit_flags(const Program *p, const ProgramUnit *u) {
    IrFlags none = {0};
    return u->root || p->config.all_flags ? p->config.flags : none;
}

static void make_wrappers(IrPkg *ir) {
    for (Func *f; (f = ir_next_wrapper(ir));) {
        inline_func(ir, f);
        ir_finish_wrapper(ir, f);
    }
}

static void inline_and_wrap(IrPkg *ir) {
    inline_package(ir);
    make_wrappers(ir);
}

// "ir" is what lowering made.
#define PASSES(X)                                                                                  \
    X(ir, NULL)                                                                                    \
    X(bloop, pass_bloop)                                                                           \
    X(inline, inline_and_wrap)                                                                     \
    X(loopvar, pass_loopvar)                                                                       \
    X(staticinit, pass_staticinit)                                                                 \
    X(deadlocals, pass_deadlocals)                                                                 \
    X(escape, escape_package)                                                                      \
    X(bounds, pass_bounds)                                                                         \
    X(done, ir_lower_done)
#define NAME(name, run) #name,
const char *const program_passes[] = {PASSES(NAME) NULL};
#undef NAME
#define RUN(name, run) run,
static void (*const pass_runs[])(IrPkg *) = {PASSES(RUN)};
#undef RUN

// ---- syntax on its way out

#define KEEP_FIRST(a, v, n)                                                                        \
    ((v) = arena_copy(a, v, ((size_t)(n) + 1) * sizeof *(v), _Alignof(void *)))

// Of the trees those stay that importers lower: generic functions, and declarations. What was found
// in other bodies goes, even where the parser read them with the declarations.
static void drop_bodies(Unit *u) {
    ProgramUnit *pub = &u->pub;
    if (!pub->bodies) return;
    for (uint32_t i = 0; i < pub->file_count; i++)
        for (uint32_t k = 0; k < pub->files[i]->decls.len; k++) {
            Decl *d = pub->files[i]->decls.v[k];
            if (d->kind == DECL_FUNC && d->func.body && !syntax_is_generic(d))
                d->func.body->block.list = (StmtList){0};
        }
    TypesInfo *info = &pub->info;
    KEEP_FIRST(pub->trees, info->exprs, u->tree_exprs);
    KEEP_FIRST(pub->trees, info->names, u->tree_exprs);
    KEEP_FIRST(pub->trees, info->selections, u->tree_exprs);
    KEEP_FIRST(pub->trees, info->clause_vars, u->tree_stmts);
    info->expr_count = u->tree_exprs;
    info->stmt_count = u->tree_stmts;
    arena_free(pub->bodies);
    pub->bodies = NULL;
}

// ---- the passes

static void run_passes(const Program *p, ProgramUnit *u, IrPkg *ir) {
    const char *until = p->config.until;
    bool wanted = true;
    for (size_t i = 0; i < COUNT(pass_runs); i++) {
        bool last = i + 1 == COUNT(pass_runs); // clears up
        if (!wanted && !last) continue;
        if (pass_runs[i]) pass_runs[i](ir);
        if (until && str_eq_c(str_c(until), program_passes[i])) wanted = false;
        if (pass_runs[i] == escape_package) pass_loopvar_log(ir);
        if (pass_runs[i] == pass_bounds && p->config.costs && u->root)
            u->costs = why_costs(ir, u->arena);
        if (p->config.after_pass)
            p->config.after_pass(p->config.after_pass_ctx, u, ir, program_passes[i]);
    }
}

void unit_analyse(Program *p, Unit *u) {
    ProgramUnit *pub = &u->pub;
    if (!pub->pkg || str_eq_c(pub->path, "unsafe")) return;
    if (pub->package && pub->package->cgo_files.len) return; // what C declares is not known here
    IrPkg **imports = NEW_ARRAY(pub->arena, IrPkg *, u->imports.len + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < u->imports.len; i++) {
        const ProgramUnit *dep = &p->units.v[u->imports.v[i]]->pub;
        if (dep->ir)
            imports[n++] = dep->ir;
        else if (!str_eq_c(dep->path, "unsafe"))
            return;
    }
    IrInput in = {.pkg = pub->pkg,
                  .files = pub->files,
                  .file_count = pub->file_count,
                  .info = &pub->info,
                  .lang = go_version(pub->lang),
                  .std = pub->standard,
                  .flags = unit_flags(p, pub),
                  .pgo = u->pgo,
                  .pool = p->pool,
                  .stay_pool = p->stay_pool};
    IrPkg *ir = ir_lower(p->ir, &in, imports, n);
    drop_bodies(u);
    run_passes(p, pub, ir);
    pub->ir = ir;
}

Str program_why_missing(Arena *a, const ProgramUnit *u) {
    if (u->package && u->package->error.text.len) return package_error_text(a, &u->package->error);
    bool analysable = u->pkg && u->file_count && !u->failed && !str_eq_c(u->path, "unsafe");
    if (!u->root || u->ir || !analysable) return (Str){0};
    return str_fmt(a, "package " STR_FMT ": not analysed: something it imports could not be",
                   STR_ARG(u->path));
}

bool program_write_messages(Buf *b, const ProgramUnit *u) {
    if (!u->ir || !u->root || !u->ir->messages.len) return false;
    if (u->package) buf_fmt(b, "# " STR_FMT "\n", STR_ARG(u->title));
    for (uint32_t i = 0; i < u->ir->messages.len; i++) {
        const IrMessage *m = &u->ir->messages.v[i];
        if (m->pos.pos || m->placed) {
            ir_write_pos(u->ir, b, m->pos);
            buf_lit(b, ": ");
        }
        buf_str(b, m->text);
        buf_byte(b, '\n');
    }
    return true;
}

bool program_print_messages(Buf *b, const ProgramUnit *u) {
    Arena *scratch = arena_new("messages");
    Buf own = buf_new(scratch);
    bool any = program_write_messages(&own, u);
    if (any)
        buf_str(b, program_shorten_paths(scratch, buf_view(&own), u->dir, dir_current(scratch)));
    arena_free(scratch);
    return any;
}
