// view/pprof_config.c: pprof's settings and commands as tables. Names and defaults are its
// interface.
#include "view/pprof.h"

#define AT(field) offsetof(PprofConfig, field)
// clang-format off
const Setting pprof_settings[] = {
    {"output", SETTING_TEXT, AT(output), {NULL}, "file the report is written to"},
    {"call_tree", SETTING_BOOL, AT(call_tree), {NULL}, "a node per call path instead of one per function"},
    {"relative_percentages", SETTING_BOOL, AT(relative_percentages), {NULL}, "percentages of what the filters leave"},
    {"unit", SETTING_TEXT, AT(unit), {NULL}, "unit of the values; minimum finds one that suits all, auto one for each"},
    {"compact_labels", SETTING_BOOL, AT(compact_labels), {NULL}, "a short head"},
    {"source_path", SETTING_TEXT, AT(source_path), {NULL}, "directories sources are searched in"},
    {"trim_path", SETTING_TEXT, AT(trim_path), {NULL}, "what is cut from the front of source paths"},
    {"intel_syntax", SETTING_BOOL, AT(intel_syntax), {NULL}, "assembly as Intel writes it (disasm, weblist)"},
    {"mean", SETTING_BOOL, AT(mean), {NULL}, "the average value: divided by the first column"},
    {"sample_index", SETTING_TEXT, AT(sample_index), {NULL}, "which value of a sample: its name or number"},
    {"divide_by", SETTING_FLOAT, AT(divide_by), {NULL}, "all values are divided by this"},
    {"normalize", SETTING_BOOL, AT(normalize), {NULL}, "scale to the totals of the base profile"},
    {"sort", SETTING_CHOICE, AT(sort), {"cum", "flat", NULL}, "order of the entries"},
    {"tagroot", SETTING_TEXT, AT(tagroot), {NULL}, "label keys shown as outermost frames"},
    {"tagleaf", SETTING_TEXT, AT(tagleaf), {NULL}, "label keys shown as innermost frames"},
    {"drop_negative", SETTING_BOOL, AT(drop_negative), {NULL}, "entries below 0 are not shown"},
    {"nodecount", SETTING_INT, AT(nodecount), {NULL}, "most entries shown"},
    {"nodefraction", SETTING_FLOAT, AT(nodefraction), {NULL}, "entries below this part of the total are hidden"},
    {"edgefraction", SETTING_FLOAT, AT(edgefraction), {NULL}, "calls below this part of the total are hidden"},
    {"trim", SETTING_BOOL, AT(trim), {NULL}, "whether the three limits above count"},
    {"focus", SETTING_TEXT, AT(focus), {NULL}, "only samples through a matching frame"},
    {"ignore", SETTING_TEXT, AT(ignore), {NULL}, "no samples through a matching frame"},
    {"prune_from", SETTING_TEXT, AT(prune_from), {NULL}, "frames inside a matching one are cut off"},
    {"hide", SETTING_TEXT, AT(hide), {NULL}, "matching frames are left out"},
    {"show", SETTING_TEXT, AT(show), {NULL}, "only matching frames are shown"},
    {"show_from", SETTING_TEXT, AT(show_from), {NULL}, "frames outside the outermost match are cut off"},
    {"tagfocus", SETTING_TEXT, AT(tagfocus), {NULL}, "only samples with a matching label: key=regexp, 1kb:10kb"},
    {"tagignore", SETTING_TEXT, AT(tagignore), {NULL}, "no samples with a matching label"},
    {"tagshow", SETTING_TEXT, AT(tagshow), {NULL}, "only matching labels count"},
    {"taghide", SETTING_TEXT, AT(taghide), {NULL}, "matching labels do not count"},
    {"noinlines", SETTING_BOOL, AT(noinlines), {NULL}, "inlined frames belong to who called them"},
    {"showcolumns", SETTING_BOOL, AT(showcolumns), {NULL}, "columns beside lines"},
    {"granularity", SETTING_CHOICE, AT(granularity), {"functions", "filefunctions", "files", "lines", "addresses", NULL}, "what one entry stands for"},
};
const uint32_t pprof_setting_count = COUNT(pprof_settings);

