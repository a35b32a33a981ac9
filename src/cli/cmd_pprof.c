// cli/cmd_pprof.c: `heapwise pprof`: the command line of `go tool pprof` over our own reader and
// reports.
#include "cli/commands.h"
#include "cli/pprof_cli.h"
#include "sys/file.h"
#include "sys/proc.h"
#include "sys/term.h"

// ---- what becomes of a report

// The first NAME001, NAME002 ... that does not exist.
static Str fresh_name(Arena *a, Str dir, const char *prefix, const char *suffix) {
    for (int i = 1; i < 10000; i++) {
        Str path = str_fmt(a, "%s%03d.%s", prefix, i, suffix);
        if (dir.len) path = path_join(a, dir, path);
        if (!file_exists(path)) return path;
    }
    return str_fmt(a, "%s.%s", prefix, suffix);
}

static StrVec viewers(Arena *a, const PprofCommand *c) {
    StrVec v = {0};
    static const char *const browsers[] = {"chrome", "google-chrome", "chromium", "firefox",
                                           "sensible-browser"};
    if (!str_eq_c(str_c(c->name), "web") && !str_eq_c(str_c(c->name), "weblist")) {
        vec_push(a, &v, str_c(c->name));
        return v;
    }
    if (env_get("BROWSER").len) vec_push(a, &v, env_get("BROWSER"));
    for (size_t i = 0; i < COUNT(browsers); i++) vec_push(a, &v, str_c(browsers[i]));
    if (env_get("DISPLAY").len) vec_push(a, &v, STR("xdg-open"));
    return v;
}

static Err show(Arena *a, const PprofCommand *c, Str bytes) {
    Str dir = env_get("TMPDIR").len ? env_get("TMPDIR") : STR("/tmp");
    Str path = fresh_name(a, dir, "pprof", c->suffix);
    TRY(file_write(a, path, bytes));
    StrVec list = viewers(a, c);
    for (uint32_t i = 0; i < list.len; i++) {
        ProcSpec spec = {.inherit_stderr = true};
        Str words = list.v[i];
        while (words.len) vec_push(a, &spec.argv, str_split(&words, ' '));
        if (!proc_find(a, spec.argv.v[0]).len) continue;
        vec_push(a, &spec.argv, path);
        ProcResult result;
        Err err = proc_run(a, &spec, &result);
        if (err) continue;
        return result.status ? err_new(a, ERR_IO, 0, "exit status %d", result.status) : NULL;
    }
    return err_new(a, ERR_IO, 0, "%s: no program to show %s with was found", c->name, path.ptr);
}

static Err deliver(Arena *a, const PprofRequest *q, Str bytes, PprofSink *sink) {
    const PprofCommand *c = q->command;
    if (c->drawing && !q->json) TRY(draw_graph(a, bytes, c->drawing, &bytes));
    Str output = q->cfg.output;
    bool tty = term_is_tty(1) && (sink->shell || term_is_tty(0));
    if (output.len == 0 && c->after == AFTER_SHOW) return show(a, c, bytes);
    if (output.len == 0 && tty && (c->after == AFTER_FILE || c->after == AFTER_DRAW))
        output = fresh_name(a, STR(""), "profile", c->suffix);
    if (output.len == 0) {
        buf_str(sink->out, bytes);
        return NULL;
    }
    buf_fmt(sink->messages, "Generating report in " STR_FMT "\n", STR_ARG(output));
    return file_write(a, output, bytes);
}

Err pprof_run_report(Arena *a, const PprofRequest *q, PprofSink *sink) {
    PprofReport r;
    TRY(pprof_report(a, q, sink->messages, &r));
    Buf text = buf_new(a);
    Err err = NULL;
    if (q->json) {
        Doc *d = doc_new(a, "heapwise.pprof/1");
        err = view_pprof_json(d, &r);
        if (!err) doc_render_json(d, &text);
    } else {
        err = pprof_print(&r, &text);
    }
    regex_free(r.symbol);
    buf_str(sink->out, buf_view(&r.early));
    return err ? err : deliver(a, q, buf_view(&text), sink);
}

// ---- the command

// pprof's words go to standard error as they are.
static void fail(Cli *cli, Err err, Status *status) {
    buf_str(&cli->doc->error_bytes, err->what);
    buf_byte(&cli->doc->error_bytes, '\n');
    *status = STATUS_USAGE;
}

static Err run_pprof(Cli *cli, Status *status) {
    Arena *a = cli->arena;
    Buf messages = buf_new(a), out = buf_new(a);
    PprofLine line;
    bool help;
    Err err = pprof_parse_line(a, (PprofWords){cli->argv, cli->argc}, &messages, &line, &help);
    if (!err && help) {
        doc_verbatim(cli->doc, pprof_usage(a));
        return NULL;
    }
    Profile p = {0};
    if (!err) err = pprof_fetch(a, &line, &messages, &p);
    if (!err && line.command) {
        PprofRequest q = {.p = &p,
                          .command = line.command,
                          .argument = line.argument,
                          .cfg = line.cfg,
                          .json = line.json,
                          .compat = line.compat,
                          .files = pprof_files(a)};
        PprofSink sink = {&out, &messages, false};
        err = pprof_run_report(a, &q, &sink);
        doc_verbatim(cli->doc, buf_view(&out));
    } else if (!err) {
        if (messages.len) fwrite(messages.ptr, 1, messages.len, stderr);
        messages.len = 0;
        err = pprof_shell(a, &p, &line);
    }
    buf_str(&cli->doc->error_bytes, buf_view(&messages));
    if (err) fail(cli, err, status);
    profile_free(&p);
    return NULL;
}

const Command cmd_pprof = {
    .name = "pprof",
    .summary = "the reports of go tool pprof: top, tree, list, graphs, differences",
    .usage = "[format] [options] [binary] SOURCE...",
    .details =
        "Takes the command line of go tool pprof and prints what it prints. A source is a file, a "
        "URL (host:port/debug/pprof/heap) or pid:PID (the heap profile of a running Go program, "
        "docs/live.md); several are merged. Without a format a shell opens. "
        "docs/pprof.md lists where we differ on purpose.",
    .example = "heapwise pprof -top heap.pb.gz",
    .run = run_pprof,
    .raw = true,
};
