// doc/html.c: the page as one HTML file. It refers to nothing outside itself, so it can be mailed,
// kept as a CI artifact and read without a network.
#include "doc/html_internal.h"

void html_text(Html *h, Str s) {
    for (size_t i = 0; i < s.len; i++) {
        switch (s.ptr[i]) {
        case '<': buf_lit(h->out, "&lt;"); break;
        case '>': buf_lit(h->out, "&gt;"); break;
        case '&': buf_lit(h->out, "&amp;"); break;
        case '"': buf_lit(h->out, "&quot;"); break;
        default: buf_byte(h->out, s.ptr[i]);
        }
    }
}

static const char *tone_class(DocTone tone) {
    switch (tone) {
    case TONE_PLAIN: return NULL;
    case TONE_STRONG: return "strong";
    case TONE_DIM: return "dim";
    case TONE_GOOD: return "good";
    case TONE_WARN: return "warn";
    case TONE_BAD: return "bad";
    case TONE_ADDED: return "added";
    case TONE_REMOVED: return "removed";
    }
    BUG("tone %d", tone);
}

static void open_link(Html *h, Str link) {
    if (!link.len) return;
    buf_lit(h->out, "<a href=\"");
    html_text(h, link);
    buf_lit(h->out, "\">");
}

void html_value(Html *h, DocValue v) {
    Str text;
    const char *tone = tone_class(v.tone);
    doc_format_value(h->arena, v, &text);
    bool place = v.kind == DOC_PLACE;
    open_link(h, v.link);
    if (tone || place)
        buf_fmt(h->out, "<span class=\"%s%s%s\">", place ? "place" : "", place && tone ? " " : "",
                tone ? tone : "");
    html_text(h, text);
    if (tone || place) buf_lit(h->out, "</span>");
    if (v.link.len) buf_lit(h->out, "</a>");
}

static void element(Html *h, const char *tag, Str text) {
    buf_fmt(h->out, "<%s>", tag);
    html_text(h, text);
    buf_fmt(h->out, "</%s>\n", tag);
}

static void prose(Html *h, const DocNode *n) {
    Str rest = n->value.text;
    while (rest.len) {
        DocValue line = n->value;
        line.text = str_line(&rest);
        if (!line.text.len) continue;
        buf_lit(h->out, "<p>");
        html_value(h, line);
        buf_lit(h->out, "</p>\n");
    }
}

// Neighbouring fields become one list. Gives the last of them.
static const DocNode *fields(Html *h, const DocNode *n, bool tiles) {
    const DocNode *last = n;
    bool any = false;
    for (const DocNode *f = n; f && f->kind == PAGE_FIELD; last = f, f = f->next)
        any |= f->title.len > 0;
    if (!any) return last;
    buf_c(h->out, tiles ? "<div class=\"tiles\">\n" : "<dl>\n");
    for (; n && n->kind == PAGE_FIELD; n = n->next) {
        if (!n->title.len) continue;
        buf_c(h->out, tiles ? "<div class=\"tile\"><b>" : "<dt>");
        if (tiles)
            html_value(h, n->value);
        else
            html_text(h, n->title);
        buf_c(h->out, tiles ? "</b><span>" : "</dt><dd>");
        if (tiles)
            html_text(h, n->title);
        else
            html_value(h, n->value);
        buf_c(h->out, tiles ? "</span></div>\n" : "</dd>\n");
    }
    buf_c(h->out, tiles ? "</div>\n" : "</dl>\n");
    return last;
}

static void table_cell(Html *h, const DocColumn *c, const char *tag, DocValue v) {
    if (!c->title) return;
    buf_fmt(h->out, "<%s%s>", tag, c->right ? " class=\"r\"" : "");
    html_value(h, v);
    buf_fmt(h->out, "</%s>", tag);
}

static void table(Html *h, const DocNode *n) {
    uint32_t columns = n->table.column_count;
    if (!columns || n->table.cells.len < columns || !doc_table_shows(n)) return;
    buf_lit(h->out, "<div class=\"tablebox\"><table>\n<tr>");
    for (uint32_t c = 0; c < columns; c++)
        table_cell(h, &n->table.columns[c], "th", doc_text(str_c(n->table.columns[c].title)));
    buf_lit(h->out, "</tr>\n");
    for (uint32_t row = 0; row + columns <= n->table.cells.len; row += columns) {
        buf_lit(h->out, "<tr>");
        for (uint32_t c = 0; c < columns; c++)
            table_cell(h, &n->table.columns[c], "td", n->table.cells.v[row + c]);
        buf_lit(h->out, "</tr>\n");
    }
    buf_lit(h->out, "</table></div>\n");
}

