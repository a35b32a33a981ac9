// view/benchstat.c: benchmark tables as benchstat prints them, in text and in CSV, and as data.
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "view/bench.h"
#include "view/text_grid.h"

// ---- words of a cell, the same in every form

static double sign(double v) { return v > 0 ? 1 : v < 0 ? -1 : 0; }

static Str interval_text(Arena *a, const BenchSummary *s) {
    if (isinf(s->lo) || isinf(s->hi)) return STR("\xe2\x88\x9e"); // infinity
    bool odd = isnan(s->center) || isnan(s->lo) || isnan(s->hi);
    if (odd || sign(s->center) != sign(s->lo) || sign(s->center) != sign(s->hi)) return STR("?");
    if (s->center == 0) return STR("0%");
    double above = s->hi / s->center - 1, below = 1 - s->lo / s->center;
    Buf text = buf_new(a);
    bench_put_fixed(&text, 100 * MAX(above, below), 0, false);
    buf_byte(&text, '%');
    return buf_view(&text);
}

static Str signed_percent(Arena *a, double percent) {
    Buf text = buf_new(a);
    bench_put_fixed(&text, percent, 2, true);
    buf_byte(&text, '%');
    return buf_view(&text);
}

static Str delta_text(Arena *a, const BenchCell *c) {
    double before = c->base->summary.center, now = c->summary.center;
    if (c->compare.p > c->compare.alpha) return STR("~");
    if (before == now) return STR("0.00%");
    if (before == 0) return STR("?");
    return signed_percent(a, (now / before - 1.0) * 100.0);
}

static Str test_text(Arena *a, const BenchCompare *c) {
    Buf text = buf_new(a);
    if (c->p != 0) {
        buf_lit(&text, "p=");
        bench_put_fixed(&text, c->p, 3, false);
        buf_byte(&text, ' ');
    }
    if (c->n1 == c->n2)
        buf_fmt(&text, "n=%u", c->n1);
    else
        buf_fmt(&text, "n=%u+%u", c->n1, c->n2);
    return buf_view(&text);
}

static const BenchCell *cell_at(const BenchTable *t, uint32_t row, uint32_t col) {
    return t->cells[(size_t)row * t->col_count + col];
}

// ---- text

enum { CENTER_COLS = 3, DELTA_COLS = 3 }; // value, interval, notes; change, test, notes

typedef struct TextTable {
    Arena *arena;
    const BenchSet *set;
    const BenchTable *table;
    Grid grid;
    StrVec notes; // their places are their numbers
} TextTable;

static uint32_t first_col(uint32_t column) {
    return column == 0 ? 1 : 1 + CENTER_COLS + (column - 1) * (CENTER_COLS + DELTA_COLS);
}

static void put_superscript(Buf *out, uint32_t n) {
    static const char *const digits[] = {
        "\xe2\x81\xb0", "\xc2\xb9",     "\xc2\xb2",     "\xc2\xb3",     "\xe2\x81\xb4",
        "\xe2\x81\xb5", "\xe2\x81\xb6", "\xe2\x81\xb7", "\xe2\x81\xb8", "\xe2\x81\xb9"};
    if (n >= 10) put_superscript(out, n / 10);
    buf_c(out, digits[n % 10]);
}

static uint32_t note_number(TextTable *t, Str note) {
    for (uint32_t i = 0; i < t->notes.len; i++)
        if (str_eq(t->notes.v[i], note)) return i + 1;
    vec_push(t->arena, &t->notes, note);
    return t->notes.len;
}

static void put_notes(TextTable *t, Buf *marks, const StrVec *notes) {
    for (uint32_t i = 0; i < notes->len; i++) {
        if (marks->len) buf_byte(marks, ' ');
        put_superscript(marks, note_number(t, notes->v[i]));
    }
}

static void add_notes(TextTable *t, const StrVec *first, const StrVec *second) {
    Buf marks = buf_new(t->arena);
    put_notes(t, &marks, first);
    if (second) put_notes(t, &marks, second);
    grid_add(&t->grid, 1, buf_view(&marks));
}

static void add_bar(TextTable *t) {
    grid_goto(&t->grid, first_col(t->table->col_count + 1));
    grid_set_margin(grid_add(&t->grid, 1, (Str){0}), STR(" \xe2\x94\x82"));
}

static GridCell *add_heading(TextTable *t, uint32_t from, uint32_t to, Str text) {
    grid_goto(&t->grid, from);
    GridCell *c = grid_add(&t->grid, to - from, text);
    c->align = GRID_CENTER;
    grid_set_margin(c, STR(" \xe2\x94\x82 "));
    return c;
}

