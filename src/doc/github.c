// doc/github.c: the findings of a page as GitHub workflow commands: one line each, which the runner
// turns into annotations at the file and line. Nothing else of the page is written.
#include "doc/doc.h"

// In the text of a command "%", CR and LF are escaped; in a property ":" and "," as well.
static void escaped(Buf *out, Str s, bool property) {
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool special = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
        if (special)
            buf_fmt(out, "%%%02X", (unsigned)c);
        else
            buf_byte(out, c);
    }
}

static void annotation(Buf *out, const DocFinding *f) {
    static const char *const commands[] = {"notice", "warning", "error"};
    buf_fmt(out, "::%s ", commands[f->level]);
    if (f->place.text.len) {
        buf_lit(out, "file=");
        escaped(out, f->place.text, true);
        if (f->place.n > 0) buf_fmt(out, ",line=%lld", (long long)f->place.n);
        if (f->place.col) buf_fmt(out, ",col=%u", f->place.col);
        if (f->end_col > f->place.col) buf_fmt(out, ",endColumn=%u", f->end_col);
        buf_byte(out, ',');
    }
    buf_lit(out, "title=");
    escaped(out, f->rule_title.len ? f->rule_title : f->rule, true);
    buf_lit(out, "::");
    escaped(out, f->message, false);
    if (f->measure.len) {
        buf_lit(out, " (");
        escaped(out, f->measure, false);
        buf_byte(out, ')');
    }
    buf_byte(out, '\n');
}

static void findings(Buf *out, const DocNode *n) {
    for (; n; n = n->next) {
        if (n->kind == PAGE_FINDING) annotation(out, &n->finding);
        findings(out, n->child);
    }
}

void doc_render_github(const Doc *d, Buf *out) { findings(out, d->root.child); }
