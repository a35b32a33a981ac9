// view/static: every package-level variable: where it lives, how large it is, whose it is, how it
// gets its value and who writes to it. One copy per process, shared by all goroutines, alive until
// the process ends.
#include <stdlib.h>

#include "base/index.h"
#include "view/program.h"

typedef struct Owner { // a package's static memory
    Str name;
    uint64_t bytes[AREA_COUNT], total, generated;
    uint32_t count, changing; // changing: after init, by somebody
} Owner;

typedef VEC(Owner) OwnerVec;

static const AreaKind areas[] = {AREA_DATA, AREA_NOPTRDATA, AREA_BSS, AREA_NOPTRBSS};

static bool selected(const Variable *v, const StaticOptions *o) {
    if (v->area == AREA_FOREIGN) return !o->package.len && o->std;
    if (o->package.len) {
        Str rest = v->package;
        return str_cut_prefix(&rest, o->package) && (!rest.len || *rest.ptr == '/');
    }
    return o->std || (v->package.len && !package_is_std(v->package));
}

static OwnerVec by_package(Arena *a, const VariableVec *vars, const StaticOptions *o) {
    StrMap places = strmap_new(a);
    OwnerVec owners = {0};
    for (uint32_t i = 0; i < vars->len; i++) {
        const Variable *v = &vars->v[i];
        if (!selected(v, o)) continue;
        uint32_t *place = strmap_put(&places, v->package);
        if (!*place) {
            vec_push(a, &owners,
                     (Owner){.name = v->package.len ? v->package : STR("(no package)")});
            *place = owners.len;
        }
        Owner *owner = &owners.v[*place - 1];
        owner->bytes[v->area] += v->size_bytes;
        owner->total += v->size_bytes;
        if (v->generated)
            owner->generated += v->size_bytes;
        else
            owner->count++;
        owner->changing +=
            v->use == VARIABLE_ADDRESS || v->use == VARIABLE_CONTENT || v->use == VARIABLE_WRITTEN;
    }
    return owners;
}

static int compare_owner(const void *x, const void *y) {
    const Owner *a = x, *b = y;
    if (a->total != b->total) return a->total > b->total ? -1 : 1;
    return str_cmp(a->name, b->name);
}

static int compare_variable(const void *x, const void *y) {
    const Variable *a = x, *b = y;
    if (a->size_bytes != b->size_bytes) return a->size_bytes > b->size_bytes ? -1 : 1;
    if (a->addr != b->addr) return a->addr < b->addr ? -1 : 1;
    return str_cmp(a->symbol, b->symbol);
}

static void add_owners(Doc *d, const OwnerVec *owners, bool source) {
    static const DocColumn columns[] = {{"package", "package", false},
                                        {"variables", "variables", true},
                                        {"data_bytes", "data", true},
                                        {"noptrdata_bytes", "noptrdata", true},
                                        {"bss_bytes", "bss", true},
                                        {"noptrbss_bytes", "noptrbss", true},
                                        {"generated_bytes", "literals", true},
                                        {"total_bytes", "all", true},
                                        {"changing", "changing", true}};
    doc_table(d, "packages", columns, COUNT(columns) - !source);
    for (uint32_t i = 0; i < owners->len; i++) {
        const Owner *o = &owners->v[i];
        doc_cell(d, doc_text(o->name));
        doc_cell(d, doc_count(o->count));
        for (size_t k = 0; k < COUNT(areas); k++)
            doc_cell(d, doc_bytes((int64_t)o->bytes[areas[k]]));
        doc_cell(d, doc_bytes((int64_t)o->generated));
        doc_cell(d, doc_bytes((int64_t)o->total));
        if (source) doc_cell(d, doc_count(o->changing));
    }
}

// ---- the guide's question: is this truly process-wide?

static Str area_verdict(AreaKind k) {
    switch ((unsigned)k) { // the other areas hold no variables
    case AREA_DATA: return STR("process-wide; the collector scans it for pointers");
    case AREA_NOPTRDATA: return STR("process-wide; never scanned");
    case AREA_BSS: return STR("process-wide, zero at start; scanned for pointers");
    case AREA_NOPTRBSS: return STR("process-wide, zero at start; never scanned");
    case AREA_FOREIGN: return STR("process-wide, outside Go");
    default: return STR("");
    }
}

// "F", "F and 3 more"
static Str users(Arena *a, const Variable *v) {
    if (v->users <= 1) return v->user;
    return str_fmt(a, STR_FMT " and %u more", STR_ARG(v->user), v->users - 1);
}

static DocValue verdict(Arena *a, const Variable *v) {
    Str who = users(a, v);
    switch (v->use) {
    case VARIABLE_UNKNOWN: return doc_text(area_verdict(v->area));
    case VARIABLE_UNUSED:
        return doc_text(v->exported ? STR("nothing here uses it; importers may")
                                    : STR("nothing uses it"));
    case VARIABLE_CONSTANT:
        return doc_toned(doc_text(v->exported ? STR("yes: nothing here writes it; importers may")
                                              : STR("yes: nothing writes it")),
                         TONE_GOOD);
    case VARIABLE_SET_ONCE:
        return doc_toned(doc_text(str_fmt(a, "yes: set once, by " STR_FMT, STR_ARG(who))),
                         TONE_GOOD);
    case VARIABLE_GUARD: return doc_text(STR("as much as what it guards or counts"));
    case VARIABLE_ADDRESS:
        return doc_text(str_fmt(a, "its address is taken by " STR_FMT, STR_ARG(who)));
    case VARIABLE_CONTENT:
        return doc_toned(doc_text(str_fmt(a, "what it holds is changed by " STR_FMT, STR_ARG(who))),
                         TONE_WARN);
    case VARIABLE_WRITTEN:
        return doc_toned(doc_text(str_fmt(a, "written by " STR_FMT, STR_ARG(who))), TONE_WARN);
    }
    BUG("variable use %d", v->use);
}

