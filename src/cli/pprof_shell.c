// cli/pprof_shell.c: pprof's shell: reports as commands, settings as assignments. A terminal gets
// editing, history and completion (libedit, loaded when needed); a pipe gets pprof's own prompt.
#include "base/library.h"
#include "cli/pprof_cli.h"
#include "sys/file.h"
#include "sys/term.h"

typedef struct Shell {
    Arena *arena;
    Profile *p;
    PprofConfig cfg;
    bool compat, quit;
    // libedit's readline interface, when standard input is a terminal.
    char *(*readline)(const char *);
    int (*add_history)(const char *);
} Shell;

static void say(const char *fmt, ...) PRINTF_LIKE(1, 2);
static void say(const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
}

// ---- reading lines

// Completion asks for one candidate after the other; what it asks about is the one shell that runs.
static Shell *completing;
static uint32_t candidate;

static char *duplicate(Str s) {
    char *copy = malloc(s.len + 1);
    if (!copy) base_out_of("memory", s.len + 1);
    memcpy(copy, s.ptr, s.len);
    copy[s.len] = 0;
    return copy;
}

// Commands, then settings and their choices, then functions.
static bool nth_word(const Shell *s, uint32_t n, Str *out) {
    if (n < pprof_command_count) return *out = str_c(pprof_commands[n].name), true;
    n -= pprof_command_count;
    for (uint32_t i = 0; i < pprof_setting_count; i++) {
        if (n-- == 0) return *out = str_c(pprof_settings[i].name), true;
        for (size_t k = 0; pprof_settings[i].choices[k]; k++)
            if (n-- == 0) return *out = str_c(pprof_settings[i].choices[k]), true;
    }
    if (n + 1 >= s->p->functions.len) return false;
    *out = s->p->functions.v[n + 1].name;
    return true;
}

static char *complete(const char *text, int state) {
    if (state == 0) candidate = 0;
    Str word;
    while (nth_word(completing, candidate++, &word))
        if (text[0] && str_starts(word, str_c(text))) return duplicate(word);
    return NULL;
}

static void open_editor(Shell *s) {
    Str term = env_get("TERM");
    if (!term_is_tty(0) || term.len == 0 || str_eq(term, STR("dumb"))) return;
    void *lib = dlopen("libedit.so.2", RTLD_NOW);
    char *(**entry)(const char *, int) = NULL;
    if (!lib || !library_symbol(lib, "readline", &s->readline) ||
        !library_symbol(lib, "add_history", &s->add_history)) {
        s->readline = NULL;
        return;
    }
    completing = s;
    if (library_symbol(lib, "rl_completion_entry_function", &entry)) *entry = complete;
}

// False at the end of input.
static bool read_line(Shell *s, Arena *a, Str *out) {
    if (s->readline) {
        char *line = s->readline("(pprof) ");
        if (!line) return false;
        if (*line) s->add_history(line);
        *out = str_copy(a, str_c(line));
        free(line);
        return true;
    }
    fputs("(pprof) ", stdout);
    fflush(stdout);
    char *line = NULL;
    size_t cap = 0;
    ssize_t n = getline(&line, &cap, stdin);
    bool more = n > 0;
    if (more) *out = str_copy(a, (Str){line, (size_t)n});
    free(line);
    return more;
}

// ---- help and options

