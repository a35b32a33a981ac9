// doc/doc.h: the page a command builds. Every output format is drawn from it, so no command prints.
// A page is a tree of nodes in the order they are shown. A node with a key is data too: it appears
// under that key in JSON; one without (prose, headings) is for people only.
// Owns     nothing but its nodes, in the arena given to doc_new; text is kept as it is, not copied.
// Threads  one at a time.
#ifndef HEAPWISE_DOC_DOC_H
#define HEAPWISE_DOC_DOC_H

#include "base/buf.h"
#include "base/err.h"
#include "base/vec.h"

// What a value is decides how it is written: 1536 as DOC_BYTES is "1.5 KiB" on a page, 1536 in
// JSON.
#define DOC_VALUE_KINDS(X)                                                                         \
    X(NONE, "nothing")                                                                             \
    X(TEXT, "text")                                                                                \
    X(INT, "integer")                                                                              \
    X(BYTES, "bytes")                                                                              \
    X(COUNT, "count")                                                                              \
    X(FLOAT, "number")                                                                             \
    X(PERCENT, "percent")                                                                          \
    X(NANOS, "nanoseconds") X(BOOL, "yes or no") X(PLACE, "file:line:col") X(ADDRESS, "address")
#define X(id, text) DOC_##id,
typedef enum DocValueKind { DOC_VALUE_KINDS(X) } DocValueKind;
#undef X

typedef enum DocTone {
    TONE_PLAIN,
    TONE_STRONG,
    TONE_DIM,
    TONE_GOOD,
    TONE_WARN,
    TONE_BAD,
    TONE_ADDED,
    TONE_REMOVED
} DocTone;

typedef struct DocValue {
    DocValueKind kind;
    DocTone tone;
    Str text;     // TEXT; the file of a PLACE
    int64_t n;    // INT, BYTES, COUNT, NANOS, BOOL, ADDRESS; the line of a PLACE
    double f;     // FLOAT; PERCENT (12.5 is 12.5 %)
    uint32_t col; // of a PLACE, 0: none
} DocValue;

DocValue doc_text(Str s);
DocValue doc_int(int64_t n);
DocValue doc_bytes(int64_t n);
DocValue doc_count(int64_t n);
DocValue doc_float(double f);
DocValue doc_percent(double f);
DocValue doc_nanos(int64_t n);
DocValue doc_bool(bool b);
DocValue doc_place(Str file, uint32_t line, uint32_t col);
DocValue doc_address(uint64_t n);
DocValue doc_toned(DocValue v, DocTone tone);

#define DOC_NODE_KINDS(X)                                                                          \
    X(SECTION, "section")                                                                          \
    X(LIST, "list")                                                                                \
    X(ITEM, "item")                                                                                \
    X(PROSE, "prose") X(FIELD, "field") X(TABLE, "table") X(CODE, "code") X(VERBATIM, "verbatim")
#define X(id, text) NODE_##id,
typedef enum DocNodeKind { DOC_NODE_KINDS(X) } DocNodeKind;
#undef X

typedef struct DocColumn {
    const char *key;   // JSON name; NULL: not in JSON
    const char *title; // on the page; NULL: not on the page
    bool right;        // numbers stand at the right
} DocColumn;

typedef VEC(DocValue) DocValueVec;

typedef struct DocCode {
    Str file;
    uint32_t first_line;
    Str text;                      // whole lines
    uint32_t mark_line;            // the line with the mark; 0: none
    uint32_t mark_start, mark_end; // bytes in that line, from 0
} DocCode;

typedef struct DocNode DocNode;
struct DocNode {
    DocNodeKind kind;
    Str key;   // JSON name, empty: for people only
    Str title; // SECTION, LIST, FIELD label; ITEM heading
    union {
        DocValue value; // FIELD; PROSE (text)
        struct {
            const DocColumn *columns;
            uint32_t column_count;
            DocValueVec cells; // row after row
        } table;
        DocCode code;
        Str verbatim;
    };
    DocNode *child, *last; // SECTION, LIST, ITEM
    DocNode *next;
};

typedef struct DocStream {
    void *ctx;
    // Appends the next piece to *piece (empty at the call); *more becomes false with the last one.
    Err (*next)(void *ctx, Buf *piece, bool *more);
} DocStream;

typedef struct Doc {
    Arena *arena;
    DocNode root;
    VEC(DocNode *) open; // innermost last
    VEC(DocStream) streams;
    StrVec warnings;    // to standard error, "heapwise: " in front
    Buf error_bytes;    // to standard error as they are, before the warnings
    const char *schema; // name and version of the JSON form: "heapwise.review/1"
} Doc;

Doc *doc_new(Arena *a, const char *schema);

void doc_open(Doc *d, const char *key, Str title);      // a section: an object in JSON
void doc_open_list(Doc *d, const char *key, Str title); // its items: an array in JSON
void doc_open_item(Doc *d, Str title);                  // of the list that is open
void doc_close(Doc *d);
void doc_prose(Doc *d, Str text); // a paragraph, wrapped to the page's width
void doc_prose_toned(Doc *d, Str text, DocTone tone);
void doc_field(Doc *d, const char *key, const char *label, DocValue v); // label NULL: JSON only
void doc_table(Doc *d, const char *key, const DocColumn *columns, uint32_t count);
void doc_cell(Doc *d, DocValue v); // of the newest table, row after row
void doc_code(Doc *d, const char *key, DocCode code);
// Bytes another program would write, kept as they are. Not in JSON.
void doc_verbatim(Doc *d, Str bytes);
// Output too large to hold: pieces pulled and written after the page. Not in JSON.
void doc_stream(Doc *d, DocStream stream);
void doc_warn(Doc *d, const char *fmt, ...) PRINTF_LIKE(2, 3);
// What another program would write to standard error, kept as it is. On no page.
void doc_verbatim_error(Doc *d, Str bytes);

typedef struct DocTextStyle {
    uint32_t width; // columns; 0: no wrapping, no cutting
    bool color;
} DocTextStyle;

void doc_render_text(const Doc *d, DocTextStyle style, Buf *out);
void doc_render_json(const Doc *d, Buf *out);
void doc_format_value(Arena *a, DocValue v, Str *out); // as a page shows it

#endif