static DocValue place(Str file, uint32_t line, const StaticOptions *o) {
    Str rest = file;
    bool below = o->base.len && str_cut_prefix(&rest, o->base) && str_cut_prefix(&rest, STR("/"));
    return file.len ? doc_place(below ? rest : file, line, 0) : doc_text(STR(""));
}

// "at init: make(map[string]int)"
static Str start(Arena *a, const Variable *v) {
    Str how = str_c(variable_start_text(v->start));
    if (v->start != VARIABLE_START_INIT || !v->value.len) return how;
    return str_fmt(a, STR_FMT ": " STR_FMT, STR_ARG(how), STR_ARG(v->value));
}

static void add_source(Doc *d, const Variable *v, const StaticOptions *o) {
    doc_cell(d, place(v->file, v->line, o));
    doc_cell(d, doc_text(start(d->arena, v)));
    doc_cell(d, doc_text(str_c(variable_start_text(v->start))));
    doc_cell(d, doc_text(v->value));
    bool known = v->start == VARIABLE_START_STATIC || v->start == VARIABLE_START_INIT;
    doc_cell(d, known && (v->behind || !v->behind_open) ? doc_bytes(v->behind) : doc_text(STR("")));
    doc_cell(d, known && v->behind_open ? doc_text(STR("+")) : doc_text(STR("")));
    doc_cell(d, doc_text(str_c(variable_use_text(v->use))));
    doc_cell(d, place(v->user_file, v->user_line, o));
}

static void add_variables(Doc *d, const VariableVec *vars, const StaticOptions *o) {
    static const DocColumn plain[] = {
        {"name", "variable", false},  {"type", "type", false},
        {"size_bytes", "size", true}, {"area", "area", false},
        {"section", NULL, false},     {"package", NULL, false},
        {"address", NULL, true},      {"scope", "truly process-wide?", false}};
    static const DocColumn whole[] = {{"name", "variable", false},
                                      {"type", "type", false},
                                      {"size_bytes", "size", true},
                                      {"area", "area", false},
                                      {"section", NULL, false},
                                      {"package", NULL, false},
                                      {"address", NULL, true},
                                      {"scope", "truly process-wide?", false},
                                      {"declared", "declared", false},
                                      {NULL, "initialised", false},
                                      {"initialised", NULL, false},
                                      {"value", NULL, false},
                                      {"behind_bytes", "behind", true},
                                      {"behind_more", "", false},
                                      {"use", NULL, false},
                                      {"used_at", NULL, false}};
    uint32_t shown = 0;
    doc_table(d, "variables", o->source ? whole : plain, o->source ? COUNT(whole) : COUNT(plain));
    for (uint32_t i = 0; i < vars->len; i++) {
        const Variable *v = &vars->v[i];
        if (v->generated || !selected(v, o) || v->size_bytes < o->at_least) continue;
        if (o->top && shown++ >= o->top) continue;
        doc_cell(d, doc_text(v->symbol));
        doc_cell(d, doc_text(v->type));
        doc_cell(d, doc_bytes((int64_t)v->size_bytes));
        doc_cell(d, doc_text(str_c(area_name(v->area))));
        doc_cell(d, doc_text(v->section));
        doc_cell(d, doc_text(v->package));
        doc_cell(d, v->addr ? doc_address(v->addr) : doc_text(STR("")));
        doc_cell(d, verdict(d->arena, v));
        if (o->source) add_source(d, v, o);
    }
}

void view_static(Doc *d, VariableVec *vars, const StaticOptions *o) {
    OwnerVec owners = by_package(d->arena, vars, o);
    if (owners.len) qsort(owners.v, owners.len, sizeof *owners.v, compare_owner);
    if (vars->len) qsort(vars->v, vars->len, sizeof *vars->v, compare_variable);
    doc_open(d, "by_package", STR("Static memory by package"));
    add_owners(d, &owners, o->source);
    doc_close(d);
    doc_open(d, "by_variable", STR("Package-level variables, largest first"));
    add_variables(d, vars, o);
    doc_close(d);
    doc_prose(d, STR("Each of these exists once per process and lives until it ends, whatever "
                     "points to it. What a variable points to lies on the heap and is kept alive "
                     "by it; literals are the compiler's static data behind composite values."));
    if (o->source)
        doc_prose(d, STR("\"behind\" is what the initial value makes besides the variable: static "
                         "data, or heap when the value is made at init; + is what calls and maps "
                         "add to it. State that is written or whose contents change is shared by "
                         "all goroutines: it needs a lock, or an owner that is passed around."));
}
