// doc/stacks.h: a tree of stacks with what each costs, for a page that lets a reader look around in
// it: flame graph, icicle, differences, callers and callees, table, source, drawn graph. Other
// forms of a page leave it out. Columns  side * type_count + type. A side is one measurement; two
// of them can be compared. Owns     nothing: it points to what the caller keeps until the page is
// drawn.
#ifndef HEAPWISE_DOC_STACKS_H
#define HEAPWISE_DOC_STACKS_H

#include "doc/doc.h"

typedef struct DocStackType {
    Str name, unit; // "inuse_space", "bytes"
} DocStackType;

typedef struct DocStackSide {
    Str name;           // "heap-3.pb.gz"
    int64_t time_nanos; // since 1970; 0: not known
} DocStackSide;

typedef struct DocStackFrame {
    Str name, file;
    int64_t line; // where it starts; 0: not known
    bool inlined;
} DocStackFrame;

// In depth-first order. A node of frame 0 stands for everything too small to be drawn.
typedef struct DocStackNode {
    uint32_t depth, frame;
} DocStackNode;

// What one line costs; the values are rows of columns.
typedef struct DocStackLine {
    uint32_t number;
    const int64_t *flat, *cum;
} DocStackLine;

// Whole lines of a frame's source, in pieces: `first_line` 12 and 80 for two of them.
typedef struct DocStackPiece {
    uint32_t first_line;
    Str text;
} DocStackPiece;

typedef struct DocStackSource {
    uint32_t frame;
    Str file;
    VEC(DocStackPiece) pieces;
    VEC(DocStackLine) lines;
} DocStackSource;

// A box of a form above the views, of a page that is asked for again (heapwise web).
typedef struct DocStackField {
    Str name, label, value;
} DocStackField;

typedef struct DocStackForm {
    VEC(DocStackField) fields;
    StrVec messages;  // what the last request led to
    Str action, link; // a link beside it: "Take another snapshot", "?take=2"; empty: none
} DocStackForm;

typedef struct DocStacks {
    VEC(DocStackType) types;
    VEC(DocStackSide) sides;
    uint32_t type;             // shown first
    uint32_t side;             // shown first
    int base;                  // side compared with at first, -1: none
    VEC(DocStackFrame) frames; // [0] is "too small to be drawn"
    VEC(DocStackNode) nodes;
    const int64_t *self;       // nodes x columns
    const int64_t *flat, *cum; // frames x columns
    const int64_t *total;      // by column
    uint32_t frames_left_out;  // functions that are in no table
    VEC(DocStackSource) sources;
    StrVec drawings;          // by type: SVG, empty: none
    StrVec facts;             // name, value, name, value: shown at the head
    Str note;                 // why something is missing
    const DocStackForm *form; // NULL: a page that stands alone
} DocStacks;

void doc_stacks(Doc *d, const DocStacks *stacks);

#endif