static bool same_heading(const BenchTable *t, uint32_t level, uint32_t a, uint32_t b) {
    for (uint32_t k = 0; k <= level; k++)
        if (!str_eq(t->col_keys.v[k].values.v[a], t->col_keys.v[k].values.v[b])) return false;
    return true;
}

// One row per column key; neighbours that agree so far share a heading.
static void add_headings(TextTable *t) {
    for (uint32_t level = 0; level < t->table->col_keys.len; level++) {
        grid_row(&t->grid);
        for (uint32_t start = 0, end; start < t->table->col_count; start = end) {
            for (end = start + 1; end < t->table->col_count; end++)
                if (!same_heading(t->table, level, start, end)) break;
            add_heading(t, first_col(start), first_col(end),
                        t->table->col_keys.v[level].values.v[start]);
        }
        add_bar(t);
    }
}

static void add_units(TextTable *t) {
    grid_row(&t->grid);
    for (uint32_t i = 0; i < t->table->col_count; i++) {
        uint32_t from = first_col(i);
        add_heading(t, from, from + CENTER_COLS, bench_str(t->set, t->table->unit));
        if (i > 0) grid_set_margin(grid_add(&t->grid, DELTA_COLS, STR("vs base")), STR("  "));
        for (uint32_t k = from + 1; k < t->grid.col; k++) grid_fix(&t->grid, k);
    }
    add_bar(t);
}

static void add_right(TextTable *t, Str text) { grid_add(&t->grid, 1, text)->align = GRID_RIGHT; }

static void add_cell(TextTable *t, const BenchCell *c, BenchScale scale) {
    Buf value = buf_new(t->arena);
    bench_put_scaled(&value, scale, c->summary.center);
    grid_goto(&t->grid, first_col(c->col));
    add_right(t, buf_view(&value));
    GridCell *range = grid_add(&t->grid, 1, interval_text(t->arena, &c->summary));
    range->align = GRID_RIGHT;
    grid_set_margin(range, STR(" \xc2\xb1 "));
    add_notes(t, &c->warnings, &c->summary.warnings);
    if (!c->base) return;
    add_right(t, delta_text(t->arena, c));
    grid_add(&t->grid, 1,
             str_join3(t->arena, STR("("), test_text(t->arena, &c->compare), STR(")")));
    add_notes(t, &c->compare.warnings, NULL);
}

static void add_row(TextTable *t, uint32_t row) {
    double *centers = NEW_ARRAY(t->arena, double, t->table->col_count);
    size_t n = 0;
    for (uint32_t col = 0; col < t->table->col_count; col++)
        if (cell_at(t->table, row, col)) centers[n++] = cell_at(t->table, row, col)->summary.center;
    BenchScale scale =
        bench_scale(centers, n, bench_unit_is_bytes(bench_str(t->set, t->table->unit)));
    grid_row(&t->grid);
    grid_add(&t->grid, 1, t->table->rows.v[row]);
    for (uint32_t col = 0; col < t->table->col_count; col++)
        if (cell_at(t->table, row, col)) add_cell(t, cell_at(t->table, row, col), scale);
}

static void add_geomeans(TextTable *t) {
    bool bytes = bench_unit_is_bytes(bench_str(t->set, t->table->unit));
    grid_row(&t->grid);
    grid_add(&t->grid, 1, STR("geomean"));
    for (uint32_t col = 0; col < t->table->col_count; col++) {
        const BenchColumnSummary *s = &t->table->columns[col];
        if (s->has_center) {
            Buf value = buf_new(t->arena);
            bench_put_scaled(&value, bench_scale(&s->center, 1, bytes), s->center);
            grid_goto(&t->grid, first_col(col));
            add_right(t, buf_view(&value));
        }
        if (col > 0) {
            grid_goto(&t->grid, first_col(col) + CENTER_COLS);
            if (s->has_ratio)
                add_right(t, signed_percent(t->arena, (s->ratio - 1) * 100));
            else
                grid_add(&t->grid, 1, STR("?"));
        }
        grid_goto(&t->grid, first_col(col + 1) - 1);
        add_notes(t, &s->warnings, NULL);
    }
}

static void text_table(Arena *a, const BenchSet *s, const BenchTable *table, Buf *out) {
    TextTable t = {.arena = a, .set = s, .table = table, .grid = grid_new(a)};
    add_headings(&t);
    add_units(&t);
    for (uint32_t row = 0; row < table->rows.len; row++) add_row(&t, row);
    if (table->rows.len > 1) add_geomeans(&t);
    grid_write(&t.grid, out);
    for (uint32_t i = 0; i < t.notes.len; i++) {
        put_superscript(out, i + 1);
        buf_fmt(out, " " STR_FMT "\n", STR_ARG(t.notes.v[i]));
    }
}