static void show_options(Shell *s, Arena *a) {
    StrVec lines = {0};
    for (uint32_t i = 0; i < pprof_setting_count; i++) {
        const Setting *set = &pprof_settings[i];
        Str name = str_c(set->name), value = pprof_config_get(a, &s->cfg, set), note = STR("");
        StrVec words = {0};
        if (str_eq(name, STR("source_path"))) continue;
        if (set->kind == SETTING_CHOICE) {
            for (size_t k = 0; set->choices[k]; k++) vec_push(a, &words, str_c(set->choices[k]));
            strvec_sort(&words);
        } else if (str_eq(name, STR("sample_index"))) {
            for (uint32_t k = 0; k < s->p->types.len; k++)
                vec_push(a, &words, s->p->types.v[k].type);
            if (value.len == 0 && words.len) value = vec_last(&words);
        } else if (str_eq(name, STR("nodecount")) && str_eq(value, STR("-1"))) {
            note = STR("//: default");
        } else if (value.len == 0) {
            value = STR("\"\"");
        }
        if (words.len)
            note = str_join3(a, STR("//: ["), strvec_join(a, &words, STR(" | ")), STR("]"));
        if (str_eq(name, STR("granularity")) && value.len == 0) value = STR("(default)");
        vec_push(
            a, &lines,
            str_fmt(a, "  %-25s = %-20.*s " STR_FMT, set->name, STR_ARG(value), STR_ARG(note)));
    }
    strvec_sort(&lines);
    say(STR_FMT, STR_ARG(strvec_join(a, &lines, STR("\n"))));
}

static void show_help(Str topic) {
    const PprofCommand *c = pprof_command(topic);
    const Setting *set = pprof_setting(topic);
    if (c)
        say("%s: %s\n  %s%s [n] [focus]* [-ignore]* [>file]", c->name, c->help, c->name,
            c->wants_expression ? " regexp" : "");
    else if (set)
        say("%s: %s", set->name, set->help);
    else if (topic.len)
        say("Unknown command: " STR_FMT, STR_ARG(topic));
    if (topic.len) return;
    say("Commands:");
    for (uint32_t i = 0; i < pprof_command_count; i++)
        say("  %-16s %s", pprof_commands[i].name, pprof_commands[i].help);
    say("  %-16s %s\n  %-16s %s\n  %-16s %s\nSettings, NAME=VALUE:", "o, options",
        "the settings and their values", "q, quit, exit", "leave", ":",
        "clears focus, ignore, hide, tagfocus and tagignore");
    for (uint32_t i = 0; i < pprof_setting_count; i++)
        say("  %-21s %s", pprof_settings[i].name, pprof_settings[i].help);
}

// ---- settings

// "name=value //: comment". False: not an assignment.
static bool assign(Shell *s, Arena *a, Str line) {
    size_t eq = str_find_byte(line, '=');
    Str name = str_trim(str_to(line, eq == STR_NONE ? line.len : eq)),
        value = eq == STR_NONE ? STR("") : str_from(line, eq + 1);
    size_t comment = STR_NONE;
    for (size_t at = 0, n; (n = str_find(str_from(value, at), STR("//:"))) != STR_NONE; at++)
        comment = at += n;
    if (comment != STR_NONE) value = str_to(value, comment);
    value = str_trim(value);
    const Setting *set = pprof_setting(name);
    if (!set) return false;
    bool choice = !str_eq_c(name, set->name);
    if (eq == STR_NONE && !choice && set->kind != SETTING_BOOL) {
        say("please specify a value, e.g. " STR_FMT "=<val>", STR_ARG(name));
        return true;
    }
    if (choice && value.len == 0 && !s->compat) value = STR("true");
    if (str_eq(name, STR("sample_index"))) {
        Str why;
        int at = profile_value_index(s->p, value, a, &why);
        if (at < 0) {
            say(STR_FMT, STR_ARG(why));
            return true;
        }
        value = s->p->types.v[at].type;
    }
    Err err = pprof_config_set(a, &s->cfg, str_copy(s->arena, name), str_copy(s->arena, value));
    if (err) say(STR_FMT, STR_ARG(err->what));
    return true;
}

// ---- reports

static Str either(Arena *a, Str x, Str y) {
    return x.len && y.len ? str_join3(a, x, STR("|"), y) : x.len ? x : y;
}

typedef struct Words {
    Arena *arena;
    StrVec words;
    PprofRequest q;
    Str focus, ignore;
} Words;

