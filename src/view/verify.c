// view/verify.c: what agrees with the compiler by kind of line, and every line that does not.
#include "view/verify.h"

enum { LINES_MOST = 40 };

static const DocColumn kind_columns[] = {{"kind", "kind of line", false},
                                         {"agree", "agree", true},
                                         {"missing", "only the compiler", true},
                                         {"extra", "only heapwise", true}};
static const DocColumn line_columns[] = {
    {"package", NULL, false}, {"only", "only", false}, {"line", "line", false}};

static void kinds(Doc *d, const VerifyResult *r) {
    doc_table(d, "kinds", kind_columns, COUNT(kind_columns));
    for (int k = 0; k < VERIFY_KIND_COUNT; k++) {
        if (!r->kinds[k].both && !r->kinds[k].missing && !r->kinds[k].extra) continue;
        doc_cell(d, doc_text(str_c(verify_kind_name((VerifyKind)k))));
        doc_cell(d, doc_count(r->kinds[k].both));
        doc_cell(d, doc_count(r->kinds[k].missing));
        doc_cell(d, doc_count(r->kinds[k].extra));
    }
}

static void lines(Doc *d, const VerifyResult *r, bool all) {
    uint32_t n = all ? r->lines.len : MIN(LINES_MOST, r->lines.len);
    if (n < r->lines.len)
        doc_prose(d, str_fmt(d->arena, "The first %u of %u lines that differ (--json has all):", n,
                             r->lines.len));
    doc_table(d, "lines", line_columns, COUNT(line_columns));
    for (uint32_t i = 0; i < n; i++) {
        const VerifyLine *l = &r->lines.v[i];
        doc_cell(d, doc_text(l->package));
        doc_cell(d, doc_text(l->ours ? STR("heapwise") : STR("compiler")));
        doc_cell(d, doc_text(l->text));
    }
}

void view_verify(Doc *d, const VerifyResult *r, bool all) {
    bool same = !r->lines.len;
    doc_open(d, "verify",
             str_fmt(d->arena, "Beside the compiler of " STR_FMT, STR_ARG(r->version)));
    doc_field(d, "toolchain", NULL, doc_text(r->version));
    doc_field(d, "agree", "lines that agree", doc_count(r->all.both));
    doc_field(d, "missing", "only the compiler says", doc_count(r->all.missing));
    doc_field(d, "extra", "only heapwise says", doc_count(r->all.extra));
    doc_field(d, "packages", NULL, doc_count(r->packages));
    doc_field(d, "identical", NULL, doc_count(r->identical));
    doc_field(d, NULL, "packages, byte for byte",
              doc_text(str_fmt(d->arena, "%u of %u", r->identical, r->packages)));
    doc_prose_toned(d,
                    same ? STR("Every line agrees.")
                         : str_fmt(d->arena, "%u lines differ.", r->all.missing + r->all.extra),
                    same ? TONE_GOOD : TONE_BAD);
    kinds(d, r);
    if (!same) lines(d, r, all);
    doc_close(d);
}
