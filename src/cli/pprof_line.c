// cli/pprof_line.c: pprof's command line, as Go's flag package reads it.
#include "cli/pprof_cli.h"
#include "sys/term.h"

// Flags that are neither settings nor commands.
typedef enum FlagKind { FLAG_TEXT, FLAG_INT, FLAG_BOOL } FlagKind;
typedef struct SourceFlag {
    const char *name;
    FlagKind kind;
    size_t offset; // in Raw
    const char *help;
} SourceFlag;

typedef struct Raw {
    PprofLine line;
    bool inuse_space, inuse_objects, alloc_space, alloc_objects, total_delay, contentions,
        mean_delay;
    bool no_browser, help;
    bool choices[16]; // of SETTING_CHOICE settings, in the order of the table
    const PprofCommand *commands[32];
    Str arguments[32];
    uint32_t command_count;
} Raw;

#define AT(field) offsetof(Raw, field)
// clang-format off
static const SourceFlag flags[] = {
    {"diff_base", FLAG_TEXT, AT(line.diff_base), "profile to compare with; percentages are of it"},
    {"base", FLAG_TEXT, AT(line.base), "profile to subtract"},
    {"symbolize", FLAG_TEXT, AT(line.symbolize), "where names come from: none, local, fastlocal, remote, force"},
    {"buildid", FLAG_TEXT, AT(line.build_id), "build id of the first mapping"},
    {"timeout", FLAG_INT, AT(line.timeout), "seconds to wait for a profile"},
    {"seconds", FLAG_INT, AT(line.seconds), "seconds a profile is taken for"},
    {"add_comment", FLAG_TEXT, AT(line.comment), "note to keep in the profile"},
    {"tools", FLAG_TEXT, AT(line.tools), "accepted for pprof's sake: no programs are needed"},
    {"http", FLAG_TEXT, AT(line.http), "accepted for pprof's sake: see heapwise web"},
    {"tls_cert", FLAG_TEXT, AT(line.tls_cert), "certificate shown to the server"},
    {"tls_key", FLAG_TEXT, AT(line.tls_key), "its key"},
    {"tls_ca", FLAG_TEXT, AT(line.tls_ca), "authorities trusted"},
    {"no_browser", FLAG_BOOL, AT(no_browser), "with -http: do not open a browser"},
    {"inuse_space", FLAG_BOOL, AT(inuse_space), "same as -sample_index=inuse_space"},
    {"inuse_objects", FLAG_BOOL, AT(inuse_objects), "same as -sample_index=inuse_objects"},
    {"alloc_space", FLAG_BOOL, AT(alloc_space), "same as -sample_index=alloc_space"},
    {"alloc_objects", FLAG_BOOL, AT(alloc_objects), "same as -sample_index=alloc_objects"},
    {"total_delay", FLAG_BOOL, AT(total_delay), "same as -sample_index=delay"},
    {"contentions", FLAG_BOOL, AT(contentions), "same as -sample_index=contentions"},
    {"mean_delay", FLAG_BOOL, AT(mean_delay), "same as -mean -sample_index=delay"},
    {"json", FLAG_BOOL, AT(line.json), "the report as JSON: with -top, -text, -tree, -peek, -dot (docs/json-schema.md)"},
    {"enable_profiling", FLAG_BOOL, AT(line.enable_profiling), "pid: of a process that keeps no heap profile: switch it on for -seconds (10), then off again"},
    {"heap_text", FLAG_TEXT, AT(line.heap_text), "pid: also write the text of /debug/pprof/heap?debug=1 to this file"},
    {"low-mem", FLAG_BOOL, AT(line.low_mem), "decompress into a temporary file and keep little of it in memory"},
    {"compat", FLAG_BOOL, AT(line.compat), "pprof's answer where ours differs on purpose (docs/pprof.md)"},
    {"help", FLAG_BOOL, AT(help), "this text"},
    {"h", FLAG_BOOL, AT(help), "this text"},
};
// clang-format on

