// cli/pprof_fetch.c: from the words of a command line to one profile: reading files and URLs,
// merging, subtracting, names for what has none.
#include <errno.h>

#include "cli/pprof_cli.h"
#include "cli/profile_cli.h"
#include "live/live.h"
#include "sys/file.h"
#include "sys/pages.h"
#include "sys/term.h"

// ---- one source

// Go says "open PATH: no such file or directory".
static Err os_err(Arena *a, const char *what, Str path, int number) {
    return err_new(a, ERR_IO, 0, "%s " STR_FMT ": %s", what, STR_ARG(path),
                   number == ENOENT    ? "no such file or directory"
                   : number == EACCES  ? "permission denied"
                   : number == EISDIR  ? "is a directory"
                   : number == ENOTDIR ? "not a directory"
                                       : strerror(number));
}

static bool has_scheme(Str s) {
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        if (c == ':') return i > 0;
        if (!letter && (i == 0 || !(((c >= '0' && c <= '9')) || c == '+' || c == '-' || c == '.')))
            return false;
    }
    return false;
}

static Err read_url(Arena *a, const PprofFetch *f, const PprofUrl *url, Profile *out) {
    const PprofLine *line = f->line;
    Buf *messages = f->messages;
    buf_fmt(messages, "Fetching profile over HTTP from " STR_FMT "\n",
            STR_ARG(line->compat ? url->text : url->shown));
    if (line->seconds > 0)
        buf_fmt(messages, "Please wait... (" STR_FMT ")\n",
                STR_ARG(pprof_go_seconds(a, line->seconds)));
    HttpRequest q = {.url = url->fetched,
                     .cert = line->tls_cert,
                     .key = line->tls_key,
                     .ca = line->tls_ca,
                     .insecure = url->insecure,
                     .timeout_seconds = url->timeout_seconds};
    if (!url->fetched.len)
        return err_new(a, ERR_USAGE, 0, "Get " STR_FMT ": unsupported protocol scheme " STR_FMT,
                       STR_ARG(pprof_quote(a, url->shown)), STR_ARG(pprof_quote(a, url->scheme)));
    Str body;
    TRY(http_fetch(a, &q, &body));
    return profile_read(a, body, out);
}

static Err read_file(Arena *a, Str path, bool low_mem, Profile *out) {
    if (file_kind(path) == FILE_DIR) return os_err(a, "read", path, EISDIR);
    FileMap map;
    errno = 0;
    if (file_map(a, path, &map)) return os_err(a, "open", path, errno);
    if (low_mem) return pprof_read_low(a, &map, out);
    if (inflate_is_gzip(map.bytes)) {
        Inflated bytes;
        Err err = profile_unpack(a, map.bytes, pages_source(), &bytes);
        file_unmap(&map);
        return err ? err : profile_read_unpacked(a, &bytes, out);
    }
    Err err = profile_read(a, map.bytes, out);
    if (err) file_unmap(&map); // a profile is read where it is mapped
    return err;
}

static Err read_process(Arena *a, const PprofFetch *f, uint32_t pid, Profile *out) {
    enum { SECONDS_DEFAULT = 10 };
    const PprofLine *line = f->line;
    Buf text = buf_new(a);
    LiveProfileRequest q = {.text = line->heap_text.len ? &text : NULL, .messages = f->messages};
    if (line->enable_profiling)
        q.seconds = line->seconds > 0 ? (uint64_t)line->seconds : SECONDS_DEFAULT;
    TRY(live_pid_heap_profile(a, pid, &q, out));
    return q.text ? file_write(a, line->heap_text, buf_view(&text)) : NULL;
}

Err pprof_read_source(Arena *a, const PprofFetch *f, Str source, Profile *out, bool *remote) {
    *remote = false;
    if (file_exists(source)) return read_file(a, source, f->line->low_mem, out);
    int number = errno ? errno : ENOENT;
    Str id = source;
    uint64_t pid;
    if (str_cut_prefix(&id, STR("pid:")) && str_to_u64(id, &pid)) {
        if (pid == 0 || pid > INT32_MAX)
            return err_new(a, ERR_USAGE, 0, STR_FMT ": no such process", STR_ARG(source));
        *remote = true;
        return read_process(a, f, (uint32_t)pid, out);
    }
    PprofUrl url;
    if (!pprof_url(a, source, f->line, &url)) return os_err(a, "stat", source, number);
    *remote = true;
    return read_url(a, f, &url, out);
}