const PprofCommand pprof_commands[] = {
    {"callgrind", PPROF_CALLGRIND, false, AFTER_FILE, NULL, "callgraph.out", "the graph for callgrind's viewers"},
    {"comments", PPROF_COMMENTS, false, AFTER_PRINT, NULL, NULL, "the profile's comments"},
    {"disasm", PPROF_DISASM, true, AFTER_PRINT, NULL, NULL, "assembly with values, of functions that match"},
    {"dot", PPROF_DOT, false, AFTER_PRINT, NULL, NULL, "the graph in Graphviz' language"},
    {"eog", PPROF_DOT, false, AFTER_SHOW, "svg", "svg", "the graph in eog"},
    {"evince", PPROF_DOT, false, AFTER_SHOW, "pdf", "pdf", "the graph in evince"},
    {"gif", PPROF_DOT, false, AFTER_DRAW, "gif", "gif", "the graph as GIF"},
    {"gv", PPROF_DOT, false, AFTER_SHOW, "ps", "ps", "the graph in gv"},
    {"kcachegrind", PPROF_CALLGRIND, false, AFTER_SHOW, NULL, "grind", "the graph in KCachegrind"},
    {"list", PPROF_LIST, true, AFTER_PRINT, NULL, NULL, "source with values, of functions that match"},
    {"pdf", PPROF_DOT, false, AFTER_DRAW, "pdf", "pdf", "the graph as PDF"},
    {"peek", PPROF_TREE, true, AFTER_PRINT, NULL, NULL, "callers and callees of functions that match"},
    {"png", PPROF_DOT, false, AFTER_DRAW, "png", "png", "the graph as PNG"},
    {"proto", PPROF_PROTO, false, AFTER_FILE, NULL, "pb.gz", "the profile itself, filtered and merged"},
    {"ps", PPROF_DOT, false, AFTER_DRAW, "ps", "ps", "the graph as PostScript"},
    {"raw", PPROF_RAW, false, AFTER_PRINT, NULL, NULL, "everything in the profile, as text"},
    {"svg", PPROF_DOT, false, AFTER_DRAW, "svg", "svg", "the graph as SVG"},
    {"tags", PPROF_TAGS, false, AFTER_PRINT, NULL, NULL, "labels and their values"},
    {"text", PPROF_TEXT, false, AFTER_PRINT, NULL, NULL, "the entries with the most, as a table"},
    {"top", PPROF_TEXT, false, AFTER_PRINT, NULL, NULL, "the entries with the most, as a table"},
    {"topproto", PPROF_TOPPROTO, false, AFTER_FILE, NULL, "pb.gz", "the table as a profile"},
    {"traces", PPROF_TRACES, false, AFTER_PRINT, NULL, NULL, "every sample with its stack"},
    {"tree", PPROF_TREE, false, AFTER_PRINT, NULL, NULL, "the graph as text"},
    {"web", PPROF_DOT, false, AFTER_SHOW, "svg", "svg", "the graph in a browser"},
    {"weblist", PPROF_WEBLIST, true, AFTER_SHOW, NULL, "html", "source and assembly in a browser"},
};
const uint32_t pprof_command_count = COUNT(pprof_commands);
// clang-format on

const PprofCommand *pprof_command(Str name) {
    for (uint32_t i = 0; i < pprof_command_count; i++)
        if (str_eq_c(name, pprof_commands[i].name)) return &pprof_commands[i];
    return NULL;
}

PprofConfig pprof_config_default(void) {
    return (PprofConfig){.unit = STR("minimum"),
                         .nodecount = -1,
                         .nodefraction = 0.005,
                         .edgefraction = 0.001,
                         .trim = true,
                         .divide_by = 1,
                         .sort = STR("flat")};
}

const Setting *pprof_setting(Str name) {
    for (uint32_t i = 0; i < pprof_setting_count; i++) {
        if (str_eq_c(name, pprof_settings[i].name)) return &pprof_settings[i];
        for (size_t k = 0; pprof_settings[i].choices[k]; k++)
            if (str_eq_c(name, pprof_settings[i].choices[k])) return &pprof_settings[i];
    }
    return NULL;
}

