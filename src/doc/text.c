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
    if (!rows || !doc_table_shows(n)) return;
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

// --- source ---

enum { CODE_TAB = 4 }; // cells a tab takes

// The white space every line of the excerpt begins with: it says nothing and costs width.
static size_t common_indent(Str text) {
    size_t least = STR_NONE;
    while (text.len) {
        Str line = str_line(&text);
        size_t n = 0;
        while (n < line.len && (line.ptr[n] == '\t' || line.ptr[n] == ' ')) n++;
        if (n < line.len) least = MIN(least, n);
    }
    return least == STR_NONE ? 0 : least;
}

// The line with tabs as spaces.
static Str expand_tabs(Text *t, Str line) {
    Buf b = buf_new(t->arena);
    for (size_t i = 0; i < line.len; i++) {
        if (line.ptr[i] == '\t')
            buf_fill(&b, ' ', CODE_TAB);
        else
            buf_byte(&b, line.ptr[i]);
    }
    return buf_view(&b);
}

// As much of s as fits in `cells`, with a mark when something is missing.
static Str fitted(Text *t, Str s, size_t cells) {
    if (!cells || utf8_columns(s) <= cells) return s;
    size_t at = 0, used = 0;
    uint32_t w;
    while (at < s.len && used + 1 < cells) {
        utf8_decode(str_from(s, at), &w);
        used += utf8_columns(str_slice(s, at, at + w));
        at += w;
    }
    return str_join2(t->arena, str_to(s, at), STR("…"));
}

static void code_mark(Text *t, const DocCode *c, Str line, size_t cut, size_t cells) {
    size_t start = MIN(MAX(c->mark_start, cut), line.len), end = MIN(c->mark_end, line.len);
    size_t before = utf8_columns(expand_tabs(t, str_slice(line, cut, start)));
    size_t width = end > start ? utf8_columns(expand_tabs(t, str_slice(line, start, end))) : 1;
    if (cells && before >= cells) return;
    if (cells) width = MIN(width, cells - before);
    buf_fill(t->out, ' ', before);
    Buf marks = buf_new(t->arena);
    buf_fill(&marks, '^', MAX(width, 1));
    toned(t, buf_view(&marks), TONE_BAD);
    buf_byte(t->out, '\n');
}

static void code(Text *t, const DocNode *n, uint32_t depth) {
    const DocCode *c = &n->code;
    Str rest = c->text;
    uint32_t number = c->first_line, last = number;
    for (size_t i = 0; i + 1 < rest.len; i++) last += rest.ptr[i] == '\n';
    size_t gutter = str_fmt(t->arena, "%u", last).len, cut = common_indent(rest);
    size_t taken = depth * 2 + gutter + 3;
    size_t cells = t->style.width > taken + 20 ? t->style.width - taken : 0;
    for (; rest.len; number++) {
        Str line = str_line(&rest), shown = expand_tabs(t, str_from(line, cut));
        indent(t, depth);
        toned(t, str_fmt(t->arena, "%*u | ", (int)gutter, number), TONE_DIM);
        toned(t, fitted(t, shown, cells), number == c->mark_line ? TONE_STRONG : TONE_PLAIN);
        trim_line_end(t->out);
        if (number != c->mark_line) continue;
        indent(t, depth);
        buf_fill(t->out, ' ', gutter + 3);
        code_mark(t, c, line, cut, cells);
    }
}

// --- findings and flows ---

// The heading of a finding: its number, place and rule, and at the right what it costs.
static void finding_heading(Text *t, const DocFinding *f, uint32_t depth) {
    Str place, number = f->rank ? str_fmt(t->arena, "%u. ", f->rank) : STR("");
    doc_format_value(t->arena, f->place, &place);
    if (t->out->len) buf_byte(t->out, '\n');
    indent(t, depth);
    toned(t, number, TONE_DIM);
    toned(t, place, TONE_STRONG);
    buf_lit(t->out, "  ");
    toned(t, f->rule_title, f->level == LEVEL_NOTE ? TONE_DIM : TONE_WARN);
    size_t used = depth * 2 + utf8_columns(number) + utf8_columns(place) + 2 +
                  utf8_columns(f->rule_title) + utf8_columns(f->measure);
    size_t gap = t->style.width > used + 2 ? t->style.width - used : 2;
    if (f->measure.len) buf_fill(t->out, ' ', gap);
    toned(t, f->measure, TONE_STRONG);
    buf_byte(t->out, '\n');
}

