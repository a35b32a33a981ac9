// view/size: rows of bytes, each byte of the file in exactly one of them.
#include "view/size.h"

#include <stdlib.h>
#include <string.h>

#include "base/index.h"

typedef struct Row {
    Str name;
    uint64_t bytes[SIZE_COUNT], total, before; // before: of the old program, in a comparison
    bool shared;
} Row;

typedef VEC(Row) RowVec;

typedef struct Rows {
    Arena *arena;
    StrMap places;
    RowVec rows;
} Rows;

bool size_by(Str word, SizeBy *out) {
    static const char *const words[] = {"package", "module", "function", "type", "kind"};
    for (size_t i = 0; i < COUNT(words); i++) {
        if (!str_eq_c(word, words[i])) continue;
        *out = (SizeBy)i;
        return true;
    }
    return false;
}

static Row *row_named(Rows *r, Str name) {
    uint32_t *place = strmap_put(&r->places, name);
    if (!*place) {
        Row *row = vec_add(r->arena, &r->rows);
        row->name = name;
        *place = r->rows.len;
    }
    return &r->rows.v[*place - 1];
}

// "http.Request (net/http)"; what is no type stands in one row.
static Str type_row(Arena *a, const SizeItem *i) {
    Str name = i->name;
    if (i->shared || !str_cut_prefix(&name, STR("type "))) return STR("(no types)");
    return str_fmt(a, STR_FMT " (" STR_FMT ")", STR_ARG(name), STR_ARG(i->package));
}

static Str row_name(Arena *a, const Binary *p, const SizeItem *i, SizeBy by) {
    if (by == SIZE_BY_TYPE) return type_row(a, i);
    if (i->shared) return str_join3(a, STR("("), i->name, STR(")"));
    switch (by) {
    case SIZE_BY_PACKAGE: return i->package;
    case SIZE_BY_MODULE: return binary_module_of(p, i->package);
    case SIZE_BY_FUNCTION:
    case SIZE_BY_TYPE:
    case SIZE_BY_KIND:
        return i->name.len ? i->name : str_join2(a, i->package, STR(" (shared by the package)"));
    }
    BUG("size by %d", by);
}

static void add_items(Rows *r, const Binary *p, const SizeMap *m, SizeBy by, bool old) {
    for (uint32_t i = 0; i < m->items.len; i++) {
        const SizeItem *item = &m->items.v[i];
        for (int k = 0; k < SIZE_COUNT; k++) {
            if (!item->bytes[k]) continue;
            Str name = by == SIZE_BY_KIND ? str_c(size_kind_name((SizeKind)k))
                                          : row_name(r->arena, p, item, by);
            Row *row = row_named(r, name);
            row->shared = item->shared;
            if (old)
                row->before += item->bytes[k];
            else
                row->bytes[k] += item->bytes[k];
            if (!old) row->total += item->bytes[k];
        }
    }
}

static int compare_total(const void *x, const void *y) {
    const Row *a = x, *b = y;
    if (a->total != b->total) return a->total > b->total ? -1 : 1;
    return str_cmp(a->name, b->name);
}

static int64_t change(const Row *r) { return (int64_t)(r->total - r->before); }

static int compare_change(const void *x, const void *y) {
    const Row *a = x, *b = y;
    int64_t ca = llabs(change(a)), cb = llabs(change(b));
    if (ca != cb) return ca > cb ? -1 : 1;
    return str_cmp(a->name, b->name);
}

static double share(uint64_t part, uint64_t whole) {
    return whole ? 100.0 * (double)part / (double)whole : 0;
}

static void add_table(Doc *d, const RowVec *rows, uint64_t whole, uint32_t top) {
    static const DocColumn columns[] = {{"name", "", false},
                                        {"code_bytes", "code", true},
                                        {"lines_bytes", "lines", true},
                                        {"stackmaps_bytes", "stack maps", true},
                                        {"types_bytes", "types", true},
                                        {"constants_bytes", "constants", true},
                                        {"variables_bytes", "variables", true},
                                        {"dwarf_bytes", "dwarf", true},
                                        {"symbols_bytes", "symbols", true},
                                        {"format_bytes", "format", true},
                                        {"total_bytes", "all", true},
                                        {"share", "of file", true}};
    Row rest = {.name = STR("(smaller ones)")};
    doc_table(d, "rows", columns, COUNT(columns));
    for (uint32_t i = 0; i <= rows->len; i++) {
        const Row *r = i < rows->len ? &rows->v[i] : &rest;
        if (i < rows->len && top && i >= top) { // counted below
            for (int k = 0; k < SIZE_COUNT; k++) rest.bytes[k] += r->bytes[k];
            rest.total += r->total;
            continue;
        }
        if (!r->total) continue;
        doc_cell(d, doc_text(r->name));
        for (int k = 0; k < SIZE_COUNT; k++) doc_cell(d, doc_bytes((int64_t)r->bytes[k]));
        doc_cell(d, doc_bytes((int64_t)r->total));
        doc_cell(d, doc_percent(share(r->total, whole)));
    }
}

static uint32_t add_box(Doc *d, DocChart *c, DocBox box) {
    vec_push(d->arena, &c->boxes, box);
    return c->boxes.len;
}