Str pprof_quote(Arena *a, Str s) {
    Buf b = buf_new(a);
    buf_byte(&b, '"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c == '"' || c == '\\') buf_byte(&b, '\\');
        if (c == '\n')
            buf_lit(&b, "\\n");
        else if (c == '\t')
            buf_lit(&b, "\\t");
        else if (c == '\r')
            buf_lit(&b, "\\r");
        else if (c < 0x20 || c == 0x7f)
            buf_fmt(&b, "\\x%02x", c);
        else
            buf_byte(&b, (char)c);
    }
    buf_byte(&b, '"');
    return buf_view(&b);
}

bool pprof_parse_bool(Str word, bool *out) {
    static const char *const yes[] = {"true", "t", "yes", "y", "1", ""}, *const no[] = {"false",
                                                                                        "f", "no",
                                                                                        "n", "0"};
    char low[8];
    if (word.len >= sizeof low) return false;
    for (size_t i = 0; i < word.len; i++)
        low[i] = (char)(word.ptr[i] >= 'A' && word.ptr[i] <= 'Z' ? word.ptr[i] + 32 : word.ptr[i]);
    for (size_t i = 0; i < COUNT(yes); i++)
        if (str_eq_c((Str){low, word.len}, yes[i])) return *out = true;
    for (size_t i = 0; i < COUNT(no); i++)
        if (str_eq_c((Str){low, word.len}, no[i])) {
            *out = false;
            return true;
        }
    return false;
}

static Err set_number(Arena *a, const Setting *s, void *at, Str value) {
    if (s->kind == SETTING_FLOAT) {
        if (str_to_f64(value, at)) return NULL;
        return err_new(a, ERR_USAGE, 0, "strconv.ParseFloat: parsing " STR_FMT ": invalid syntax",
                       STR_ARG(pprof_quote(a, value)));
    }
    Str digits = value;
    str_cut_prefix(&digits, STR("+"));
    if (str_to_i64(digits, at)) return NULL;
    return err_new(a, ERR_USAGE, 0, "strconv.Atoi: parsing " STR_FMT ": invalid syntax",
                   STR_ARG(pprof_quote(a, value)));
}

static Err set_choice(Arena *a, const Setting *s, Str *at, Str value) {
    for (size_t k = 0; s->choices[k]; k++)
        if (str_eq_c(value, s->choices[k])) {
            *at = value;
            return NULL;
        }
    return err_new(a, ERR_USAGE, 0, "invalid \"%s\" value " STR_FMT, s->name,
                   STR_ARG(pprof_quote(a, value)));
}

Err pprof_config_set(Arena *a, PprofConfig *c, Str name, Str value) {
    const Setting *s = pprof_setting(name);
    if (!s)
        return err_new(a, ERR_USAGE, 0, "unknown config field " STR_FMT,
                       STR_ARG(pprof_quote(a, name)));
    void *at = (char *)c + s->offset;
    if (!str_eq_c(name, s->name)) { // one of its choices, said to be true
        bool on = false;
        if (value.len && pprof_parse_bool(value, &on) && on) return set_choice(a, s, at, name);
        return err_new(a, ERR_USAGE, 0, "unknown config field " STR_FMT,
                       STR_ARG(pprof_quote(a, name)));
    }
    switch (s->kind) {
    case SETTING_TEXT: *(Str *)at = value; return NULL;
    case SETTING_CHOICE: return set_choice(a, s, at, value);
    case SETTING_INT:
    case SETTING_FLOAT: return set_number(a, s, at, value);
    case SETTING_BOOL: break;
    }
    if (pprof_parse_bool(value, at)) return NULL;
    return err_new(a, ERR_USAGE, 0, "illegal value \"" STR_FMT "\" for bool variable",
                   STR_ARG(value));
}

Str pprof_config_get(Arena *a, const PprofConfig *c, const Setting *s) {
    const void *at = (const char *)c + s->offset;
    switch (s->kind) {
    case SETTING_TEXT:
    case SETTING_CHOICE: return *(const Str *)at;
    case SETTING_BOOL: return *(const bool *)at ? STR("true") : STR("false");
    case SETTING_INT: return str_fmt(a, "%lld", (long long)*(const int64_t *)at);
    case SETTING_FLOAT: break;
    }
    // The shortest text that reads back.
    double v = *(const double *)at;
    for (int digits = 1; digits < 18; digits++) {
        Str text = str_fmt(a, "%.*g", digits, v);
        double back;
        if (str_to_f64(text, &back) && back == v) return text;
    }
    return str_fmt(a, "%.17g", v);
}
