// cli/cmd_web.c: `heapwise web SOURCE...`: the page of `profile page` served to a browser on this
// machine, with filters, and with snapshots that come while it is open.
#include <stdio.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/pprof_cli.h"
#include "cli/profile_cli.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/proc.h"
#include "sys/stop.h"
#include "sys/term.h"
#include "web/web.h"

// Profiles of one page: more would leave too little of each.
enum { SIDES_MOST = 100 };

typedef struct Site {
    Cli *cli;
    Str base, type;
    const StrVec *words;    // [0] on: files, folders of snapshots, URLs, pid:PID
    bool remote;            // the one word is a URL or a process
    ProfileSourceVec taken; // of that
} Site;

// ---- sources

static bool is_profile_name(Str name) {
    static const char *const ends[] = {".pb.gz", ".pb", ".prof", ".pprof", ".out"};
    for (size_t i = 0; i < COUNT(ends); i++)
        if (str_ends(name, str_c(ends[i]))) return true;
    return false;
}

// A folder's profiles by name, which is by time for those `profile trend --every` keeps.
static Err add_folder(Arena *a, Str dir, ProfileSourceVec *out) {
    DirList list;
    TRY(dir_list(a, dir, &list));
    for (uint32_t i = 0; i < list.len; i++)
        if (list.v[i].kind == FILE_REGULAR && is_profile_name(list.v[i].name))
            vec_push(a, out, ((ProfileSource){path_join(a, dir, list.v[i].name), {0}}));
    return NULL;
}

static Err list_sources(Site *s, Arena *a, ProfileSourceVec *out) {
    ProfileSourceVec v = {0};
    for (uint32_t i = 0; i < s->taken.len; i++) vec_push(a, &v, s->taken.v[i]);
    for (uint32_t i = 0; i < s->words->len && !s->remote; i++) {
        Str word = s->words->v[i];
        if (file_kind(word) == FILE_DIR)
            TRY(add_folder(a, word, &v));
        else
            vec_push(a, &v, ((ProfileSource){word, {0}}));
    }
    if (!v.len) return err_new(a, ERR_USAGE, 0, "there is no profile in the folder");
    if (v.len > SIDES_MOST) {
        v.v += v.len - SIDES_MOST;
        v.len = SIDES_MOST;
    }
    *out = v;
    return NULL;
}

static Err take_snapshot(Site *s) {
    Arena *a = s->cli->arena, *scratch = arena_new("snapshot");
    PprofLine line = {.timeout = 30};
    Buf messages = buf_new(scratch);
    Profile p;
    bool remote;
    Str word = s->words->v[0];
    Err err = pprof_read_source(scratch, &(PprofFetch){&line, &messages}, word, &p, &remote);
    if (!err) {
        if (!p.time_nanos) p.time_nanos = clock_unix_ns();
        Str name = str_fmt(a, "%u " STR_FMT, s->taken.len + 1, STR_ARG(word));
        vec_push(a, &s->taken, ((ProfileSource){name, str_copy(a, profile_encode(&p, scratch))}));
        profile_free(&p);
    } else {
        err = err_new(a, err->code, 0, STR_FMT ": " STR_FMT, STR_ARG(word), STR_ARG(err->what));
    }
    arena_free(scratch);
    return err;
}

// ---- pages

static const struct {
    const char *name, *label;
} filters[] = {
    {"focus", "focus: stacks through"},     {"ignore", "ignore: not through"},
    {"show_from", "show_from: callees of"}, {"hide", "hide: frames"},
    {"show", "show: only frames"},          {"prune_from", "prune_from: cut above"},
    {"tagfocus", "tagfocus: labels"},       {"tagignore", "tagignore: not labels"},
    {"tagroot", "tagroot: labels as root"}, {"tagleaf", "tagleaf: labels as leaf"},
    {"noinlines", "noinlines (true)"},
};

static void add_lines(Arena *a, StrVec *to, Str text) {
    while (text.len) {
        Str line = str_line(&text);
        if (line.len) vec_push(a, to, line);
    }
}

static Err read_filters(Arena *a, const HttpPairVec *query, PprofConfig *cfg, DocStackForm *form,
                        bool *any) {
    Err err = NULL;
    for (size_t i = 0; i < COUNT(filters); i++) {
        Str value = http_query_get(query, filters[i].name);
        vec_push(a, &form->fields,
                 ((DocStackField){str_c(filters[i].name), str_c(filters[i].label), value}));
        if (!value.len) continue;
        *any = true;
        Err failed = pprof_config_set(a, cfg, str_c(filters[i].name), value);
        if (failed) err = failed;
    }
    return err;
}

// The page as it is asked for; a filter that cannot be used is said on the page without filters.
static Err make_page(Site *s, Arena *a, const HttpPairVec *query, DocStackForm *form, Str *out) {
    ProfileSourceVec sources;
    ProfileSet set;
    PprofConfig cfg = pprof_config_default();
    Buf messages = buf_new(a);
    bool any = false;
    Err wrong = read_filters(a, query, &cfg, form, &any);
    TRY(list_sources(s, a, &sources));
    TRY(profile_set_read(a, &sources, s->base, &set));
    if (any && !wrong) {
        wrong = profile_set_filter(&set, &cfg, &messages);
        if (wrong) { // some profiles are filtered already
            profile_set_free(&set);
            TRY(profile_set_read(a, &sources, s->base, &set));
        }
    }
    add_lines(a, &form->messages, buf_view(&messages));
    if (wrong) vec_push(a, &form->messages, wrong->what);
    ProfilePageWish wish = {s->type, profile_set_title(&set), form};
    Err err = profile_page_html(&set, &wish, out);
    profile_set_free(&set);
    return err;
}

