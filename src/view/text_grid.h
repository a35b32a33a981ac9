// view/text_grid.h: cells laid out in columns, some over several columns, as benchstat lays out its
// tables. A column's left margin is as wide as the widest margin of its cells.
#ifndef HEAPWISE_VIEW_TEXT_GRID_H
#define HEAPWISE_VIEW_TEXT_GRID_H

#include "base/buf.h"
#include "base/vec.h"

typedef enum GridAlign { GRID_LEFT, GRID_CENTER, GRID_RIGHT } GridAlign;

typedef struct GridCell {
    uint32_t row, col, span;
    Str text, margin;
    GridAlign align;
    size_t text_width, margin_width; // runes
} GridCell;

typedef struct Grid {
    Arena *arena;
    VEC(GridCell) cells;
    uint32_t row, col, cols;
    VEC(bool) fixed; // columns that a wide cell above them does not stretch
} Grid;

Grid grid_new(Arena *a);
void grid_row(Grid *g); // the next row, from column 0
void grid_goto(Grid *g, uint32_t col);
GridCell *grid_add(Grid *g, uint32_t span,
                   Str text); // one margin cell but at column 0 or when empty
void grid_set_margin(GridCell *c, Str margin);
void grid_fix(Grid *g, uint32_t col);
void grid_write(Grid *g, Buf *out);

#endif
