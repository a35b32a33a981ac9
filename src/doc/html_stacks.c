// doc/html_stacks.c: the data of a tree of stacks, for the script that draws it
// (assets/stacks.js). Numbers are written in base 36 and zeros as nothing: of a heap profile's
// stacks one in thirty is in use.
#include "codec/json.h"
#include "doc/html_internal.h"

static void base36(Buf *b, int64_t v) {
    char digits[16];
    size_t n = sizeof digits;
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    if (v < 0) buf_byte(b, '-');
    for (; u; u /= 36) digits[--n] = "0123456789abcdefghijklmnopqrstuvwxyz"[u % 36];
    buf_str(b, (Str){digits + n, sizeof digits - n});
}

// Every columns-th value from the first on, as one text: "a,,1z". Zeros at the end are left out.
static void column(Json *j, Buf *text, const int64_t *first, uint32_t rows, uint32_t columns) {
    text->len = 0;
    size_t end = 0;
    for (uint32_t i = 0; i < rows; i++) {
        if (i) buf_byte(text, ',');
        base36(text, first[(size_t)i * columns]);
        if (first[(size_t)i * columns]) end = text->len;
    }
    json_str(j, str_to(buf_view(text), end));
}

static void table(Json *j, const char *key, const int64_t *values, uint32_t rows,
                  uint32_t columns) {
    Buf text = buf_new(j->out->arena);
    json_key(j, str_c(key));
    json_array(j);
    for (uint32_t i = 0; i < columns; i++) column(j, &text, values + i, rows, columns);
    json_close(j);
}

static void frames(Json *j, const DocStacks *s) {
    json_key(j, STR("frames"));
    json_array(j);
    for (uint32_t i = 0; i < s->frames.len; i++) {
        const DocStackFrame *f = &s->frames.v[i];
        json_array(j);
        json_str(j, f->name);
        if (f->file.len || f->inlined) json_str(j, f->file);
        if (f->line || f->inlined) json_i64(j, f->line);
        if (f->inlined) json_i64(j, 1);
        json_close(j);
    }
    json_close(j);
}

static void nodes(Json *j, const DocStacks *s) {
    Buf depth = buf_new(j->out->arena), frame = buf_new(j->out->arena);
    for (uint32_t i = 0; i < s->nodes.len; i++) {
        if (i) buf_byte(&depth, ',');
        if (i) buf_byte(&frame, ',');
        base36(&depth, s->nodes.v[i].depth);
        base36(&frame, s->nodes.v[i].frame);
    }
    json_key(j, STR("depth"));
    json_str(j, buf_view(&depth));
    json_key(j, STR("frame"));
    json_str(j, buf_view(&frame));
}

static void line_costs(Json *j, const DocStackLine *l, uint32_t columns) {
    json_array(j);
    json_i64(j, l->number);
    for (uint32_t i = 0; i < columns; i++) json_i64(j, l->flat[i]);
    for (uint32_t i = 0; i < columns; i++) json_i64(j, l->cum[i]);
    json_close(j);
}

static void source(Json *j, const DocStackSource *s, uint32_t columns) {
    json_object(j);
    json_key(j, STR("frame"));
    json_i64(j, s->frame);
    json_key(j, STR("file"));
    json_str(j, s->file);
    json_key(j, STR("pieces"));
    json_array(j);
    for (uint32_t i = 0; i < s->pieces.len; i++) {
        json_array(j);
        json_i64(j, s->pieces.v[i].first_line);
        json_str(j, s->pieces.v[i].text);
        json_close(j);
    }
    json_close(j);
    json_key(j, STR("lines"));
    json_array(j);
    for (uint32_t i = 0; i < s->lines.len; i++) line_costs(j, &s->lines.v[i], columns);
    json_close(j);
    json_close(j);
}

static void heads(Json *j, const DocStacks *s) {
    json_key(j, STR("types"));
    json_array(j);
    for (uint32_t i = 0; i < s->types.len; i++) {
        json_array(j);
        json_str(j, s->types.v[i].name);
        json_str(j, s->types.v[i].unit);
        json_close(j);
    }
    json_close(j);
    json_key(j, STR("sides"));
    json_array(j);
    for (uint32_t i = 0; i < s->sides.len; i++) {
        json_array(j);
        json_str(j, s->sides.v[i].name);
        json_i64(j, s->sides.v[i].time_nanos / 1000000);
        json_close(j);
    }
    json_close(j);
    json_key(j, STR("type"));
    json_i64(j, s->type);
    json_key(j, STR("side"));
    json_i64(j, s->side);
    json_key(j, STR("base"));
    json_i64(j, s->base);
    json_key(j, STR("leftOut"));
    json_i64(j, s->frames_left_out);
}

