// base/diag.h: what is wrong with the Go code read: messages with positions, kept in the order they
// were reported. The reader of the list sorts, folds and limits as the compiler does.
// Threads: one sink per package or file; never shared.
#ifndef HEAPWISE_BASE_DIAG_H
#define HEAPWISE_BASE_DIAG_H

#include "base/pos.h"

typedef struct Diag {
    Pos pos;
    uint32_t code; // the pass's own number (go/types: the error code); 0 is a syntax error
    Str text;      // may hold "\n\t" continuation lines
    bool soft;     // does not stop later passes from trusting the tree
} Diag;

typedef struct Diags {
    Arena *arena;
    VEC(Diag) list;
    uint32_t limit; // 0: none. Past it errors are counted, not kept
    uint32_t count; // all that were reported
} Diags;

Diags diags_new(Arena *a);
void diag_error(Diags *d, Pos pos, uint32_t code, const char *fmt, ...) PRINTF_LIKE(4, 5);
void diag_add(Diags *d, Diag one);
// What the compiler shows of them: of a line's syntax errors the first, of equal neighbours on a
// line one; in the order of file name, line and column.
void diags_as_shown(Diags *d, const FileSet *files);

#endif