static void flow(Html *h, const DocNode *n) {
    if (n->title.len) element(h, "h4", n->title);
    buf_lit(h->out, "<ol class=\"flow\">\n");
    for (uint32_t i = 0; i < n->flow.len; i++) {
        const DocStep *s = &n->flow.v[i];
        buf_lit(h->out, "<li><span class=\"what\"><span");
        if (s->why.len) buf_lit(h->out, " title=\"the compiler's word: ");
        html_text(h, s->why);
        buf_c(h->out, s->why.len ? "\">" : ">");
        html_text(h, s->text);
        buf_lit(h->out, "</span>");
        if (s->place.kind != DOC_NONE) {
            buf_lit(h->out, "<span class=\"where\">");
            html_value(h, s->place);
            buf_lit(h->out, "</span>");
        }
        buf_lit(h->out, "</span>");
        bool repeated = i > 0 && str_eq(n->flow.v[i - 1].source, s->source);
        if (s->source.len && !repeated) {
            buf_lit(h->out, "<code class=\"src\">");
            html_text(h, str_trim(s->source));
            buf_lit(h->out, "</code>");
        }
        buf_lit(h->out, "</li>\n");
    }
    buf_lit(h->out, "</ol>\n");
}

static void nodes(Html *h, const DocNode *n, int level, DocLook look);

static void finding(Html *h, const DocNode *n, int level) {
    static const char *const levels[] = {"note", "warning", "error"};
    const DocFinding *f = &n->finding;
    buf_fmt(h->out, "<article class=\"level-%s\" id=\"f-", levels[f->level]);
    html_text(h, f->id);
    buf_lit(h->out, "\" data-rule=\"");
    html_text(h, f->rule_title);
    buf_lit(h->out, "\">\n");
    if (f->share > 0) buf_fmt(h->out, "<div class=\"bar\" style=\"width:%.2f%%\"></div>", f->share);
    buf_lit(h->out, "<div class=\"head\">");
    if (f->rank) buf_fmt(h->out, "<span class=\"rank\">%u</span>", f->rank);
    html_value(h, f->place);
    buf_lit(h->out, "<span class=\"pill\" title=\"");
    html_text(h, f->rule_help);
    buf_lit(h->out, "\">");
    html_text(h, f->rule_title);
    buf_lit(h->out, "</span>");
    if (f->measure.len) {
        buf_lit(h->out, "<span class=\"measure\">");
        html_text(h, f->measure);
        buf_lit(h->out, "</span>");
    }
    buf_lit(h->out, "</div>\n");
    element(h, "p", f->message);
    nodes(h, n->child, level + 1, LOOK_PLAIN);
    buf_lit(h->out, "</article>\n");
}

static void container(Html *h, const DocNode *n, int level) {
    if (n->look == LOOK_ASIDE) {
        buf_lit(h->out, "<div class=\"answer\">\n");
        nodes(h, n->child, level, LOOK_PLAIN);
        buf_lit(h->out, "</div>\n");
        return;
    }
    bool fold = n->look == LOOK_FOLD;
    if (fold)
        buf_lit(h->out, "<details>\n");
    else if (n->kind == PAGE_LIST)
        buf_lit(h->out, "<section class=\"list\">\n");
    else
        buf_lit(h->out, "<section>\n");
    char tag[] = "h2";
    tag[1] = (char)('0' + MIN(level, 4));
    bool heading = n->title.len && !str_eq(n->title, h->title); // the page's title stands above
    if (heading) element(h, fold ? "summary" : tag, n->title);
    nodes(h, n->child, level + (heading ? 1 : 0), n->look);
    buf_c(h->out, fold ? "</details>\n" : "</section>\n");
}

static void chart(Html *h, const DocNode *n) {
    if (n->title.len) element(h, "h2", n->title);
    html_chart(h, &n->chart);
}

static void nodes(Html *h, const DocNode *n, int level, DocLook look) {
    for (; n; n = n->next) {
        switch (n->kind) {
        case PAGE_SECTION:
        case PAGE_LIST:
        case PAGE_ITEM: container(h, n, level); break;
        case PAGE_PROSE: prose(h, n); break;
        case PAGE_FIELD: n = fields(h, n, look == LOOK_TILES); break;
        case PAGE_TABLE: table(h, n); break;
        case PAGE_CODE: html_code(h, &n->code); break;
        case PAGE_VERBATIM:
            buf_lit(h->out, "<pre class=\"raw\">");
            html_text(h, n->verbatim);
            buf_lit(h->out, "</pre>\n");
            break;
        case PAGE_FINDING: finding(h, n, level); break;
        case PAGE_FLOW: flow(h, n); break;
        case PAGE_CHART: chart(h, n); break;
        case PAGE_STACKS: html_stacks(h, n->stacks); break;
        }
    }
}

void doc_render_html(const Doc *d, Buf *out) {
    Str title = d->title.len ? d->title : STR("heapwise");
    Html h = {arena_new("html page"), out, title};
    buf_lit(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    element(&h, "title", title);
    buf_lit(out, "<style>\n");
    buf_c(out, page_css);
    buf_lit(out, "</style>\n</head>\n<body>\n<main>\n<header class=\"page\">");
    element(&h, "h1", title);
    buf_lit(out, "<span class=\"by\">heapwise</span></header>\n");
    nodes(&h, d->root.child, 2, LOOK_PLAIN);
    for (uint32_t i = 0; i < d->warnings.len; i++) {
        buf_lit(out, "<p class=\"warn\">");
        html_text(&h, d->warnings.v[i]);
        buf_lit(out, "</p>\n");
    }
    buf_lit(out, "</main>\n<script>\n");
    buf_c(out, page_js);
    buf_lit(out, "</script>\n</body>\n</html>\n");
    arena_free(h.arena);
}
