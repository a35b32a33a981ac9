// doc/text.c: the page for a terminal or a pipe. Colour and wrapping only where the style asks.
#include "base/utf8.h"

#include "doc/doc.h"

typedef struct Text {
    Arena *arena;
    Buf *out;
    DocTextStyle style;
} Text;

static const char *tone_code(DocTone tone) {
    switch (tone) {
    case TONE_PLAIN: return NULL;
    case TONE_STRONG: return "\033[1m";
    case TONE_DIM: return "\033[2m";
    case TONE_GOOD:
    case TONE_ADDED: return "\033[32m";
    case TONE_WARN: return "\033[33m";
    case TONE_BAD:
    case TONE_REMOVED: return "\033[31m";
    }
    BUG("tone %d", tone);
}

static void toned(Text *t, Str s, DocTone tone) {
    const char *code = t->style.color && s.len ? tone_code(tone) : NULL;
    if (code) buf_c(t->out, code);
    buf_str(t->out, s);
    if (code) buf_lit(t->out, "\033[0m");
}

static void indent(Text *t, uint32_t depth) { buf_fill(t->out, ' ', (size_t)depth * 2); }

// One paragraph line broken at spaces so that it stays within the width.
static void wrapped(Text *t, Str line, uint32_t depth, DocTone tone) {
    size_t width = t->style.width > depth * 2 + 20 ? t->style.width - depth * 2 : 0;
    while (line.len) {
        size_t cut = line.len;
        if (width && utf8_columns(line) > width) {
            size_t cells = 0, space = 0;
            uint32_t w;
            for (size_t i = 0; i < line.len && cells <= width; i += w, cells++) {
                utf8_decode(str_from(line, i), &w);
                if (line.ptr[i] == ' ') space = i;
            }
            if (space) cut = space;
        }
        indent(t, depth);
        toned(t, str_to(line, cut), tone);
        buf_byte(t->out, '\n');
        line = str_from(line, cut);
        str_cut_prefix(&line, STR(" "));
    }
}

static void prose(Text *t, const DocNode *n, uint32_t depth) {
    Str rest = n->value.text;
    while (rest.len) {
        Str line = str_line(&rest);
        if (line.len)
            wrapped(t, line, depth, n->value.tone);
        else
            buf_byte(t->out, '\n');
    }
}

static void padded(Text *t, Str s, DocTone tone, size_t cells, bool right) {
    size_t have = utf8_columns(s), pad = cells > have ? cells - have : 0;
    if (right) buf_fill(t->out, ' ', pad);
    toned(t, s, tone);
    if (!right) buf_fill(t->out, ' ', pad);
}

static void trim_line_end(Buf *b) {
    while (b->len && b->ptr[b->len - 1] == ' ') b->len--;
    buf_byte(b, '\n');
}

static void table_row(Text *t, const DocNode *n, const Str *cells, const DocTone *tones,
                      const size_t *widths) {
    bool first = true;
    for (uint32_t c = 0; c < n->table.column_count; c++) {
        if (!n->table.columns[c].title) continue;
        if (!first) buf_lit(t->out, "  ");
        padded(t, cells[c], tones[c], widths[c], n->table.columns[c].right);
        first = false;
    }
    trim_line_end(t->out);
}

static void table(Text *t, const DocNode *n, uint32_t depth) {
    uint32_t columns = n->table.column_count, rows = columns ? n->table.cells.len / columns : 0;
    if (!rows) return;
    Str *cells = NEW_ARRAY(t->arena, Str, (size_t)(rows + 1) * columns);
    DocTone *tones = NEW_ARRAY(t->arena, DocTone, (size_t)(rows + 1) * columns);
    size_t *widths = NEW_ARRAY(t->arena, size_t, columns);
    bool titles = false;
    for (uint32_t c = 0; c < columns; c++) {
        cells[c] = str_c(n->table.columns[c].title);
        tones[c] = TONE_DIM;
        titles |= cells[c].len > 0;
    }
    for (uint32_t i = 0; i < rows * columns; i++) {
        doc_format_value(t->arena, n->table.cells.v[i], &cells[columns + i]);
        tones[columns + i] = n->table.cells.v[i].tone;
    }
    for (uint32_t i = 0; i < (rows + 1) * columns; i++)
        widths[i % columns] = MAX(widths[i % columns], utf8_columns(cells[i]));
    for (uint32_t row = titles ? 0 : 1; row <= rows; row++) {
        indent(t, depth);
        table_row(t, n, &cells[row * columns], &tones[row * columns], widths);
    }
}