// Modules as boxes, their packages inside; what is smaller than a thousandth is left to its parent.
static DocChart treemap(Doc *d, const Binary *p, const SizeMap *m) {
    DocChart c = {.kind = CHART_TREEMAP,
                  .unit = DOC_BYTES,
                  .caption = STR("Bytes of the file by module and package")};
    Rows packages = {.arena = d->arena, .places = strmap_new(d->arena)};
    StrMap parents = strmap_new(d->arena);
    add_items(&packages, p, m, SIZE_BY_PACKAGE, false);
    if (packages.rows.len)
        qsort(packages.rows.v, packages.rows.len, sizeof *packages.rows.v, compare_total);
    for (uint32_t i = 0; i < packages.rows.len; i++) {
        const Row *r = &packages.rows.v[i];
        Str module = r->shared ? STR("(no package)") : binary_module_of(p, r->name);
        uint32_t *parent = strmap_put(&parents, module);
        if (!*parent)
            *parent = add_box(
                d, &c,
                (DocBox){.label = module, .tone = package_is_std(r->name) ? TONE_DIM : TONE_PLAIN});
        c.boxes.v[*parent - 1].value += (int64_t)r->total;
        if (r->total < m->file_bytes / 1000) continue;
        DocBox box = {.label = r->name,
                      .parent = *parent,
                      .value = (int64_t)r->total,
                      .tone = c.boxes.v[*parent - 1].tone};
        add_box(d, &c, box);
    }
    return c;
}

void view_size(Doc *d, Str path, const Binary *p, const SizeOptions *o) {
    SizeMap m = binary_size(d->arena, p);
    Rows r = {.arena = d->arena, .places = strmap_new(d->arena)};
    add_items(&r, p, &m, o->by, false);
    if (r.rows.len) qsort(r.rows.v, r.rows.len, sizeof *r.rows.v, compare_total);
    doc_field(d, "file", "program", doc_text(path));
    if (p->build.go_version.len)
        doc_field(d, "go_version", "built with", doc_text(p->build.go_version));
    doc_field(d, "file_bytes", "file", doc_bytes((int64_t)m.file_bytes));
    doc_field(d, "charged_share", "charged to packages",
              doc_percent(share(m.file_bytes - m.shared_bytes, m.file_bytes)));
    doc_field(d, "named_share", "named",
              doc_percent(share(m.file_bytes - m.unnamed_bytes, m.file_bytes)));
    doc_open(d, "size", STR("Bytes of the file"));
    add_table(d, &r.rows, m.file_bytes, o->top);
    doc_close(d);
    DocChart chart = o->treemap ? treemap(d, p, &m) : (DocChart){0};
    if (chart.boxes.len) doc_chart(d, "treemap", STR("Treemap"), chart);
    doc_prose(d, STR("Inlined code counts where it was written, type arguments are folded into "
                     "their origin, constants count "
                     "for the first function that mentions them. Rows in parentheses belong to no "
                     "package."));
}

int64_t view_size_diff(Doc *d, const Str paths[2], const Binary *const programs[2],
                       const SizeOptions *o) {
    static const DocColumn columns[] = {{"name", "", false},
                                        {"old_bytes", "old", true},
                                        {"new_bytes", "new", true},
                                        {"change_bytes", "change", true},
                                        {"change_share", "%", true}};
    SizeMap old = binary_size(d->arena, programs[0]), now = binary_size(d->arena, programs[1]);
    Rows r = {.arena = d->arena, .places = strmap_new(d->arena)};
    add_items(&r, programs[0], &old, o->by, true);
    add_items(&r, programs[1], &now, o->by, false);
    if (r.rows.len) qsort(r.rows.v, r.rows.len, sizeof *r.rows.v, compare_change);
    int64_t grown = (int64_t)(now.file_bytes - old.file_bytes);
    doc_field(d, "old", "old", doc_text(paths[0]));
    doc_field(d, "new", "new", doc_text(paths[1]));
    doc_field(d, "old_bytes", "old file", doc_bytes((int64_t)old.file_bytes));
    doc_field(d, "new_bytes", "new file", doc_bytes((int64_t)now.file_bytes));
    doc_field(d, "change_bytes", "change", doc_bytes(grown));
    doc_open(d, "diff", STR("What changed"));
    doc_table(d, "rows", columns, COUNT(columns));
    for (uint32_t i = 0, shown = 0; i < r.rows.len; i++) {
        const Row *row = &r.rows.v[i];
        if (!change(row) || (o->top && shown++ >= o->top)) continue;
        DocTone tone = change(row) > 0 ? TONE_BAD : TONE_GOOD;
        doc_cell(d, doc_text(row->name));
        doc_cell(d, doc_bytes((int64_t)row->before));
        doc_cell(d, doc_bytes((int64_t)row->total));
        doc_cell(d, doc_toned(doc_bytes(change(row)), tone));
        doc_cell(d, row->before ? doc_percent(100.0 * (double)change(row) / (double)row->before)
                                : doc_text(STR("new")));
    }
    doc_close(d);
    return grown;
}