void view_benchstat_text(Doc *d, const BenchSet *s, const BenchTables *tables) {
    Buf out = buf_new(d->arena);
    Arena *scratch = arena_new("benchmark table");
    for (uint32_t i = 0; i < tables->len; i++) {
        const BenchTable *t = &tables->v[i];
        ArenaMark mark = arena_mark(scratch);
        if (i > 0) buf_byte(&out, '\n');
        for (uint32_t k = 0; k < t->changed.len; k++)
            buf_fmt(&out, STR_FMT "\n", STR_ARG(t->changed.v[k]));
        text_table(scratch, s, t, &out);
        arena_pop_to(mark);
    }
    arena_free(scratch);
    doc_verbatim(d, buf_view(&out));
}

// ---- CSV: the columns of text without the notes, which go to standard error with the cell's name

typedef struct Csv {
    Arena *arena;
    Buf out, notes;
    StrVec row;
    uint32_t line; // of the row being built, from 1
} Csv;

static void put_field(Buf *out, Str s) {
    uint32_t width;
    bool odd = str_eq(s, STR("\\.")) || (s.len && utf8_is_space(utf8_decode(s, &width)));
    for (size_t i = 0; i < s.len && !odd; i++)
        odd = s.ptr[i] && strchr(",\"\r\n", s.ptr[i]) != NULL;
    if (!odd) {
        buf_str(out, s);
        return;
    }
    buf_byte(out, '"');
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '"') buf_byte(out, '"');
        buf_byte(out, s.ptr[i]);
    }
    buf_byte(out, '"');
}

static void csv_add(Csv *c, Str field) { vec_push(c->arena, &c->row, field); }

static void csv_fill(Csv *c, uint32_t columns) {
    while (c->row.len < columns) csv_add(c, (Str){0});
}

static void csv_end(Csv *c) {
    for (uint32_t i = 0; i < c->row.len; i++) {
        if (i) buf_byte(&c->out, ',');
        put_field(&c->out, c->row.v[i]);
    }
    buf_byte(&c->out, '\n');
    c->row.len = 0;
    c->line++;
}

// The cell's name counts columns as benchstat does: A is 0, and after Z comes BA.
static void csv_notes(Csv *c, const StrVec *notes) {
    char name[12];
    size_t at = sizeof name;
    uint32_t x = c->row.len;
    do name[--at] = (char)('A' + x % 26);
    while (x /= 26);
    for (uint32_t i = 0; i < notes->len; i++)
        buf_fmt(&c->notes, "%.*s%u: " STR_FMT "\n", (int)(sizeof name - at), name + at, c->line,
                STR_ARG(notes->v[i]));
}

static uint32_t csv_col(uint32_t column) { return column == 0 ? 1 : 3 + (column - 1) * 4; }

static Str csv_number(Arena *a, double v) {
    Buf text = buf_new(a);
    bench_put_go(&text, v);
    return buf_view(&text);
}

static void csv_headings(Csv *c, const BenchTable *t, Str unit) {
    for (uint32_t level = 0; level < t->col_keys.len; level++) {
        for (uint32_t i = 0; i < t->col_count; i++) {
            csv_fill(c, csv_col(i));
            csv_add(c, t->col_keys.v[level].values.v[i]);
        }
        csv_fill(c, csv_col(t->col_count));
        csv_end(c);
    }
    for (uint32_t i = 0; i < t->col_count; i++) {
        csv_fill(c, csv_col(i));
        csv_add(c, unit);
        csv_add(c, STR("CI"));
        if (i == 0) continue;
        csv_add(c, STR("vs base"));
        csv_add(c, STR("P"));
    }
    csv_end(c);
}

static void csv_cell(Csv *c, const BenchCell *cell) {
    csv_fill(c, csv_col(cell->col));
    csv_notes(c, &cell->warnings);
    csv_notes(c, &cell->summary.warnings);
    csv_add(c, csv_number(c->arena, cell->summary.center));
    csv_add(c, interval_text(c->arena, &cell->summary));
    if (!cell->base) return;
    csv_notes(c, &cell->compare.warnings);
    csv_add(c, delta_text(c->arena, cell));
    csv_add(c, test_text(c->arena, &cell->compare));
}