// ---- mappings

// A profile without mappings gets one that covers nothing, as pprof makes it.
static void name_mappings(const PprofLine *line, Profile *p) {
    if (p->mappings.len == 1) {
        vec_push(p->arena, &p->mappings, ((ProfileMapping){.id = 1}));
        for (uint32_t i = 1; i < p->locations.len; i++) p->locations.v[i].mapping = 1;
    }
    ProfileMapping *m = &p->mappings.v[1];
    if (line->exec_name.len) m->file = line->exec_name;
    if (line->build_id.len && !m->build_id.len) m->build_id = line->build_id;
}

static bool unsymbolizable(const ProfileMapping *m) {
    Str name = pprof_base(m->file);
    return str_starts(name, STR("[")) || str_starts(name, STR("linux-vdso")) ||
           str_starts(m->file, STR("/dev/dri/")) || str_eq(m->file, STR("//anon")) ||
           m->file.len == 0 || str_starts(m->file, STR("/memfd:"));
}

// Names from the binaries for what has none, and what is missing.
static void symbolize_local(Arena *a, Profile *p, bool force, Buf *messages) {
    bool missing = false;
    bool *used = NEW_ARRAY(a, bool, p->mappings.len);
    for (uint32_t i = 1; i < p->locations.len; i++) used[p->locations.v[i].mapping] = true;
    for (uint32_t i = 1; i < p->mappings.len; i++) {
        ProfileMapping *m = &p->mappings.v[i];
        if (!used[i] || (!force && (m->has_functions || m->has_files || m->has_lines))) continue;
        if (m->file.len == 0) {
            if (i == 1)
                buf_lit(messages, "Main binary filename not available.\n");
            else
                missing = true;
            continue;
        }
        if (unsymbolizable(m) || (m->build_id.len == 0 && has_scheme(m->file))) continue;
        Str name = pprof_base(m->file);
        if (m->build_id.len)
            name =
                str_fmt(a, STR_FMT " (build ID " STR_FMT ")", STR_ARG(name), STR_ARG(m->build_id));
        Err err = pprof_name_mapping(p, i);
        if (!err) continue;
        buf_fmt(messages, "Local symbolization failed for " STR_FMT ": " STR_FMT "\n",
                STR_ARG(name), STR_ARG(err->what));
        missing = true;
    }
    if (missing)
        buf_lit(messages, "Some binary filenames not available. Symbolization may be incomplete.\n"
                          "Try setting PPROF_BINARY_PATH to the search path for local binaries.\n");
}

// ---- names of C++

static Str remove_matching(Arena *a, Str name, char open, char close) {
    size_t depth = 0, first = 0;
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] == open && depth++ == 0) first = i;
        if (name.ptr[i] != close) continue;
        if (depth == 0) return name;
        if (--depth) continue;
        name = str_join2(a, str_to(name, first), str_from(name, i + 1));
        i = first - 1;
    }
    return name;
}

static bool looks_like_cpp(Str s) {
    if (str_find(s, STR(".<")) != STR_NONE || str_find(s, STR("]).")) != STR_NONE) return false;
    for (size_t i = 0; i < s.len; i++)
        if (strchr("<>[]", s.ptr[i]) && s.ptr[i]) return true;
    return str_find(s, STR("::")) != STR_NONE;
}

typedef struct Demangling {
    bool force, off, full, templates;
} Demangling;

static void simplify_names(Arena *a, Profile *p, Demangling d) {
    for (uint32_t i = 1; i < p->functions.len; i++) {
        ProfileFunction *f = &p->functions.v[i];
        if (d.force && f->name.len && f->system_name.len) f->name = f->system_name;
        if (d.off || (f->name.len && !str_eq(f->name, f->system_name))) continue;
        Str name = f->system_name;
        if (!d.full && looks_like_cpp(name)) {
            name = remove_matching(a, name, '(', ')');
            if (!d.templates) name = remove_matching(a, name, '<', '>');
        }
        f->name = name;
    }
}

