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
// clang-format off
#define DOC_VALUE_KINDS(X)                                                                         \
    X(NONE, "nothing") X(TEXT, "text") X(INT, "integer") X(BYTES, "bytes") X(COUNT, "count")       \
    X(FLOAT, "number") X(PERCENT, "percent") X(NANOS, "nanoseconds") X(BOOL, "yes or no")          \
    X(PLACE, "file:line:col") X(ADDRESS, "address")
// clang-format on
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
    Str link;     // where a page that has links leads from here: "#f-3"; never in JSON
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
DocValue doc_linked(DocValue v, Str link);

// clang-format off
#define DOC_NODE_KINDS(X)                                                                          \
    X(SECTION, "section") X(LIST, "list") X(ITEM, "item") X(PROSE, "prose") X(FIELD, "field")      \
    X(TABLE, "table") X(CODE, "code") X(VERBATIM, "verbatim") X(FINDING, "finding")                \
    X(FLOW, "flow") X(CHART, "chart") X(STACKS, "stacks")
// clang-format on
#define X(id, text) PAGE_##id,
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

typedef enum DocLevel { LEVEL_NOTE, LEVEL_WARNING, LEVEL_ERROR } DocLevel;

// Something worth knowing at one place. It holds nodes as an item does; SARIF is made of these.
typedef struct DocFinding {
    Str rule, rule_title, rule_help; // "returned-pointer", "returned pointer", a sentence
    DocLevel level;
    Str message;      // one or two sentences
    DocValue place;   // a PLACE
    uint32_t end_col; // behind what is meant, on the place's line; 0: not known
    Str id;           // the same as long as the finding is: baselines and links use it
    uint32_t rank;    // 1 is the first; 0: not ranked
    Str measure;      // "41.2%  210 MiB", shown at the right; empty: none
    double share;     // of the whole, in percent, drawn as a bar; negative: none
} DocFinding;

// One step of a flow: what happens, why, where, and the source line there.
typedef struct DocStep {
    Str text, why;
    DocValue place; // a PLACE or nothing
    Str source;
} DocStep;
typedef VEC(DocStep) DocStepVec;

// A box of a chart; a parent's value counts its children's too.
typedef struct DocBox {
    Str label, detail, link;
    uint32_t parent; // place + 1 in the boxes, always of an earlier one; 0: a top box
    int64_t value;
    DocTone tone; // PLAIN, DIM (not the reader's own code), WARN and BAD (hot)
} DocBox;
typedef VEC(DocBox) DocBoxVec;

typedef enum DocChartKind { CHART_FLAME, CHART_TREEMAP } DocChartKind;
typedef struct DocChart {
    DocChartKind kind;
    DocValueKind unit; // BYTES or COUNT
    Str caption;
    DocBoxVec boxes;
} DocChart;

// How a section looks where a page can do more than text.
typedef enum DocLook {
    LOOK_PLAIN,
    LOOK_TILES, // its fields are the page's key figures
    LOOK_FOLD,  // closed until asked for
    LOOK_ASIDE, // set apart from what is around it
} DocLook;

typedef struct DocNode DocNode;
struct DocNode {
    DocNodeKind kind;
    Str key;   // JSON name, empty: for people only
    Str title; // SECTION, LIST, FIELD label; ITEM heading
    DocLook look;
    union {
        DocValue value; // FIELD; PROSE (text)
        struct {
            const DocColumn *columns;
            uint32_t column_count;
            DocValueVec cells; // row after row
        } table;
        DocCode code;
        Str verbatim;
        DocFinding finding;
        DocStepVec flow;
        DocChart chart;
        const struct DocStacks *stacks; // doc/stacks.h
    };
    DocNode *child, *last; // SECTION, LIST, ITEM, FINDING
    DocNode *next;
};

typedef struct DocStream {
    void *ctx;
    // Appends the next piece to *piece (empty at the call); *more becomes false with the last one.
    Err (*next)(void *ctx, Buf *piece, bool *more);
} DocStream;

typedef struct Doc {
    Arena *arena;
    Str title; // of the page, where a page has one
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
void doc_open_finding(Doc *d, DocFinding finding);      // of the list that is open
void doc_close(Doc *d);
void doc_look(Doc *d, DocLook look); // of the innermost open section
void doc_prose(Doc *d, Str text);    // a paragraph, wrapped to the page's width
void doc_prose_toned(Doc *d, Str text, DocTone tone);
void doc_field(Doc *d, const char *key, const char *label, DocValue v); // label NULL: JSON only
void doc_table(Doc *d, const char *key, const DocColumn *columns, uint32_t count);
bool doc_table_shows(const DocNode *table); // false: all its columns are for JSON
void doc_cell(Doc *d, DocValue v);          // of the newest table, row after row
void doc_code(Doc *d, const char *key, DocCode code);
void doc_flow(Doc *d, const char *key, Str title, DocStepVec steps);
void doc_chart(Doc *d, const char *key, Str title, DocChart chart);
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
// One file without any other: style, script and pictures are in it.
void doc_render_html(const Doc *d, Buf *out);
// The findings as SARIF 2.1.0, for code-scanning services. version: the program's.
void doc_render_sarif(const Doc *d, Str version, Buf *out);
// The findings as GitHub workflow commands, one annotation a line.
void doc_render_github(const Doc *d, Buf *out);
void doc_render_markdown(const Doc *d, Buf *out);      // for a pull request's comment
void doc_format_value(Arena *a, DocValue v, Str *out); // as a page shows it

#endif
