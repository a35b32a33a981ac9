// doc/html_code.c: source lines with numbers, Go's words coloured and the finding's expression
// marked. The colouring knows only what one line shows; it is for the eye, nothing depends on it.
#include "doc/html_internal.h"

static bool is_word(char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (unsigned char)c >= 0x80;
}

static bool is_keyword(Str word) {
    static const char *const list[] = {
        "break",  "case",   "chan",      "const", "continue", "default", "defer",
        "else",   "for",    "func",      "go",    "goto",     "if",      "import",
        "return", "select", "interface", "map",   "package",  "range",   "struct",
        "switch", "type",   "var",       "nil",   "true",     "false",   "fallthrough"};
    for (size_t i = 0; i < COUNT(list); i++)
        if (str_eq_c(word, list[i])) return true;
    return false;
}

// The next token of s from `at`: its end, and the class it is shown in (NULL: none).
static size_t token_end(Str s, size_t at, const char **class) {
    size_t end = at + 1;
    char c = s.ptr[at];
    *class = NULL;
    if (str_starts(str_from(s, at), STR("//"))) {
        *class = "c";
        return s.len;
    }
    if (c == '"' || c == '`' || c == '\'') {
        while (end < s.len && s.ptr[end] != c) end += s.ptr[end] == '\\' && c != '`' ? 2 : 1;
        *class = "s";
        return MIN(end + 1, s.len);
    }
    if (!is_word(c)) return end;
    while (end < s.len && is_word(s.ptr[end])) end++;
    if (c >= '0' && c <= '9')
        *class = "d";
    else if (is_keyword(str_slice(s, at, end)))
        *class = "k";
    return end;
}

// Tabs as four spaces: tab stops would count the line numbers.
static void code_text(Html *h, Str s) {
    while (s.len) {
        size_t tab = MIN(str_find_byte(s, '\t'), s.len);
        html_text(h, str_to(s, tab));
        if (tab < s.len) buf_lit(h->out, "    ");
        s = str_from(s, tab + 1);
    }
}

// One line; the bytes from mark_start to mark_end stand in a <mark>, cut at token borders.
static void code_line(Html *h, Str line, size_t mark_start, size_t mark_end) {
    for (size_t at = 0; at < line.len;) {
        const char *class;
        size_t end = token_end(line, at, &class);
        if (at < mark_start && end > mark_start) end = mark_start;
        if (at < mark_end && end > mark_end) end = mark_end;
        if (at == mark_start && mark_end > mark_start) buf_lit(h->out, "<mark>");
        if (class) buf_fmt(h->out, "<span class=\"%s\">", class);
        code_text(h, str_slice(line, at, end));
        if (class) buf_lit(h->out, "</span>");
        if (end == mark_end && mark_end > mark_start) buf_lit(h->out, "</mark>");
        at = end;
    }
}

void html_code(Html *h, const DocCode *c) {
    Str rest = c->text;
    buf_lit(h->out, "<pre class=\"code\">");
    for (uint32_t number = c->first_line; rest.len; number++) {
        Str line = str_line(&rest);
        bool hit = number == c->mark_line;
        buf_fmt(h->out, "<span class=\"l%s\"><span class=\"n\">%u</span>", hit ? " hit" : "",
                number);
        code_line(h, line, hit ? MIN(c->mark_start, line.len) : 0,
                  hit ? MIN(c->mark_end, line.len) : 0);
        buf_lit(h->out, "\n</span>");
    }
    buf_lit(h->out, "</pre>\n");
}
