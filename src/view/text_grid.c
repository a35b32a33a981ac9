// view/text_grid.c: see text_grid.h.
#include "view/text_grid.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

Grid grid_new(Arena *a) { return (Grid){.arena = a}; }

void grid_row(Grid *g) {
    if (g->cells.len) g->row++;
    g->col = 0;
}

void grid_goto(Grid *g, uint32_t col) {
    ASSERT(col >= g->col);
    g->col = col;
}

GridCell *grid_add(Grid *g, uint32_t span, Str text) {
    GridCell *c = vec_add(g->arena, &g->cells);
    *c = (GridCell){.row = g->row, .col = g->col, .span = span, .text = text};
    c->text_width = utf8_count(text);
    if (g->col != 0 && text.len) grid_set_margin(c, STR(" "));
    g->col += span;
    g->cols = MAX(g->cols, g->col);
    return c;
}

void grid_set_margin(GridCell *c, Str margin) {
    c->margin = margin;
    c->margin_width = utf8_count(margin);
}

void grid_fix(Grid *g, uint32_t col) {
    while (g->fixed.len <= col) vec_push(g->arena, &g->fixed, false);
    g->fixed.v[col] = true;
}

static bool is_fixed(const Grid *g, uint32_t col) { return col < g->fixed.len && g->fixed.v[col]; }

// Stretches the free columns below a wide cell to their common average, the widest first, so that
// what they have beyond it is taken off the others.
static void stretch(const Grid *g, const GridCell *c, size_t need, size_t *widths) {
    size_t have = 0, count = 0;
    for (uint32_t k = c->col; k < c->col + c->span; k++) have += widths[k];
    if (have >= need) return;
    uint32_t *free_cols = NEW_ARRAY(g->arena, uint32_t, c->span);
    long left = (long)need;
    for (uint32_t k = c->col; k < c->col + c->span; k++) {
        if (is_fixed(g, k)) {
            left -= (long)widths[k];
            continue;
        }
        size_t i = count++;
        for (; i > 0 && widths[free_cols[i - 1]] < widths[k]; i--) free_cols[i] = free_cols[i - 1];
        free_cols[i] = k;
    }
    for (size_t i = 0; i < count; i++) {
        long n = (long)(count - i), average = (left + n - 1) / n;
        size_t *w = &widths[free_cols[i]];
        if (average > (long)*w) *w = (size_t)average;
        left -= (long)*w;
    }
}

static int by_span(const void *x, const void *y) {
    const GridCell *const *a = x, *const *b = y;
    return (*a)->span < (*b)->span ? -1 : (*a)->span > (*b)->span ? 1 : *a < *b ? -1 : *a > *b;
}

static int by_place(const void *x, const void *y) {
    const GridCell *const *a = x, *const *b = y;
    if ((*a)->row != (*b)->row) return (*a)->row < (*b)->row ? -1 : 1;
    return (*a)->col < (*b)->col ? -1 : (*a)->col > (*b)->col;
}

typedef struct Layout {
    const GridCell **cells;
    size_t *margins, *widths, *starts; // per column; widths with margins
} Layout;

static Layout lay_out(const Grid *g) {
    Layout l = {NEW_ARRAY(g->arena, const GridCell *, g->cells.len),
                NEW_ARRAY(g->arena, size_t, g->cols), NEW_ARRAY(g->arena, size_t, g->cols),
                NEW_ARRAY(g->arena, size_t, (size_t)g->cols + 1)};
    for (uint32_t i = 0; i < g->cells.len; i++) {
        const GridCell *c = l.cells[i] = &g->cells.v[i];
        l.margins[c->col] = MAX(l.margins[c->col], c->margin_width);
    }
    qsort(l.cells, g->cells.len, sizeof *l.cells, by_span);
    for (uint32_t i = 0; i < g->cells.len; i++) {
        const GridCell *c = l.cells[i];
        size_t need = c->text_width + l.margins[c->col];
        if (c->span == 1)
            l.widths[c->col] = MAX(l.widths[c->col], need);
        else
            stretch(g, c, need, l.widths);
    }
    for (uint32_t k = 0; k < g->cols; k++) l.starts[k + 1] = l.starts[k] + l.widths[k];
    qsort(l.cells, g->cells.len, sizeof *l.cells, by_place);
    return l;
}

static bool blank(Str s) { return str_trim(s).len == 0; }

// Where fixed columns leave a cell too little room its text runs over. benchstat then writes as
// many spaces as it should have gone back, and counts as if it had.
static void fill(Buf *out, long n) { buf_fill(out, ' ', (size_t)labs(n)); }

// Writes the text in its room and returns the runes written.
static long write_text(const GridCell *c, long room, Buf *out) {
    long width = (long)c->text_width, before = 0, after = 0;
    if (c->align == GRID_CENTER) before = (room - width) / 2;
    if (c->align == GRID_RIGHT && room > width) before = room - width;
    if (c->align == GRID_RIGHT && -room > width) after = -room - width;
    fill(out, before);
    buf_str(out, c->text);
    fill(out, after);
    return labs(before) + width + after;
}

static long write_cell(const Layout *l, const GridCell *c, long at, Buf *out) {
    long margin = (long)l->margins[c->col], start = (long)l->starts[c->col];
    fill(out, start - at);
    buf_fill(out, ' ', (size_t)margin - c->margin_width);
    buf_str(out, c->margin);
    return start + margin + write_text(c, (long)l->starts[c->col + c->span] - start - margin, out);
}

void grid_write(Grid *g, Buf *out) {
    if (!g->cells.len) return;
    Layout l = lay_out(g);
    uint32_t row = 0;
    long at = 0;
    for (uint32_t i = 0; i < g->cells.len; i++) {
        const GridCell *c = l.cells[i];
        if (blank(c->text) && blank(c->margin)) continue; // no spaces at the ends of lines
        for (; row < c->row; row++, at = 0) buf_byte(out, '\n');
        at = write_cell(&l, c, at, out);
    }
    buf_byte(out, '\n');
}