static void symbolize(Arena *a, Str mode, Profile *p, Buf *messages) {
    bool local = true;
    Demangling d = {0};
    Str rest = mode;
    while (rest.len) {
        Str o = str_split(&rest, ':');
        if (o.len == 0) continue;
        if (str_eq(o, STR("none")) || str_eq(o, STR("no"))) return;
        if (str_eq(o, STR("local")) || str_eq(o, STR("fastlocal")))
            local = true;
        else if (str_eq(o, STR("remote")))
            local = false;
        else if (str_eq(o, STR("force")))
            d.force = true;
        else if (str_eq(o, STR("demangle=full")) || str_eq(o, STR("full")))
            d.full = d.force = true;
        else if (str_eq(o, STR("demangle=none")))
            d.off = d.force = true;
        else if (str_eq(o, STR("demangle=templates")) || str_eq(o, STR("templates")))
            d.templates = d.force = true;
        else if (!str_eq(o, STR("demangle=default")) && !str_eq(o, STR("default")))
            buf_fmt(messages,
                    "ignoring unrecognized symbolization option: " STR_FMT "\n"
                    "expecting "
                    "-symbolize=[local|fastlocal|remote|none][:force][:demangle=[none|full|"
                    "templates|default]\n",
                    STR_ARG(mode));
    }
    if (local) symbolize_local(a, p, d.force, messages);
    simplify_names(a, p, d);
}

// ---- several sources

typedef struct Group {
    const StrVec *sources;
    const char *what; // "source" or "base"
    Profile p;
    uint32_t count; // read
    bool remote;
} Group;

static Err read_one(Arena *a, const PprofFetch *f, Str source, Group *g, Profile *out) {
    bool remote;
    TRY(pprof_read_source(a, f, source, out, &remote));
    g->remote |= remote;
    pprof_find_binaries(out, f->messages);
    name_mappings(f->line, out);
    // The program's own line table is better, where it was given.
    bool own = !f->line->compat && !f->line->exec_name.len && profile_name_from_text(out);
    ProfileMapping *m = &out->mappings.v[1];
    if (own) m->has_functions = m->has_files = m->has_lines = true;
    return NULL;
}

// Said after what was said of those that could be read.
static void failed(Buf *failures, const PprofLine *line, Str source, Err err) {
    if (!line->compat) source = pprof_source_shown(failures->arena, source);
    Str why = err->what; // what a server said may end its line
    str_cut_suffix(&why, STR("\n"));
    buf_fmt(failures, STR_FMT ": " STR_FMT "\n", STR_ARG(source), STR_ARG(why));
}

// One after the other into a merger, each freed before the next is read. False: their types differ,
// so all must be seen before any is merged.
static Err merge_stream(Arena *a, const PprofFetch *f, Group *g, bool *same) {
    Merger *m = merger_new(a);
    Buf failures = buf_new(a);
    *same = true;
    for (uint32_t i = 0; i < g->sources->len && *same; i++) {
        Arena *scratch = arena_new("source");
        Profile p;
        Err err = read_one(scratch, f, g->sources->v[i], g, &p);
        if (err) {
            failed(&failures, f->line, g->sources->v[i], err);
        } else {
            *same = merger_add(m, &p) == NULL;
            g->count += *same;
            profile_free(&p);
        }
        arena_free(scratch);
    }
    buf_str(f->messages, buf_view(&failures));
    if (!*same || g->count == 0) {
        merger_free(m);
        return NULL;
    }
    merger_finish(m, &g->p);
    return NULL;
}

static Err merge_all(Arena *a, const PprofFetch *f, Group *g) {
    Profile *list = NEW_ARRAY(a, Profile, g->sources->len),
            **at = NEW_ARRAY(a, Profile *, g->sources->len);
    Buf failures = buf_new(a);
    g->count = 0;
    for (uint32_t i = 0; i < g->sources->len; i++) {
        Err err = read_one(a, f, g->sources->v[i], g, &list[g->count]);
        if (err) {
            failed(&failures, f->line, g->sources->v[i], err);
            continue;
        }
        at[g->count] = &list[g->count];
        g->count++;
    }
    buf_str(f->messages, buf_view(&failures));
    if (g->count == 0) return NULL;
    TRY(profile_agree(a, at, g->count));
    if (g->count == 1) {
        g->p = list[0];
        return NULL;
    }
    Merger *m = merger_new(a);
    for (uint32_t i = 0; i < g->count; i++) {
        Err err = merger_add(m, at[i]);
        profile_free(at[i]);
        if (err) {
            merger_free(m);
            return err;
        }
    }
    merger_finish(m, &g->p);
    return NULL;
}

