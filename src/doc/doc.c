// doc/doc.c: building the page, and the words for its values.
#include "doc/stacks.h"

#include <math.h>

DocValue doc_text(Str s) { return (DocValue){.kind = DOC_TEXT, .text = s}; }
DocValue doc_int(int64_t n) { return (DocValue){.kind = DOC_INT, .n = n}; }
DocValue doc_bytes(int64_t n) { return (DocValue){.kind = DOC_BYTES, .n = n}; }
DocValue doc_count(int64_t n) { return (DocValue){.kind = DOC_COUNT, .n = n}; }
DocValue doc_float(double f) { return (DocValue){.kind = DOC_FLOAT, .f = f}; }
DocValue doc_percent(double f) { return (DocValue){.kind = DOC_PERCENT, .f = f}; }
DocValue doc_nanos(int64_t n) { return (DocValue){.kind = DOC_NANOS, .n = n}; }
DocValue doc_bool(bool b) { return (DocValue){.kind = DOC_BOOL, .n = b}; }
DocValue doc_address(uint64_t n) { return (DocValue){.kind = DOC_ADDRESS, .n = (int64_t)n}; }

DocValue doc_place(Str file, uint32_t line, uint32_t col) {
    return (DocValue){.kind = DOC_PLACE, .text = file, .n = line, .col = col};
}

DocValue doc_toned(DocValue v, DocTone tone) {
    v.tone = tone;
    return v;
}

DocValue doc_linked(DocValue v, Str link) {
    v.link = link;
    return v;
}

Doc *doc_new(Arena *a, const char *schema) {
    Doc *d = NEW(a, Doc);
    d->arena = a;
    d->schema = schema;
    d->error_bytes = buf_new(a);
    vec_push(a, &d->open, &d->root);
    return d;
}

static DocNode *add(Doc *d, DocNodeKind kind, const char *key) {
    DocNode *n = NEW(d->arena, DocNode), *parent = vec_last(&d->open);
    n->kind = kind;
    n->key = str_c(key);
    if (parent->last)
        parent->last->next = n;
    else
        parent->child = n;
    parent->last = n;
    return n;
}

static void open_node(Doc *d, DocNodeKind kind, const char *key, Str title) {
    DocNode *n = add(d, kind, key);
    n->title = title;
    vec_push(d->arena, &d->open, n);
}

void doc_open(Doc *d, const char *key, Str title) { open_node(d, PAGE_SECTION, key, title); }
void doc_open_list(Doc *d, const char *key, Str title) { open_node(d, PAGE_LIST, key, title); }

void doc_open_item(Doc *d, Str title) {
    if (vec_last(&d->open)->kind != PAGE_LIST) BUG("an item outside a list");
    open_node(d, PAGE_ITEM, "item", title);
}

void doc_open_finding(Doc *d, DocFinding finding) {
    if (vec_last(&d->open)->kind != PAGE_LIST) BUG("a finding outside a list");
    open_node(d, PAGE_FINDING, "finding", STR(""));
    vec_last(&d->open)->finding = finding;
}

void doc_look(Doc *d, DocLook look) { vec_last(&d->open)->look = look; }

void doc_close(Doc *d) {
    if (d->open.len < 2) BUG("doc_close without doc_open");
    d->open.len--;
}

void doc_prose(Doc *d, Str text) { doc_prose_toned(d, text, TONE_PLAIN); }

void doc_prose_toned(Doc *d, Str text, DocTone tone) {
    add(d, PAGE_PROSE, NULL)->value = doc_toned(doc_text(text), tone);
}

void doc_field(Doc *d, const char *key, const char *label, DocValue v) {
    DocNode *n = add(d, PAGE_FIELD, key);
    n->title = str_c(label);
    n->value = v;
}

void doc_table(Doc *d, const char *key, const DocColumn *columns, uint32_t count) {
    DocNode *n = add(d, PAGE_TABLE, key);
    n->table.columns = columns;
    n->table.column_count = count;
}

bool doc_table_shows(const DocNode *table) {
    for (uint32_t c = 0; c < table->table.column_count; c++)
        if (table->table.columns[c].title) return true;
    return false;
}