static void csv_geomeans(Csv *c, const BenchTable *t) {
    csv_add(c, STR("geomean"));
    for (uint32_t i = 0; i < t->col_count; i++) {
        const BenchColumnSummary *s = &t->columns[i];
        csv_fill(c, csv_col(i));
        csv_notes(c, &s->warnings);
        if (s->has_center) csv_add(c, csv_number(c->arena, s->center));
        if (i == 0) continue;
        csv_fill(c, csv_col(i) + 2);
        csv_add(c, s->has_ratio ? signed_percent(c->arena, (s->ratio - 1) * 100) : STR("?"));
    }
    csv_fill(c, csv_col(t->col_count));
    csv_end(c);
}

static void csv_line(Csv *c, Str text) {
    csv_add(c, text);
    csv_end(c);
}

void view_benchstat_csv(Doc *d, const BenchSet *s, const BenchTables *tables) {
    Csv c = {.arena = d->arena, .out = buf_new(d->arena), .notes = buf_new(d->arena), .line = 1};
    for (uint32_t i = 0; i < tables->len; i++) {
        const BenchTable *t = &tables->v[i];
        if (i > 0) csv_line(&c, (Str){0});
        for (uint32_t k = 0; k < t->changed.len; k++) csv_line(&c, t->changed.v[k]);
        csv_headings(&c, t, bench_str(s, t->unit));
        for (uint32_t row = 0; row < t->rows.len; row++) {
            csv_add(&c, t->rows.v[row]);
            for (uint32_t col = 0; col < t->col_count; col++)
                if (cell_at(t, row, col)) csv_cell(&c, cell_at(t, row, col));
            csv_end(&c);
        }
        csv_geomeans(&c, t);
    }
    doc_verbatim(d, buf_view(&c.out));
    doc_verbatim_error(d, buf_view(&c.notes));
}

// ---- data

static void data_texts(Doc *d, const char *key, const StrVec *texts) {
    static const DocColumn columns[] = {{"text", NULL, false}};
    doc_table(d, key, columns, COUNT(columns));
    for (uint32_t i = 0; i < texts->len; i++) doc_cell(d, doc_text(texts->v[i]));
}

static void data_cell(Doc *d, const BenchCell *c, Str name) {
    doc_open_item(d, (Str){0});
    doc_field(d, "column", NULL, doc_text(name));
    doc_field(d, "runs", NULL, doc_int(c->values.len));
    doc_field(d, "center", NULL, doc_float(c->summary.center));
    if (!isinf(c->summary.lo)) doc_field(d, "low", NULL, doc_float(c->summary.lo));
    if (!isinf(c->summary.hi)) doc_field(d, "high", NULL, doc_float(c->summary.hi));
    if (c->base) {
        doc_field(d, "p", NULL, doc_float(c->compare.p));
        doc_field(d, "differs", NULL, doc_bool(c->compare.p <= c->compare.alpha));
        if (c->base->summary.center != 0)
            doc_field(d, "ratio", NULL, doc_float(c->summary.center / c->base->summary.center));
    }
    StrVec notes = {0};
    const StrVec *all[] = {&c->warnings, &c->summary.warnings, &c->compare.warnings};
    for (size_t i = 0; i < COUNT(all); i++)
        for (uint32_t k = 0; k < all[i]->len; k++) vec_push(d->arena, &notes, all[i]->v[k]);
    if (notes.len) data_texts(d, "notes", &notes);
    doc_close(d);
}

static Str column_name(Arena *a, const BenchTable *t, uint32_t col) {
    StrVec parts = {0};
    for (uint32_t k = 0; k < t->col_keys.len; k++)
        vec_push(a, &parts, t->col_keys.v[k].values.v[col]);
    return strvec_join(a, &parts, STR(" "));
}

void view_benchstat_data(Doc *d, const BenchSet *s, const BenchTables *tables) {
    doc_open_list(d, "tables", (Str){0});
    for (uint32_t i = 0; i < tables->len; i++) {
        const BenchTable *t = &tables->v[i];
        doc_open_item(d, (Str){0});
        doc_field(d, "unit", NULL, doc_text(bench_str(s, t->unit)));
        data_texts(d, "keys", &t->keys);
        doc_open_list(d, "rows", (Str){0});
        for (uint32_t row = 0; row < t->rows.len; row++) {
            doc_open_item(d, (Str){0});
            doc_field(d, "name", NULL, doc_text(t->rows.v[row]));
            doc_open_list(d, "cells", (Str){0});
            for (uint32_t col = 0; col < t->col_count; col++)
                if (cell_at(t, row, col))
                    data_cell(d, cell_at(t, row, col), column_name(d->arena, t, col));
            doc_close(d);
            doc_close(d);
        }
        doc_close(d);
        doc_close(d);
    }
    doc_close(d);
}