static void nodes(Text *t, const DocNode *n, uint32_t depth);

static void finding(Text *t, const DocNode *n, uint32_t depth) {
    finding_heading(t, &n->finding, depth);
    wrapped(t, n->finding.message, depth + 1, TONE_PLAIN);
    nodes(t, n->child, depth + 1);
}

// Steps stand under each other, each with its place at the right of its words.
static void flow(Text *t, const DocNode *n, uint32_t depth) {
    if (n->title.len) {
        indent(t, depth);
        toned(t, n->title, TONE_DIM);
        buf_byte(t->out, '\n');
    }
    for (uint32_t i = 0; i < n->flow.len; i++) {
        const DocStep *s = &n->flow.v[i];
        Str place = STR("");
        if (s->place.kind != DOC_NONE) doc_format_value(t->arena, s->place, &place);
        indent(t, depth + 1);
        toned(t, i ? STR("→ ") : STR("• "), TONE_DIM);
        size_t taken = depth * 2 + 4 + utf8_columns(place) + 2;
        size_t cells = t->style.width > taken + 30 ? t->style.width - taken : 0;
        buf_str(t->out, fitted(t, s->text, cells));
        buf_lit(t->out, "  ");
        toned(t, place, TONE_DIM);
        trim_line_end(t->out);
    }
}

// A chart in text is its largest boxes, each under its parent.
static void chart(Text *t, const DocNode *n, uint32_t depth) {
    const DocBoxVec *boxes = &n->chart.boxes;
    uint32_t *depths = NEW_ARRAY(t->arena, uint32_t, boxes->len + 1);
    int64_t whole = 0;
    if (n->title.len) {
        indent(t, depth);
        toned(t, n->title, TONE_STRONG);
        buf_byte(t->out, '\n');
    }
    for (uint32_t i = 0; i < boxes->len; i++)
        if (!boxes->v[i].parent) whole += boxes->v[i].value;
    for (uint32_t i = 0; i < boxes->len; i++) {
        const DocBox *b = &boxes->v[i];
        depths[i] = b->parent ? depths[b->parent - 1] + 1 : 0;
        if (whole <= 0 || b->value * 100 < whole) continue; // less than a hundredth
        Str value;
        doc_format_value(t->arena, (DocValue){.kind = n->chart.unit, .n = b->value}, &value);
        indent(t, depth + 1);
        padded(t, value, TONE_PLAIN, 10, true);
        buf_fill(t->out, ' ', 2 + (size_t)MIN(depths[i], 40));
        toned(t, b->label, b->tone);
        buf_byte(t->out, '\n');
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
    for (; n && n->kind == PAGE_FIELD; n = n->next) width = MAX(width, utf8_columns(n->title));
    return width;
}

static void heading(Text *t, const DocNode *n, uint32_t depth) {
    if (n->title.len) {
        if (n->kind != PAGE_ITEM && t->out->len) buf_byte(t->out, '\n');
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
        if (n->kind == PAGE_FIELD && !in_fields) labels = label_column(n);
        in_fields = n->kind == PAGE_FIELD;
        switch (n->kind) {
        case PAGE_SECTION:
        case PAGE_LIST:
        case PAGE_ITEM: heading(t, n, depth); break;
        case PAGE_PROSE: prose(t, n, depth); break;
        case PAGE_FIELD: field(t, n, depth, labels); break;
        case PAGE_TABLE: table(t, n, depth); break;
        case PAGE_CODE: code(t, n, depth); break;
        case PAGE_VERBATIM: buf_str(t->out, n->verbatim); break;
        case PAGE_FINDING: finding(t, n, depth); break;
        case PAGE_FLOW: flow(t, n, depth); break;
        case PAGE_CHART: chart(t, n, depth); break;
        case PAGE_STACKS: break; // only a page with a script shows them
        }
    }
}

void doc_render_text(const Doc *d, DocTextStyle style, Buf *out) {
    Text t = {arena_new("text page"), out, style};
    nodes(&t, d->root.child, 0);
    arena_free(t.arena);
}