void doc_cell(Doc *d, DocValue v) {
    DocNode *n = vec_last(&d->open)->last;
    if (!n || n->kind != PAGE_TABLE) BUG("a cell outside a table");
    vec_push(d->arena, &n->table.cells, v);
}

void doc_code(Doc *d, const char *key, DocCode code) { add(d, PAGE_CODE, key)->code = code; }

void doc_flow(Doc *d, const char *key, Str title, DocStepVec steps) {
    DocNode *n = add(d, PAGE_FLOW, key);
    n->title = title;
    n->flow = steps;
}

void doc_chart(Doc *d, const char *key, Str title, DocChart chart) {
    for (uint32_t i = 0; i < chart.boxes.len; i++)
        if (chart.boxes.v[i].parent > i) BUG("box %u comes before its parent", i);
    DocNode *n = add(d, PAGE_CHART, key);
    n->title = title;
    n->chart = chart;
}

void doc_stacks(Doc *d, const DocStacks *stacks) { add(d, PAGE_STACKS, NULL)->stacks = stacks; }

void doc_verbatim(Doc *d, Str bytes) { add(d, PAGE_VERBATIM, NULL)->verbatim = bytes; }

void doc_verbatim_error(Doc *d, Str bytes) { buf_str(&d->error_bytes, bytes); }

void doc_stream(Doc *d, DocStream stream) { vec_push(d->arena, &d->streams, stream); }

void doc_warn(Doc *d, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    vec_push(d->arena, &d->warnings, str_vfmt(d->arena, fmt, ap));
    va_end(ap);
}

static Str scaled(Arena *a, double v, const char *const *units, size_t count, double step) {
    size_t i = 0;
    while (fabs(v) >= step && i + 1 < count) {
        v /= step;
        i++;
    }
    int decimals = i == 0 || fabs(v) >= 100 ? 0 : fabs(v) >= 10 ? 1 : 2;
    return str_fmt(a, "%.*f%s", decimals, v, units[i]);
}

static Str grouped(Arena *a, int64_t n) {
    Str digits = str_fmt(a, "%lld", (long long)n);
    Buf b = buf_new(a);
    for (size_t i = 0; i < digits.len; i++) {
        size_t left = digits.len - i;
        if (b.len && left % 3 == 0 && digits.ptr[i - 1] != '-') buf_byte(&b, ',');
        buf_byte(&b, digits.ptr[i]);
    }
    return buf_view(&b);
}

static Str place_text(Arena *a, DocValue v) {
    if (!v.n) return v.text;
    if (!v.col) return str_fmt(a, STR_FMT ":%lld", STR_ARG(v.text), (long long)v.n);
    return str_fmt(a, STR_FMT ":%lld:%u", STR_ARG(v.text), (long long)v.n, v.col);
}

static Str format(Arena *a, DocValue v) {
    static const char *const byte_units[] = {" B", " KiB", " MiB", " GiB", " TiB"};
    static const char *const time_units[] = {" ns", " µs", " ms", " s"};
    switch (v.kind) {
    case DOC_NONE: return STR("");
    case DOC_TEXT: return v.text;
    case DOC_INT: return str_fmt(a, "%lld", (long long)v.n);
    case DOC_COUNT: return grouped(a, v.n);
    case DOC_BYTES: return scaled(a, (double)v.n, byte_units, COUNT(byte_units), 1024);
    case DOC_NANOS: return scaled(a, (double)v.n, time_units, COUNT(time_units), 1000);
    case DOC_FLOAT: return str_fmt(a, "%.4g", v.f);
    case DOC_PERCENT: return str_fmt(a, fabs(v.f) < 10 ? "%.2f%%" : "%.1f%%", v.f);
    case DOC_BOOL: return v.n ? STR("yes") : STR("no");
    case DOC_PLACE: return place_text(a, v);
    case DOC_ADDRESS: return str_fmt(a, "0x%llx", (unsigned long long)v.n);
    }
    BUG("value kind %d", v.kind);
}

void doc_format_value(Arena *a, DocValue v, Str *out) { *out = format(a, v); }