static Err take_word(Words *w, uint32_t *i) {
    Str t = w->words.v[*i];
    int64_t n;
    Str digits = t;
    str_cut_prefix(&digits, STR("+"));
    if (str_to_i64(digits, &n)) {
        w->q.cfg.nodecount = n;
    } else if (t.ptr[0] == '>') {
        Str file = str_from(t, 1);
        if (file.len == 0 && ++*i >= w->words.len)
            return err_new(w->arena, ERR_USAGE, 0, "unexpected end of line after >");
        w->q.cfg.output = file.len ? file : w->words.v[*i];
    } else if (str_eq(t, STR("-cum")) || str_eq(t, STR("--cum"))) {
        w->q.cfg.sort = STR("cum");
    } else if (t.ptr[0] == '-') {
        w->ignore = either(w->arena, w->ignore, str_from(t, 1));
    } else {
        w->focus = either(w->arena, w->focus, t);
    }
    return NULL;
}

// "top20" is "top 20"; so is a word that is no command split.
static const PprofCommand *find_command(Arena *a, StrVec *words) {
    const PprofCommand *c = pprof_command(words->v[0]);
    if (c) return c;
    Str name = words->v[0];
    size_t n = name.len;
    while (n > 0 && name.ptr[n - 1] >= '0' && name.ptr[n - 1] <= '9') n--;
    if (n == name.len || n == 0) return NULL;
    StrVec split = {0};
    vec_push(a, &split, str_to(name, n));
    vec_push(a, &split, str_from(name, n));
    for (uint32_t i = 1; i < words->len; i++) vec_push(a, &split, words->v[i]);
    *words = split;
    return pprof_command(split.v[0]);
}

static Err read_command(Shell *s, Words *w) {
    Arena *a = w->arena;
    const PprofCommand *c = find_command(a, &w->words);
    Str name = w->words.v[0];
    if (!c && pprof_setting(name))
        return err_new(a, ERR_USAGE, 0, "did you mean: " STR_FMT "=" STR_FMT, STR_ARG(name),
                       STR_ARG(w->words.len > 1 ? w->words.v[1] : STR("<val>")));
    if (!c)
        return err_new(a, ERR_USAGE, 0, "unrecognized command: " STR_FMT,
                       STR_ARG(pprof_quote(a, name)));
    w->q.command = c;
    w->q.cfg = s->cfg;
    uint32_t i = 1;
    if (c->wants_expression) {
        if (w->words.len < 2)
            return err_new(a, ERR_USAGE, 0, "command %s requires an argument", c->name);
        w->q.argument = w->words.v[i++];
    }
    for (; i < w->words.len; i++) TRY(take_word(w, &i));
    bool tags = c->format == PPROF_TAGS;
    if (w->focus.len) *(tags ? &w->q.cfg.tagfocus : &w->q.cfg.focus) = w->focus;
    if (w->ignore.len) *(tags ? &w->q.cfg.tagignore : &w->q.cfg.ignore) = w->ignore;
    if (w->q.cfg.nodecount == -1 && c->format == PPROF_TEXT) w->q.cfg.nodecount = 10;
    return NULL;
}

static void run_report(Shell *s, Arena *a, StrVec words) {
    Words w = {.arena = a, .words = words};
    Buf out = buf_new(a), messages = buf_new(a);
    Profile p = {0};
    Err err = read_command(s, &w);
    if (!err) {
        profile_fork(s->p, a, &p);
        w.q.p = &p;
        w.q.compat = s->compat;
        w.q.files = pprof_files(a);
        PprofSink sink = {&out, &messages, true};
        err = pprof_run_report(a, &w.q, &sink);
        profile_free(&p);
    }
    if (messages.len) fwrite(messages.ptr, 1, messages.len, stderr);
    if (err)
        say(STR_FMT, STR_ARG(err->what));
    else if (out.len)
        fwrite(out.ptr, 1, out.len, stdout);
    fflush(stdout);
}

