// view/gc_env.c: the page of `heapwise gc env`: each setting, what Go does with it, what to do.
#include "view/gc.h"

static const char *verdict_word(GcVerdict v) {
    switch (v) {
    case VERDICT_FINE: return "in effect";
    case VERDICT_CAUTION: return "in effect, with care";
    case VERDICT_DEFAULT: return "changes nothing";
    case VERDICT_IGNORED: return "ignored by Go";
    case VERDICT_REJECTED: return "rejected by Go";
    }
    BUG("verdict %d", v);
}

static DocTone verdict_tone(GcVerdict v) {
    switch (v) {
    case VERDICT_FINE: return TONE_GOOD;
    case VERDICT_CAUTION:
    case VERDICT_DEFAULT: return TONE_WARN;
    case VERDICT_IGNORED:
    case VERDICT_REJECTED: return TONE_BAD;
    }
    BUG("verdict %d", v);
}

static const char *source_word(GcSettingSource s) {
    switch (s) {
    case SOURCE_GODEBUG: return "GODEBUG";
    case SOURCE_GOGC: return "GOGC";
    case SOURCE_GOMEMLIMIT: return "GOMEMLIMIT";
    case SOURCE_GOEXPERIMENT_RUN:
    case SOURCE_GOEXPERIMENT_BUILD: return "GOEXPERIMENT";
    case SOURCE_DIRECTIVE: return "//go:debug";
    case SOURCE_GOMOD: return "godebug";
    }
    BUG("source %d", s);
}

// The setting as it is written where it stands.
static Str shown(Arena *a, const GcNote *n) {
    bool is_variable = str_eq_c(n->name, source_word(n->source));
    Str pair = n->value.len || is_variable
                   ? str_fmt(a, STR_FMT "=" STR_FMT, STR_ARG(n->name), STR_ARG(n->value))
                   : n->name;
    if (is_variable) return pair;
    const char *joint = n->source == SOURCE_GODEBUG ? "=" : " ";
    return str_fmt(a, "%s%s" STR_FMT, source_word(n->source), joint, STR_ARG(pair));
}

static void note_item(Doc *d, const GcNote *n) {
    Str title = shown(d->arena, n);
    if (n->where.len)
        title = str_fmt(d->arena, STR_FMT "  (" STR_FMT ")", STR_ARG(title), STR_ARG(n->where));
    doc_open_item(d, title);
    doc_field(d, "source", NULL, doc_text(str_c(source_word(n->source))));
    doc_field(d, "name", NULL, doc_text(n->name));
    doc_field(d, "value", NULL, doc_text(n->value));
    doc_field(d, "where", NULL, doc_text(n->where));
    doc_field(d, "verdict", "Go",
              doc_toned(doc_text(str_c(verdict_word(n->verdict))), verdict_tone(n->verdict)));
    doc_field(d, "text", NULL, doc_text(n->text));
    doc_prose(d, n->text);
    doc_close(d);
}

bool view_gc_env(Doc *d, const GcSettings *s, Str version_from) {
    Arena *a = d->arena;
    uint32_t bad = 0;
    for (uint32_t i = 0; i < s->notes.len; i++) bad += s->notes.v[i].verdict >= VERDICT_IGNORED;
    doc_field(d, "go_minor", NULL, doc_int(s->minor));
    doc_field(d, "go", "Go version",
              doc_text(str_fmt(a, "1.%u, from " STR_FMT, s->minor, STR_ARG(version_from))));
    bool green = settings_experiment_on(s->minor, STR("greenteagc"));
    doc_field(d, "default_collector", "collector",
              doc_text(green ? STR("Green Tea, unless built with GOEXPERIMENT=nogreenteagc")
                             : STR("classic, unless built with GOEXPERIMENT=greenteagc")));
    if (s->collector.len)
        doc_field(d, "binary_collector", "this binary runs", doc_text(s->collector));
    if (s->container_limit)
        doc_field(d, "container_limit", "container limit", doc_bytes((int64_t)s->container_limit));
    doc_field(d, "settings", NULL, doc_int(s->notes.len));
    doc_field(d, "problems", "without effect", doc_toned(doc_int(bad), bad ? TONE_BAD : TONE_GOOD));
    doc_open_list(d, "notes", STR("settings"));
    for (uint32_t i = 0; i < s->notes.len; i++) note_item(d, &s->notes.v[i]);
    doc_close(d);
    if (!s->notes.len)
        doc_prose(d, STR("No GODEBUG, GOGC, GOMEMLIMIT, GOEXPERIMENT, //go:debug or godebug "
                         "setting found."));
    return bad > 0;
}