Str pprof_usage(Arena *a) {
    Buf b = buf_new(a);
    buf_lit(&b, "usage: heapwise pprof [format] [options] [binary] source...\n\n"
                "Without a format: a shell, in which the formats are commands.\n"
                "A source is a file, a URL or pid:PID (a running Go program); several are "
                "merged.\n\nFormats:\n");
    for (uint32_t i = 0; i < pprof_command_count; i++)
        buf_fmt(&b, "  -%-21s %s\n", pprof_commands[i].name, pprof_commands[i].help);
    buf_lit(&b, "\nSources:\n");
    for (size_t i = 0; i < COUNT(flags); i++)
        buf_fmt(&b, "  -%-21s %s\n", flags[i].name, flags[i].help);
    buf_lit(&b, "\nOptions:\n");
    for (uint32_t i = 0; i < pprof_setting_count; i++) {
        const Setting *s = &pprof_settings[i];
        if (s->kind != SETTING_CHOICE) buf_fmt(&b, "  -%-21s %s\n", s->name, s->help);
        for (size_t k = 0; s->choices[k]; k++)
            buf_fmt(&b, "  -%-21s %s: %s\n", s->choices[k], s->name, s->choices[k]);
    }
    return buf_view(&b);
}

// ---- values

static bool go_bool(Str s, bool *out) {
    static const char *const yes[] = {"1", "t", "T", "TRUE", "true", "True"}, *const no[] = {
                                                                                  "0",     "f",
                                                                                  "F",     "FALSE",
                                                                                  "false", "False"};
    for (size_t i = 0; i < 6; i++) {
        if (str_eq_c(s, yes[i])) return *out = true;
        if (str_eq_c(s, no[i])) {
            *out = false;
            return true;
        }
    }
    return false;
}

static Err set_bool(Arena *a, Str name, Str value, bool *out) {
    if (go_bool(value, out)) return NULL;
    return err_new(a, ERR_USAGE, 0,
                   "invalid boolean value " STR_FMT " for -" STR_FMT ": parse error",
                   STR_ARG(pprof_quote(a, value)), STR_ARG(name));
}

static Err bad_value(Arena *a, Str name, Str value) {
    return err_new(a, ERR_USAGE, 0, "invalid value " STR_FMT " for flag -" STR_FMT ": parse error",
                   STR_ARG(pprof_quote(a, value)), STR_ARG(name));
}

static Err set_int(Arena *a, Str name, Str value, int64_t *out) {
    char *end;
    char *text = str_to_c(a, value);
    *out = strtoll(text, &end, 0);
    return value.len == 0 || *end ? bad_value(a, name, value) : NULL;
}

// ---- one flag

typedef struct Flag {
    const SourceFlag *source;
    const Setting *setting;
    const PprofCommand *command;
    uint32_t choice; // of a choice: its place in Raw.choices
    bool is_bool;
} Flag;

static bool find_choice(Str name, Flag *out) {
    uint32_t place = 0;
    for (uint32_t i = 0; i < pprof_setting_count; i++)
        for (size_t k = 0; pprof_settings[i].choices[k]; k++, place++)
            if (str_eq_c(name, pprof_settings[i].choices[k])) {
                *out = (Flag){.setting = &pprof_settings[i], .choice = place + 1, .is_bool = true};
                return true;
            }
    return false;
}

static bool find_flag(Str name, Flag *out) {
    for (size_t i = 0; i < COUNT(flags); i++)
        if (str_eq_c(name, flags[i].name)) {
            *out = (Flag){.source = &flags[i], .is_bool = flags[i].kind == FLAG_BOOL};
            return true;
        }
    if (find_choice(name, out)) return true;
    const PprofCommand *c = pprof_command(name);
    if (c) {
        *out = (Flag){.command = c, .is_bool = !c->wants_expression};
        return true;
    }
    const Setting *s = pprof_setting(name);
    if (!s || s->kind == SETTING_CHOICE) return false;
    *out = (Flag){.setting = s, .is_bool = s->kind == SETTING_BOOL};
    return true;
}