static StrVec split_words(Arena *a, Str line) {
    StrVec words = {0};
    for (size_t i = 0; i < line.len;) {
        size_t from = i;
        while (i < line.len && !strchr(" \t\r\n\v\f", line.ptr[i])) i++;
        if (i > from) vec_push(a, &words, str_slice(line, from, i));
        i += i == from;
    }
    return words;
}

static void run_line(Shell *s, Arena *a, Str line) {
    if (assign(s, a, line)) return;
    StrVec words = split_words(a, line);
    if (words.len == 0) return;
    Str name = words.v[0];
    if (str_eq(name, STR("o")) || str_eq(name, STR("options"))) {
        show_options(s, a);
    } else if (str_eq(name, STR("q")) || str_eq(name, STR("quit")) || str_eq(name, STR("exit"))) {
        s->quit = true;
    } else if (str_eq(name, STR("help"))) {
        show_help(words.len > 1 ? words.v[1] : STR(""));
    } else {
        run_report(s, a, words);
    }
}

// Words that stand for several lines: ":" clears filters, a sample type chooses it.
static StrVec expand(Shell *s, Arena *a, Str line) {
    StrVec out = {0};
    static const char *const clear[] = {"focus=", "ignore=", "hide=", "tagfocus=", "tagignore="};
    line = str_trim(line);
    for (size_t i = 0; str_eq(line, STR(":")) && i < COUNT(clear); i++)
        vec_push(a, &out, str_c(clear[i]));
    for (uint32_t i = 0; i < s->p->types.len && !out.len; i++) {
        Str type = s->p->types.v[i].type;
        bool total = str_eq(line, str_join2(a, STR("total_"), type)),
             mean = str_eq(line, str_join2(a, STR("mean_"), type));
        if (!total && !mean && !str_eq(line, type)) continue;
        if (total || mean) vec_push(a, &out, mean ? STR("mean=1") : STR("mean=0"));
        vec_push(a, &out, str_join2(a, STR("sample_index="), type));
    }
    if (!out.len) vec_push(a, &out, line);
    return out;
}

static void greet(Shell *s, const PprofLine *line) {
    Arena *a = arena_new("greeting");
    Profile p;
    profile_fork(s->p, a, &p);
    PprofReport r;
    Buf messages = buf_new(a);
    PprofRequest q = {
        .p = &p, .command = pprof_command(STR("comments")), .cfg = pprof_config_default()};
    q.cfg.sample_index = line->cfg.sample_index;
    q.cfg.mean = line->cfg.mean;
    q.cfg.unit = line->cfg.unit;
    q.cfg.divide_by = line->cfg.divide_by;
    bool usable = !pprof_report(a, &q, &messages, &r);
    if (messages.len) fwrite(messages.ptr, 1, messages.len, stderr);
    if (usable) {
        StrVec labels = pprof_profile_labels(&r);
        say(STR_FMT, STR_ARG(strvec_join(a, &labels, STR("\n"))));
        if (r.total == 0 && s->p->types.len > 1)
            say("No samples were found with the default sample value type.\n"
                "Try \"sample_index\" command to analyze different sample values.");
    }
    profile_free(&p);
    arena_free(a);
    say("Entering interactive mode (type \"help\" for commands, \"o\" for options)");
}

Err pprof_shell(Arena *a, Profile *p, const PprofLine *line) {
    Shell s = {.arena = a, .p = p, .cfg = line->cfg, .compat = line->compat};
    s.cfg.compact_labels = true;
    greet(&s, line);
    open_editor(&s);
    while (!s.quit) {
        Arena *scratch = arena_new("shell line");
        Str text;
        if (!read_line(&s, scratch, &text))
            s.quit = true;
        else {
            StrVec lines = expand(&s, scratch, text);
            for (uint32_t i = 0; i < lines.len && !s.quit; i++) run_line(&s, scratch, lines.v[i]);
        }
        arena_free(scratch);
    }
    return NULL;
}