// "<" inside a script would end it where "/script>" follows.
static void escape_for_script(Buf *out, Str json) {
    while (json.len) {
        size_t at = MIN(str_find_byte(json, '<'), json.len);
        buf_str(out, str_to(json, at));
        if (at < json.len) buf_lit(out, "\\u003c");
        json = str_from(json, at + 1);
    }
}

static void data(Html *h, const DocStacks *s) {
    Buf text = buf_new(h->arena);
    Json j = json_new(&text, 0);
    uint32_t columns = s->types.len * s->sides.len;
    json_object(&j);
    heads(&j, s);
    table(&j, "total", s->total, 1, columns);
    frames(&j, s);
    table(&j, "flat", s->flat, s->frames.len, columns);
    table(&j, "cum", s->cum, s->frames.len, columns);
    nodes(&j, s);
    table(&j, "self", s->self, s->nodes.len, columns);
    json_key(&j, STR("sources"));
    json_array(&j);
    for (uint32_t i = 0; i < s->sources.len; i++) source(&j, &s->sources.v[i], columns);
    json_close(&j);
    json_close(&j);
    buf_lit(h->out, "<script type=\"application/json\" id=\"stacks-data\">");
    escape_for_script(h->out, buf_view(&text));
    buf_lit(h->out, "</script>\n");
}

// Of the file Graphviz writes, the element alone.
static Str svg_element(Str svg) {
    size_t at = str_find(svg, STR("<svg"));
    return at == STR_NONE ? STR("") : str_from(svg, at);
}

// The script adds the view to the address the form leads to, so that it stays.
static void form(Html *h, const DocStackForm *f) {
    bool any = false;
    for (uint32_t i = 0; i < f->fields.len; i++) any |= f->fields.v[i].value.len > 0;
    buf_fmt(h->out, "<details class=\"sk-form\"%s><summary>Filters</summary><form method=\"get\">",
            any || f->messages.len ? " open" : "");
    for (uint32_t i = 0; i < f->fields.len; i++) {
        buf_lit(h->out, "<label>");
        html_text(h, f->fields.v[i].label);
        buf_lit(h->out, "<input name=\"");
        html_text(h, f->fields.v[i].name);
        buf_lit(h->out, "\" value=\"");
        html_text(h, f->fields.v[i].value);
        buf_lit(h->out, "\"></label>\n");
    }
    buf_lit(h->out, "<button class=\"sk-button\">Apply</button></form>\n");
    for (uint32_t i = 0; i < f->messages.len; i++) {
        buf_lit(h->out, "<p class=\"warn\">");
        html_text(h, f->messages.v[i]);
        buf_lit(h->out, "</p>\n");
    }
    buf_lit(h->out, "</details>\n");
    if (!f->action.len) return;
    buf_lit(h->out, "<p><a class=\"sk-keep\" href=\"");
    html_text(h, f->link);
    buf_lit(h->out, "\">");
    html_text(h, f->action);
    buf_lit(h->out, "</a></p>\n");
}

void html_stacks(Html *h, const DocStacks *s) {
    buf_lit(h->out, "<style>\n");
    buf_c(h->out, stacks_css);
    buf_lit(h->out, "</style>\n<dl class=\"facts\">\n");
    for (uint32_t i = 0; i + 1 < s->facts.len; i += 2) {
        buf_lit(h->out, "<dt>");
        html_text(h, s->facts.v[i]);
        buf_lit(h->out, "</dt><dd>");
        html_text(h, s->facts.v[i + 1]);
        buf_lit(h->out, "</dd>\n");
    }
    buf_lit(h->out, "</dl>\n");
    if (s->form) form(h, s->form);
    buf_lit(h->out, "<div id=\"stacks\"><p class=\"dim\">This part of the page is drawn by "
                    "its script.</p></div>\n");
    if (s->note.len) {
        buf_lit(h->out, "<p class=\"dim\" id=\"stacks-note\">");
        html_text(h, s->note);
        buf_lit(h->out, "</p>\n");
    }
    for (uint32_t i = 0; i < s->drawings.len; i++) {
        if (!s->drawings.v[i].len) continue;
        buf_fmt(h->out, "<template id=\"drawing-%u\">", i);
        buf_str(h->out, svg_element(s->drawings.v[i]));
        buf_lit(h->out, "</template>\n");
    }
    data(h, s);
    buf_lit(h->out, "<script>\n");
    buf_c(h->out, stacks_js);
    buf_lit(h->out, "</script>\n");
}