static Err set_command(Arena *a, Raw *raw, Str name, const PprofCommand *c, Str value) {
    bool on = true;
    if (!c->wants_expression)
        TRY(set_bool(a, name, value, &on));
    else
        on = value.len > 0;
    uint32_t i = 0;
    while (i < raw->command_count && raw->commands[i] != c) i++;
    if (i == raw->command_count && raw->command_count < COUNT(raw->commands)) raw->command_count++;
    raw->commands[i] = on ? c : NULL;
    raw->arguments[i] = value;
    return NULL;
}

static Err set_flag(Arena *a, Raw *raw, const Flag *f, Str name, Str value) {
    if (f->command) return set_command(a, raw, name, f->command, value);
    if (f->choice) return set_bool(a, name, value, &raw->choices[f->choice - 1]);
    char *at =
        f->source ? (char *)raw + f->source->offset : (char *)&raw->line.cfg + f->setting->offset;
    bool number = f->source ? f->source->kind == FLAG_INT : f->setting->kind == SETTING_INT;
    if (f->is_bool) return set_bool(a, name, value, (bool *)(void *)at);
    if (number) return set_int(a, name, value, (int64_t *)(void *)at);
    if (f->setting && f->setting->kind == SETTING_FLOAT)
        return str_to_f64(value, (double *)(void *)at) ? NULL : bad_value(a, name, value);
    *(Str *)(void *)at = value;
    return NULL;
}

static Err read_flags(Arena *a, Raw *raw, char *const *argv, int argc) {
    int i = 0;
    for (; i < argc; i++) {
        Str word = str_c(argv[i]);
        if (word.len < 2 || word.ptr[0] != '-') break;
        Str name = str_from(word, 1);
        str_cut_prefix(&name, STR("-"));
        if (name.len == 0) { // "--"
            i++;
            break;
        }
        if (name.ptr[0] == '-' || name.ptr[0] == '=')
            return err_new(a, ERR_USAGE, 0, "bad flag syntax: " STR_FMT, STR_ARG(word));
        size_t eq = str_find_byte(name, '=');
        Str value = eq == STR_NONE ? STR("") : str_from(name, eq + 1);
        name = str_to(name, eq == STR_NONE ? name.len : eq);
        Flag f;
        if (!find_flag(name, &f))
            return err_new(a, ERR_USAGE, 0, "flag provided but not defined: -" STR_FMT,
                           STR_ARG(name));
        if (eq == STR_NONE && f.is_bool)
            value = STR("true");
        else if (eq == STR_NONE && i + 1 >= argc)
            return err_new(a, ERR_USAGE, 0, "flag needs an argument: -" STR_FMT, STR_ARG(name));
        else if (eq == STR_NONE)
            value = str_c(argv[++i]);
        TRY(set_flag(a, raw, &f, name, value));
    }
    for (; i < argc; i++) vec_push(a, &raw->line.sources, str_c(argv[i]));
    return NULL;
}

// ---- what the flags say together

static Err choose(Arena *a, Raw *raw) {
    uint32_t place = 0;
    for (uint32_t i = 0; i < pprof_setting_count; i++) {
        const Setting *s = &pprof_settings[i];
        StrVec set = {0};
        for (size_t k = 0; s->choices[k]; k++, place++)
            if (raw->choices[place]) vec_push(a, &set, str_c(s->choices[k]));
        if (set.len > 1)
            return err_new(a, ERR_USAGE, 0, "conflicting options set: [" STR_FMT "]",
                           STR_ARG(strvec_join(a, &set, STR(" "))));
        if (set.len == 1) *(Str *)(void *)((char *)&raw->line.cfg + s->offset) = set.v[0];
    }
    return NULL;
}

