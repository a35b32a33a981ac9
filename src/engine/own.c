// The engine of our own: packages are read, checked, inlined into and analysed here, from source
// alone; what is said of them is read as the compiler's -m=2 is.
#include "base/buf.h"
#include "engine/engine_internal.h"
#include "go/program/program.h"
#include "sys/file.h"

typedef struct Own {
    Arena *arena;
    EngineResult *out;
    Program *program;
    const PackageSet *set;
} Own;

static void add_files(Own *o, EnginePackage *p, const StrVec *names) {
    for (uint32_t i = 0; i < names->len; i++) {
        Str file = path_join(o->arena, p->dir, names->v[i]);
        vec_push(o->arena, &p->files, file);
    }
}

static Str first_error(Own *o, const ProgramUnit *u) {
    if (u->package->error.text.len) return package_error_text(o->arena, &u->package->error);
    Report r = program_report(o->arena, o->program, u, (ReportStyle){.import_fail = true});
    if (!r.lines.len) return STR("a package it needs has errors");
    Place at = pos_place(program_files(o->program), r.lines.v[0].pos);
    return str_fmt(o->arena, STR_FMT ":%u:%u: " STR_FMT, STR_ARG(at.file), at.line, at.col,
                   STR_ARG(r.lines.v[0].text));
}

static Str why_not(Own *o, const ProgramUnit *u) {
    if (u->failed || u->import_failed || u->package->error.text.len) return first_error(o, u);
    return STR("a package it needs is not covered; --engine=compiler may cover it");
}

static void add_package(Own *o, const ProgramUnit *u) {
    const Package *g = u->package;
    EnginePackage *p = vec_add(o->arena, &o->out->packages);
    p->path = p->desc = str_copy(o->arena, g->import_path);
    p->name = str_copy(o->arena, g->name);
    p->dir = str_copy(o->arena, g->dir);
    if (g->module) p->module = str_copy(o->arena, g->module->path);
    add_files(o, p, &g->go_files);
    add_files(o, p, &g->cgo_files);
    bool nothing = !p->files.len || str_eq(p->path, STR("unsafe"));
    p->covered = u->ir || (nothing && !g->error.text.len);
    if (!p->covered) p->error = str_copy(o->arena, why_not(o, u));
}

static int by_path(const void *x, const void *y) {
    return str_cmp(((const EnginePackage *)x)->path, ((const EnginePackage *)y)->path);
}

static void add_packages(Own *o) {
    for (uint32_t i = 0; i < program_unit_count(o->program); i++) {
        const ProgramUnit *u = program_unit(o->program, i);
        if (u->root) add_package(o, u);
    }
    if (o->out->packages.len)
        qsort(o->out->packages.v, o->out->packages.len, sizeof(EnginePackage), by_path);
}

// ---- where inlined code comes from

static EnginePos place_of(const Own *o, Pos pos) {
    Place at = pos_place(program_files(o->program), pos);
    return (EnginePos){str_copy(o->arena, at.file), at.line, at.col};
}

static void add_chain(Own *o, const IrPkg *ir, IrPos at, EnginePosVec *out) {
    if (!at.inl) return; // the outermost place is the move's own
    add_chain(o, ir, ir->inl_tree.v[at.inl - 1].call, out);
    EnginePos p = place_of(o, at.pos);
    vec_push(o->arena, out, p);
}

// The storage a line puts on the heap; false: the line says something else.
static bool heap_line(Str text, Str *what) {
    size_t explained = str_find(text, STR(" escapes to heap in "));
    *what = str_to(text, explained);
    if (explained != STR_NONE) return str_ends(text, STR(":"));
    if (str_cut_prefix(what, STR("moved to heap: "))) return true;
    return str_cut_suffix(what, STR(" escapes to heap"));
}

static void add_chains(Own *o, Logopt *moves, const ProgramUnit *u) {
    uint32_t package = 0;
    while (!str_eq(o->out->packages.v[package].path, u->package->import_path)) package++;
    for (uint32_t i = 0; i < u->ir->messages.len; i++) {
        const IrMessage *m = &u->ir->messages.v[i];
        Str what;
        if (!m->pos.pos || m->pos.pos == IR_POS_AUTOGEN || !heap_line(m->text, &what)) continue;
        Place at = pos_place(program_files(o->program), m->pos.pos);
        EngineMove *move = logopt_take(moves, package, at.line, at.col, what);
        if (move) add_chain(o, u->ir, m->at, &move->chain);
    }
}

// ---- the run

static void read_answers(Own *o, Str dir) {
    Buf text = buf_new(o->arena);
    for (uint32_t i = 0; i < program_unit_count(o->program); i++)
        program_write_messages(&text, program_unit(o->program, i));
    m2_parse(o->arena, buf_view(&text), dir, o->out);
    Logopt *moves = logopt_new(o->arena, o->out);
    for (uint32_t i = 0; i < program_unit_count(o->program); i++) {
        const ProgramUnit *u = program_unit(o->program, i);
        if (u->root && u->ir) add_chains(o, moves, u);
    }
}

static Err run_program(Own *o, Str dir) {
    TRY(program_add_packages(o->program, o->set));
    program_run(o->program);
    add_packages(o);
    if (!o->out->packages.len)
        return err_new(o->arena, ERR_USAGE, 0,
                       "no packages match; give a pattern such as ./... inside a module");
    read_answers(o, dir);
    engine_join_costs(o->arena, o->program, o->out);
    return NULL;
}

Err own_run(Arena *a, const EngineRequest *request, EngineResult *out) {
    EngineResult result = {.engine = STR("own")};
    Str dir = request->dir.len ? path_absolute(a, request->dir) : dir_current(a);
    PackageSet *set = NULL;
    if (request->progress) request->progress(request->progress_ctx, STR("listing packages"));
    TRY(engine_load(a, request, &set));
    const LoadFacts *facts = package_set_facts(set);
    result.version = str_fmt(a, "heapwise's own analysis, by the rules of go" STR_FMT,
                             STR_ARG(facts->go_version));
    if (request->progress) request->progress(request->progress_ctx, STR("analysing"));
    ProgramConfig config = {.analyse = true, .costs = true, .flags = {.m = 2}};
    Own o = {a, &result, program_new(&config), set};
    Err e = run_program(&o, dir);
    program_free(o.program);
    package_set_free(set);
    if (!e) *out = result;
    return e;
}