static void answer(void *ctx, Arena *a, Str path, const HttpPairVec *query, WebReply *out) {
    Site *s = ctx;
    DocStackForm form = {0};
    uint64_t take;
    if (path.len) return; // there is one page
    // Only the next one, once: to load the page again takes none.
    if (s->remote && str_to_u64(http_query_get(query, "take"), &take) && take == s->taken.len) {
        Err failed = take_snapshot(s);
        if (failed) vec_push(a, &form.messages, failed->what);
    }
    if (s->remote) {
        form.action = STR("Take another snapshot");
        form.link = str_fmt(a, "?take=%u", s->taken.len);
    }
    Str html;
    Err err = make_page(s, a, query, &form, &html);
    *out = err ? (WebReply){500, "text/plain; charset=utf-8", str_join2(a, err->what, STR("\n"))}
               : (WebReply){200, "text/html; charset=utf-8", html};
}

// ---- the command

static void open_browser(Arena *a, Str url) {
    StrVec names = {0};
    if (env_get("BROWSER").len) vec_push(a, &names, env_get("BROWSER"));
    static const char *const usual[] = {"xdg-open", "sensible-browser", "chromium", "firefox"};
    for (size_t i = 0; i < COUNT(usual); i++) vec_push(a, &names, str_c(usual[i]));
    for (uint32_t i = 0; i < names.len; i++) {
        if (!proc_find(a, names.v[i]).len) continue;
        // By a shell, so that the browser runs beside us.
        ProcSpec spec = {.inherit_stderr = true};
        vec_push(a, &spec.argv, STR("sh"));
        vec_push(a, &spec.argv, STR("-c"));
        vec_push(a, &spec.argv, STR("\"$0\" \"$1\" >/dev/null 2>&1 &"));
        vec_push(a, &spec.argv, names.v[i]);
        vec_push(a, &spec.argv, url);
        ProcResult result;
        if (!proc_run(a, &spec, &result)) return;
    }
    fprintf(stderr, "heapwise: no browser was found; open the address above\n");
}

// What cannot be read is found out before anything is served.
static Err try_once(Site *s) {
    Arena *a = arena_new("web");
    DocStackForm form = {0};
    Str html;
    Err err = make_page(s, a, &(HttpPairVec){0}, &form, &html);
    if (err) err = err_new(s->cli->arena, err->code, 0, STR_FMT, STR_ARG(err->what));
    arena_free(a);
    return err;
}

static Err prepare(Cli *cli, Site *s) {
    const Args *args = &cli->args;
    *s = (Site){.cli = cli,
                .base = args_value(args, "base", STR("")),
                .type = args_value(args, "sample_index", STR("")),
                .words = &args->rest};
    if (!args->rest.len)
        return err_new(cli->arena, ERR_USAGE, 0,
                       "web wants a profile, a folder of snapshots, a URL or pid:PID");
    if (s->base.len && args->rest.len > 1)
        return err_new(cli->arena, ERR_USAGE, 0,
                       "--base compares one profile with another; several can be compared on their "
                       "page");
    if (args->rest.len == 1 && !file_exists(args->rest.v[0])) {
        s->remote = true;
        TRY(take_snapshot(s));
    }
    return try_once(s);
}

static Err run_web(Cli *cli, Status *status) {
    Site site;
    uint64_t port = 0;
    TRY(args_u64(cli->arena, &cli->args, "port", &port));
    if (port > UINT16_MAX)
        return err_new(cli->arena, ERR_USAGE, 0, "--port=%llu: a port is at most 65535",
                       (unsigned long long)port);
    TRY(prepare(cli, &site));
    Web web;
    TRY(web_open(cli->arena, (uint16_t)port, &web));
    Str url = web_url(&web, cli->arena);
    Str line = str_fmt(cli->arena,
                       "Serving " STR_FMT " until interrupted; the address is the key to it.\n",
                       STR_ARG(url));
    TRY(file_write_fd(cli->arena, STDOUT_FILENO, line, STR("standard output")));
    stop_watch();
    if (args_flag(&cli->args, "open")) open_browser(cli->arena, url);
    web_run(&web, &(WebSite){&site, answer});
    stop_unwatch();
    web_close(&web);
    *status = STATUS_OK;
    return NULL;
}

static const Option options[] = {
    {"base", OPTION_VALUE, "OLD", "show the difference to this profile", 0},
    {"sample_index", OPTION_VALUE, "TYPE", "the values shown first, as inuse_space", 0},
    {"port", OPTION_VALUE, "N", "listen there (any that is free)", 0},
    {"open", OPTION_FLAG, NULL, "open it in $BROWSER, or the first browser found", 0},
};

const Command cmd_web = {
    .name = "web",
    .summary = "look around in profiles in a browser, with filters and new snapshots",
    .usage = "[--base=OLD] [--port=N] [--open] FILE|DIR|URL|pid:PID...",
    .details =
        "Serves the page of heapwise profile page to a browser on this machine: flame graph, "
        "differences, callers and callees, source, several snapshots on a time axis, with pprof's "
        "filters. Files are read again with every request; a folder's new profiles join the time "
        "axis; of a running program another snapshot can be taken on the page. It listens on "
        "127.0.0.1 only and answers only to the address printed, which holds a random token.",
    .example = "heapwise web --base=old.pb.gz new.pb.gz",
    .options = OPTIONS(options),
    .run = run_web,
};
