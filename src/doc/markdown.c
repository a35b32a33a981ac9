// doc/markdown.c: the page as Markdown (GitHub's): for a pull request's comment or a job summary.
#include "doc/doc.h"

#include <string.h>

typedef struct Markdown {
    Arena *arena;
    Buf *out;
    uint32_t level; // of the next heading
} Markdown;

// What Markdown or HTML would take for its own gets a backslash; a cell stays one line.
static void escaped(Buf *out, Str s) {
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c && strchr("\\`*_<>[]|#", c)) buf_byte(out, '\\');
        buf_byte(out, c == '\n' || c == '\r' ? ' ' : c);
    }
}

static void value(Markdown *m, DocValue v) {
    Str text;
    doc_format_value(m->arena, v, &text);
    bool loud = (v.tone == TONE_STRONG || v.tone == TONE_BAD || v.tone == TONE_WARN) && text.len;
    if (loud) buf_lit(m->out, "**");
    escaped(m->out, text);
    if (loud) buf_lit(m->out, "**");
}

static void blank_line(Markdown *m) {
    Str s = buf_view(m->out);
    if (s.len && !str_ends(s, STR("\n\n"))) buf_byte(m->out, '\n');
}

static void heading(Markdown *m, Str title) {
    if (!title.len) return;
    blank_line(m);
    buf_fill(m->out, '#', MIN(m->level, 6u));
    buf_byte(m->out, ' ');
    escaped(m->out, title);
    buf_lit(m->out, "\n\n");
}

// A fence longer than any run of backquotes inside.
static void fenced(Markdown *m, Str text, const char *language) {
    size_t longest = 2, run = 0;
    for (size_t i = 0; i < text.len; i++) {
        run = text.ptr[i] == '`' ? run + 1 : 0;
        longest = MAX(longest, run);
    }
    blank_line(m);
    buf_fill(m->out, '`', longest + 1);
    buf_fmt(m->out, "%s\n", language);
    buf_str(m->out, text);
    if (!str_ends(text, STR("\n"))) buf_byte(m->out, '\n');
    buf_fill(m->out, '`', longest + 1);
    buf_lit(m->out, "\n\n");
}

static void table(Markdown *m, const DocNode *n) {
    uint32_t columns = n->table.column_count, rows = columns ? n->table.cells.len / columns : 0;
    if (!rows || !doc_table_shows(n)) return;
    blank_line(m);
    for (int line = 0; line < 2; line++) {
        for (uint32_t c = 0; c < columns; c++) {
            if (!n->table.columns[c].title) continue;
            buf_lit(m->out, "| ");
            if (line == 0)
                escaped(m->out, str_c(n->table.columns[c].title));
            else
                buf_c(m->out, n->table.columns[c].right ? "--:" : "---");
            buf_byte(m->out, ' ');
        }
        buf_lit(m->out, "|\n");
    }
    for (uint32_t i = 0; i < rows * columns; i++) {
        if (n->table.columns[i % columns].title) {
            buf_lit(m->out, "| ");
            value(m, n->table.cells.v[i]);
            buf_byte(m->out, ' ');
        }
        if (i % columns + 1 == columns) buf_lit(m->out, "|\n");
    }
    buf_byte(m->out, '\n');
}

static void flow(Markdown *m, const DocNode *n) {
    heading(m, n->title);
    for (uint32_t i = 0; i < n->flow.len; i++) {
        const DocStep *s = &n->flow.v[i];
        buf_fmt(m->out, "%u. ", i + 1);
        escaped(m->out, s->text);
        if (s->why.len) {
            buf_lit(m->out, " (");
            escaped(m->out, s->why);
            buf_byte(m->out, ')');
        }
        if (s->place.kind != DOC_NONE) {
            buf_lit(m->out, " at ");
            value(m, s->place);
        }
        buf_byte(m->out, '\n');
    }
    buf_byte(m->out, '\n');
}

static void nodes(Markdown *m, const DocNode *n);

static void below(Markdown *m, const DocNode *n, Str title) {
    heading(m, title);
    m->level += title.len > 0;
    nodes(m, n->child);
    m->level -= title.len > 0;
}

static void finding(Markdown *m, const DocNode *n) {
    const DocFinding *f = &n->finding;
    Str place;
    doc_format_value(m->arena, f->place, &place);
    Str title = f->rule_title.len ? f->rule_title : f->rule;
    if (place.len) title = str_join3(m->arena, title, STR(": "), place);
    heading(m, title);
    escaped(m->out, f->message);
    if (f->measure.len) {
        buf_lit(m->out, " **");
        escaped(m->out, f->measure);
        buf_lit(m->out, "**");
    }
    buf_lit(m->out, "\n\n");
    below(m, n, (Str){0});
}

static void field(Markdown *m, const DocNode *n) {
    if (!n->title.len) return;
    buf_lit(m->out, "- ");
    escaped(m->out, n->title);
    buf_lit(m->out, ": ");
    value(m, n->value);
    buf_byte(m->out, '\n');
    if (!n->next || n->next->kind != PAGE_FIELD) buf_byte(m->out, '\n');
}

static void nodes(Markdown *m, const DocNode *n) {
    for (; n; n = n->next) {
        switch (n->kind) {
        case PAGE_SECTION:
        case PAGE_LIST:
        case PAGE_ITEM: below(m, n, n->title); break;
        case PAGE_PROSE:
            escaped(m->out, n->value.text);
            buf_lit(m->out, "\n\n");
            break;
        case PAGE_FIELD: field(m, n); break;
        case PAGE_TABLE: table(m, n); break;
        case PAGE_CODE: fenced(m, n->code.text, "go"); break;
        case PAGE_VERBATIM: fenced(m, n->verbatim, ""); break;
        case PAGE_FINDING: finding(m, n); break;
        case PAGE_FLOW: flow(m, n); break;
        case PAGE_STACKS: break; // only a page with a script shows them
        case PAGE_CHART:         // pictures have no place here; their numbers stand in tables
            heading(m, n->title);
            escaped(m->out, n->chart.caption);
            buf_lit(m->out, "\n\n");
            break;
        }
    }
}

void doc_render_markdown(const Doc *d, Buf *out) {
    Markdown m = {arena_new("markdown page"), out, 2};
    if (d->title.len) {
        buf_lit(out, "# ");
        escaped(out, d->title);
        buf_lit(out, "\n\n");
    }
    nodes(&m, d->root.child);
    while (str_ends(buf_view(out), STR("\n\n"))) out->len--;
    arena_free(m.arena);
}
