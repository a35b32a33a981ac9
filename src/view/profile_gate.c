// view/profile_gate.c: verdicts on the growth of a profile.
#include "view/profile_gate.h"

#include <math.h>

typedef struct Page {
    Doc *doc;
    Arena *arena;
    const ProfileGatePage *in;
} Page;

static Str amount(const Page *p, double v) {
    return measure_label(p->arena, (int64_t)fmax(fmin(v, 9e18), -9e18), p->in->gate->type.unit,
                         STR("auto"));
}

static double sigma(const ProfileRow *row) { return sqrt(row->variance[0] + row->variance[1]); }

static double growth(const ProfileRow *row) {
    return (double)row->sides[1] - (double)row->sides[0];
}

static Str change(const Page *p, const ProfileRow *row) {
    double d = growth(row);
    Str text = str_join2(p->arena, d > 0 ? STR("+") : STR(""), amount(p, d));
    if (!row->sides[0]) return text;
    return str_fmt(p->arena, STR_FMT " (%+.1f%%)", STR_ARG(text),
                   100 * d / fabs((double)row->sides[0]));
}

static DocTone tone(ProfileVerdict v) {
    switch (v) {
    case PROFILE_WORSE: return TONE_BAD;
    case PROFILE_UNSURE: return TONE_WARN;
    case PROFILE_BETTER: return TONE_GOOD;
    case PROFILE_SAME: return TONE_PLAIN;
    }
    BUG("verdict %d", v);
}

static const DocColumn columns[] = {
    {"name", NULL, false},         {NULL, "name", false},  {NULL, "old", true},
    {NULL, "new", true},           {NULL, "change", true}, {NULL, "error", true},
    {"verdict", "verdict", false}, {"old", NULL, false},   {"new", NULL, false},
    {"sigma", NULL, false},        {"limit", NULL, false}, {"p", NULL, false},
    {"new_site", NULL, false},
};

static void table(const Page *p) {
    Doc *d = p->doc;
    doc_table(d, "rows", columns, COUNT(columns));
    for (uint32_t i = 0; i < p->in->gate->rows.len; i++) {
        const ProfileRow *row = &p->in->gate->rows.v[i];
        if (i && row->verdict == PROFILE_SAME && !p->in->all) continue;
        doc_cell(d, doc_text(row->name));
        doc_cell(d, doc_text(profile_short_stack(p->arena, row->name)));
        doc_cell(d, doc_text(amount(p, (double)row->sides[0])));
        doc_cell(d, doc_text(amount(p, (double)row->sides[1])));
        doc_cell(d, doc_toned(doc_text(change(p, row)), tone(row->verdict)));
        doc_cell(d, doc_text(str_join2(p->arena, STR("± "), amount(p, sigma(row)))));
        doc_cell(
            d, doc_toned(doc_text(str_c(profile_verdict_text(row->verdict))), tone(row->verdict)));
        doc_cell(d, doc_int(row->sides[0]));
        doc_cell(d, doc_int(row->sides[1]));
        doc_cell(d, doc_float(sigma(row)));
        doc_cell(d, row->limit < 0 ? (DocValue){0} : doc_float(row->limit));
        doc_cell(d, doc_float(row->p));
        doc_cell(d, doc_bool(!row->seen[0] && row->seen[1]));
    }
}

static void finding(const Page *p, const ProfileRow *row) {
    Str type = p->in->gate->type.type;
    bool site = !row->seen[0];
    DocFinding f = {
        .rule = site ? STR("new-allocation-site") : STR("profile-grew"),
        .rule_title = site ? STR("new in the profile") : STR("more in the profile"),
        .rule_help = STR("The growth beyond the limit is more than the profile's sampling error, "
                         "corrected for the number of names compared."),
        .level = LEVEL_ERROR,
        .message =
            str_fmt(p->arena,
                    STR_FMT ": " STR_FMT " went from " STR_FMT " to " STR_FMT ", " STR_FMT
                            "; sampling error ± " STR_FMT ", allowed +" STR_FMT ".",
                    STR_ARG(row->name), STR_ARG(type), STR_ARG(amount(p, (double)row->sides[0])),
                    STR_ARG(amount(p, (double)row->sides[1])), STR_ARG(change(p, row)),
                    STR_ARG(amount(p, sigma(row))), STR_ARG(amount(p, row->limit))),
        .place = row->file.len ? doc_place(row->file, (uint32_t)MAX(row->line, (int64_t)0), 0)
                               : doc_place(p->in->path, 0, 0),
        .id = str_fmt(p->arena, "%016llx",
                      (unsigned long long)hash_mix(str_hash(row->name), str_hash(type))),
        .measure = change(p, row),
        .share = -1,
    };
    doc_open_finding(p->doc, f);
    doc_close(p->doc);
}

static void summary(const Page *p) {
    const ProfileGate *g = p->in->gate;
    static const char *const keys[] = {"worse", "may_be_noise", "better", "same"};
    Buf line = buf_new(p->arena);
    buf_fmt(&line, STR_FMT ": ", STR_ARG(g->type.type));
    doc_open(p->doc, "summary", (Str){0});
    doc_field(p->doc, "value", NULL, doc_text(g->type.type));
    doc_field(p->doc, "unit", NULL, doc_text(g->type.unit));
    for (size_t i = 0, said = 0; i < COUNT(keys); i++) {
        doc_field(p->doc, keys[i], NULL, doc_int((int64_t)g->count[i]));
        if (!g->count[i]) continue;
        buf_fmt(&line, "%s%zu %s", said++ ? ", " : "", g->count[i],
                profile_verdict_text((ProfileVerdict)i));
    }
    doc_close(p->doc);
    doc_prose_toned(p->doc, buf_view(&line), g->count[PROFILE_WORSE] ? TONE_BAD : TONE_STRONG);
    if (!g->sampled[0] || !g->sampled[1])
        doc_prose_toned(p->doc,
                        STR("How this kind of profile is sampled is not known: values are taken as "
                            "exact."),
                        TONE_WARN);
}

void view_profile_gate(Doc *d, const ProfileGatePage *in) {
    Page p = {d, d->arena, in};
    summary(&p);
    table(&p);
    if (!in->gate->count[PROFILE_WORSE]) return;
    doc_open_list(d, "findings", STR("Worse"));
    for (uint32_t i = 0; i < in->gate->rows.len; i++)
        if (in->gate->rows.v[i].verdict == PROFILE_WORSE) finding(&p, &in->gate->rows.v[i]);
    doc_close(d);
}