static void code_mark(Text *t, const DocCode *c, Str line, uint32_t depth, size_t gutter) {
    indent(t, depth);
    buf_fill(t->out, ' ', gutter + 3);
    for (uint32_t i = 0; i < c->mark_start && i < line.len; i++)
        buf_byte(t->out, line.ptr[i] == '\t' ? '\t' : ' ');
    size_t n = c->mark_end > c->mark_start ? c->mark_end - c->mark_start : 1;
    Buf marks = buf_new(t->arena);
    buf_fill(&marks, '^', n);
    toned(t, buf_view(&marks), TONE_BAD);
    buf_byte(t->out, '\n');
}

static void code(Text *t, const DocNode *n, uint32_t depth) {
    const DocCode *c = &n->code;
    Str rest = c->text;
    uint32_t number = c->first_line, last = number;
    for (size_t i = 0; i + 1 < rest.len; i++) last += rest.ptr[i] == '\n';
    size_t gutter = str_fmt(t->arena, "%u", last).len;
    for (; rest.len; number++) {
        Str line = str_line(&rest);
        indent(t, depth);
        toned(t, str_fmt(t->arena, "%*u | ", (int)gutter, number), TONE_DIM);
        toned(t, line, number == c->mark_line ? TONE_STRONG : TONE_PLAIN);
        buf_byte(t->out, '\n');
        if (number == c->mark_line) code_mark(t, c, line, depth, gutter);
    }
}

static void field(Text *t, const DocNode *n, uint32_t depth, size_t label_width) {
    if (!n->title.len) return;
    Str value;
    doc_format_value(t->arena, n->value, &value);
    indent(t, depth);
    padded(t, n->title, TONE_DIM, label_width, false);
    buf_lit(t->out, "  ");
    toned(t, value, n->value.tone);
    buf_byte(t->out, '\n');
}

// Labels of neighbouring fields stand in one column.
static size_t label_column(const DocNode *n) {
    size_t width = 0;
    for (; n && n->kind == NODE_FIELD; n = n->next) width = MAX(width, utf8_columns(n->title));
    return width;
}

static void nodes(Text *t, const DocNode *n, uint32_t depth);

static void heading(Text *t, const DocNode *n, uint32_t depth) {
    if (n->title.len) {
        if (n->kind != NODE_ITEM && t->out->len) buf_byte(t->out, '\n');
        indent(t, depth);
        toned(t, n->title, TONE_STRONG);
        buf_byte(t->out, '\n');
    }
    nodes(t, n->child, depth + (n->title.len ? 1 : 0));
}

static void nodes(Text *t, const DocNode *n, uint32_t depth) {
    size_t labels = 0;
    bool in_fields = false;
    for (; n; n = n->next) {
        if (n->kind == NODE_FIELD && !in_fields) labels = label_column(n);
        in_fields = n->kind == NODE_FIELD;
        switch (n->kind) {
        case NODE_SECTION:
        case NODE_LIST:
        case NODE_ITEM: heading(t, n, depth); break;
        case NODE_PROSE: prose(t, n, depth); break;
        case NODE_FIELD: field(t, n, depth, labels); break;
        case NODE_TABLE: table(t, n, depth); break;
        case NODE_CODE: code(t, n, depth); break;
        case NODE_VERBATIM: buf_str(t->out, n->verbatim); break;
        }
    }
}

void doc_render_text(const Doc *d, DocTextStyle style, Buf *out) {
    Text t = {arena_new("text page"), out, style};
    nodes(&t, d->root.child, 0);
    arena_free(t.arena);
}