static Err read_group(Arena *a, const PprofFetch *f, Group *g) {
    bool same = false;
    size_t said = f->messages->len;
    if (g->sources->len > 1) TRY(merge_stream(a, f, g, &same));
    if (same && g->count != 1) return NULL;
    if (g->sources->len > 1) { // said again while reading again
        f->messages->len = said;
        profile_free(&g->p);
    }
    return merge_all(a, f, g);
}

static bool all_named(const Profile *p) {
    for (uint32_t i = 1; i < p->mappings.len; i++) {
        const ProfileMapping *m = &p->mappings.v[i];
        if (!m->has_functions && !m->has_files && !m->has_lines) return false;
    }
    return true;
}

// A table of one column, not filtered, shows nothing of samples that are 0 there (most of a heap
// profile's are): the columns it needs, a bit each. Warnings about units and names see all samples.
static uint64_t needed_columns(Arena *a, const PprofLine *line, const Profile *p,
                               const Profile *base) {
    const PprofConfig *c = &line->cfg;
    if (!line->command || line->command->format != PPROF_TEXT) return UINT64_MAX;
    if (p->has_units || base->has_units || !all_named(p) || !all_named(base)) return UINT64_MAX;
    const Str words[] = {c->focus,     c->ignore,     c->hide,    c->show,
                         c->show_from, c->tagroot,    c->tagleaf, c->tagfocus,
                         c->tagignore, c->prune_from, c->tagshow, c->taghide};
    for (size_t i = 0; i < COUNT(words); i++)
        if (words[i].len) return UINT64_MAX;
    Str why;
    int at = profile_value_index(p, c->sample_index, a, &why);
    if (at < 0 || at >= 64) return UINT64_MAX;
    return (uint64_t)1 << at | (c->mean ? 1 : 0);
}

// p minus base; with diff_base its samples are told apart by a label.
static Err subtract(Arena *a, const PprofLine *line, Profile *p, Profile *base) {
    if (line->diff_base.len) profile_label_all(base, STR("pprof::base"), STR("true"));
    if (line->cfg.normalize) TRY(profile_normalize(a, p, base));
    profile_scale(base, -1);
    TRY(profile_agree(a, (Profile *[]){p, base}, 2));
    Merger *m = merger_new(a);
    merger_only(m, needed_columns(a, line, p, base));
    Err err = merger_add(m, p);
    profile_free(p);
    if (!err) err = merger_add(m, base);
    profile_free(base);
    if (err) {
        merger_free(m);
        return err;
    }
    merger_finish(m, p);
    return NULL;
}

static Err counted(Arena *a, const PprofLine *line, const Group *g, Buf *messages) {
    if (g->sources->len == 0) return NULL;
    if (g->count == 0) return err_new(a, ERR_IO, 0, "failed to fetch any %s profiles", g->what);
    if (g->count != g->sources->len)
        buf_fmt(messages, "Fetched %u %s profiles out of %u\n", g->count, g->what, g->sources->len);
    if (g->count != g->sources->len && !line->compat)
        return err_new(a, ERR_IO, 0,
                       "%u of %u %s profiles could not be read; -compat goes on without them",
                       g->sources->len - g->count, g->sources->len, g->what);
    return NULL;
}