static Err choose_command(Arena *a, Raw *raw) {
    for (uint32_t i = 0; i < raw->command_count; i++) {
        if (!raw->commands[i]) continue;
        if (raw->line.command)
            return err_new(a, ERR_USAGE, 0, "must set at most one output format");
        raw->line.command = raw->commands[i];
        raw->line.argument = raw->arguments[i];
    }
    return NULL;
}

static void choose_value(Raw *raw, Buf *messages) {
    const struct {
        bool set;
        const char *type, *flag;
    } list[] = {
        {raw->total_delay, "delay", "-total_delay"},
        {raw->mean_delay, "delay", "-mean_delay"},
        {raw->contentions, "contentions", "-contentions"},
        {raw->inuse_space, "inuse_space", "-inuse_space"},
        {raw->inuse_objects, "inuse_objects", "-inuse_objects"},
        {raw->alloc_space, "alloc_space", "-alloc_space"},
        {raw->alloc_objects, "alloc_objects", "-alloc_objects"},
    };
    Str *index = &raw->line.cfg.sample_index;
    for (size_t i = 0; i < COUNT(list); i++) {
        if (!list[i].set) continue;
        if (index->len == 0)
            *index = str_c(list[i].type);
        else
            buf_fmt(messages, "Multiple value selections, ignoring %s\n", list[i].flag);
    }
    if (raw->mean_delay) raw->line.cfg.mean = true;
}

// Is the first of several words a program? Its magic number tells.
static bool is_program(Str path) {
    unsigned char head[4] = {0};
    char name[4096];
    if (path.len >= sizeof name) return false;
    memcpy(name, path.ptr, path.len);
    name[path.len] = 0;
    FILE *f = fopen(name, "rb");
    if (!f) return false;
    size_t n = fread(head, 1, sizeof head, f);
    fclose(f);
    static const unsigned char magics[][4] = {
        {0x7f, 'E', 'L', 'F'}, {0xcf, 0xfa, 0xed, 0xfe}, {0xce, 0xfa, 0xed, 0xfe}};
    for (size_t i = 0; i < COUNT(magics); i++)
        if (n == 4 && memcmp(head, magics[i], 4) == 0) return true;
    return n >= 2 && head[0] == 'M' && head[1] == 'Z';
}

Err pprof_parse_line(Arena *a, PprofWords words, Buf *messages, PprofLine *out, bool *help) {
    Raw raw = {.line = {.seconds = -1,
                        .timeout = -1,
                        .cfg = pprof_config_default(),
                        .tools = env_get("PPROF_TOOLS")}};
    Err err = read_flags(a, &raw, words.argv, words.argc);
    *help = raw.help;
    if (err || raw.help) return err;
    PprofLine *line = &raw.line;
    if (line->sources.len == 0) return err_new(a, ERR_USAGE, 0, "no profile source specified");
    if (line->sources.len > 1 && is_program(line->sources.v[0])) {
        line->exec_name = line->sources.v[0];
        line->sources.v++;
        line->sources.len--;
    }
    TRY(choose(a, &raw));
    TRY(choose_command(a, &raw));
    if (line->http.len && line->command)
        return err_new(a, ERR_USAGE, 0,
                       "-http is not compatible with an output format on the command line");
    if (raw.no_browser && !line->http.len)
        return err_new(a, ERR_USAGE, 0, "-no_browser only makes sense with -http");
    choose_value(&raw, messages);
    if (line->base.len && line->diff_base.len)
        return err_new(a, ERR_USAGE, 0, "-base and -diff_base flags cannot both be specified");
    if (line->cfg.normalize && !line->base.len && !line->diff_base.len)
        return err_new(a, ERR_USAGE, 0, "must have base profile to normalize by");
    if (line->http.len)
        return err_new(a, ERR_USAGE, 0, "-http: the pages are served by heapwise web");
    *out = *line;
    return NULL;
}