Err pprof_save(Arena *a, const Profile *p, Buf *messages) {
    Str dir = env_get("PPROF_TMPDIR");
    if (dir.len == 0 && env_get("HOME").len) dir = path_join(a, env_get("HOME"), STR("pprof"));
    if (dir.len == 0) dir = STR("/tmp");
    TRY(dir_make(a, dir));
    Buf name = buf_new(a);
    buf_lit(&name, "pprof.");
    if (p->mappings.len > 1 && p->mappings.v[1].file.len)
        buf_fmt(&name, STR_FMT ".", STR_ARG(pprof_base(p->mappings.v[1].file)));
    for (uint32_t i = 0; i < p->types.len; i++)
        buf_fmt(&name, STR_FMT ".", STR_ARG(p->types.v[i].type));
    for (int i = 1; i < 10000; i++) {
        Str path = path_join(a, dir, str_fmt(a, STR_FMT "%03d.pb.gz", STR_ARG(buf_view(&name)), i));
        if (file_exists(path)) continue;
        TRY(file_write(a, path, deflate_gzip(a, profile_encode(p, a))));
        buf_fmt(messages, "Saved profile in " STR_FMT "\n", STR_ARG(path));
        return NULL;
    }
    return err_new(a, ERR_IO, 0, "could not create file of the form " STR_FMT "NNN.pb.gz",
                   STR_ARG(buf_view(&name)));
}

static void forget_urls(Profile *p) {
    for (uint32_t i = 1; i < p->mappings.len; i++)
        if (p->mappings.v[i].build_id.len == 0 && has_scheme(p->mappings.v[i].file))
            p->mappings.v[i].file = STR("");
}

static Err read_groups(Arena *a, const PprofFetch *f, Group *src, Group *base) {
    Err src_err = read_group(a, f, src);
    Err base_err = base->sources->len ? read_group(a, f, base) : NULL;
    if (src_err) return err_wrap(a, src_err, "problem fetching source profiles");
    if (base_err)
        return err_new(a, base_err->code, 0, "problem fetching base profiles: " STR_FMT ",",
                       STR_ARG(base_err->what));
    if (src->count == 0) return err_new(a, ERR_IO, 0, "failed to fetch any source profiles");
    if (base->sources->len && base->count == 0)
        return err_new(a, ERR_IO, 0, "failed to fetch any base profiles");
    TRY(counted(a, f->line, src, f->messages));
    TRY(counted(a, f->line, base, f->messages));
    return base->sources->len ? subtract(a, f->line, &src->p, &base->p) : NULL;
}

static Err finish(Arena *a, const PprofFetch *f, Profile *p, bool remote) {
    symbolize(a, f->line->symbolize, p, f->messages);
    profile_drop_frames(p);
    forget_urls(p);
    if (f->line->comment.len) vec_push(a, &p->comments, f->line->comment);
    if (remote) {
        Err err = pprof_save(a, p, f->messages);
        if (err) buf_fmt(f->messages, "Could not save profile: " STR_FMT "\n", STR_ARG(err->what));
    }
    return profile_validate(p, a);
}

Err pprof_fetch(Arena *a, const PprofLine *line, Buf *messages, Profile *out) {
    StrVec bases = {0};
    if (line->base.len) vec_push(a, &bases, line->base);
    if (line->diff_base.len) vec_push(a, &bases, line->diff_base);
    Group src = {.sources = &line->sources, .what = "source"},
          base = {.sources = &bases, .what = "base"};
    PprofFetch f = {line, messages};
    Err err = read_groups(a, &f, &src, &base);
    if (!err) err = finish(a, &f, &src.p, src.remote || base.remote);
    if (err) {
        profile_free(&src.p);
        profile_free(&base.p);
        return err;
    }
    *out = src.p;
    return NULL;
}

// ---- files of a report

static Err read_source_file(void *ctx, Arena *a, Str path, Str *out) {
    (void)ctx;
    if (file_kind(path) == FILE_DIR) return os_err(a, "read", path, EISDIR);
    errno = 0;
    if (!file_read(a, path, out)) return NULL;
    return os_err(a, "open", path, errno ? errno : ENOENT);
}

// The finder looks at go.mod and go.work files: made when first asked.
typedef struct LazyFinder {
    Arena *arena;
    SourceFinder *finder;
} LazyFinder;

static bool find_source_file(void *ctx, Arena *a, Str path, Str *out) {
    LazyFinder *lazy = ctx;
    if (!lazy->finder) lazy->finder = source_finder_new(lazy->arena);
    return source_find(lazy->finder, a, path, out);
}

PprofFiles pprof_files(Arena *a) {
    LazyFinder *lazy = NEW(a, LazyFinder);
    lazy->arena = a;
    return (PprofFiles){lazy, read_source_file, find_source_file, dir_current(a)};
}
