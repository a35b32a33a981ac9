// cli/profile_source.c: the source file behind a path in a profile. A profile taken elsewhere, or
// of a program built with -trimpath, names files as the build saw them: "fmt/print.go",
// "example.com/m@v1.2.3/f.go", "/build/app/internal/x.go".
#include "cli/profile_cli.h"
#include "sys/file.h"
#include "sys/proc.h"
#include "sys/term.h"

enum { SOURCE_LIMIT = 4 << 20, ANCESTORS_MOST = 40 };

// A module whose files are here: those named PATH/... are below dir.
typedef struct Module {
    Str path, dir;
} Module;

struct SourceFinder {
    Arena *arena;
    Str goroot, modcache, here;
    VEC(Module) modules;
};

static bool usable(Str dir) { return dir.len && file_kind(dir) == FILE_DIR; }

static Str find_goroot(Arena *a) {
    Str root = env_get("GOROOT");
    if (usable(root)) return root;
    Str go = proc_find(a, STR("go"));
    if (go.len) {
        root = path_resolve(a, go);
        if (str_cut_suffix(&root, STR("/bin/go")) && usable(path_join(a, root, STR("src"))))
            return root;
    }
    static const char *const usual[] = {"/usr/local/go", "/usr/lib/go"};
    for (size_t i = 0; i < COUNT(usual); i++)
        if (usable(str_c(usual[i]))) return str_c(usual[i]);
    return STR("");
}

static Str find_modcache(Arena *a) {
    Str dir = env_get("GOMODCACHE");
    if (dir.len) return dir;
    Str gopath = env_get("GOPATH");
    Str first = str_split(&gopath, ':');
    if (!first.len) first = path_join(a, env_get("HOME"), STR("go"));
    return path_join(a, first, STR("pkg/mod"));
}

// The word after `verb` on a line of go.mod or go.work; empty: the line says something else.
static Str word_after(Str line, Str verb) {
    line = str_trim(line);
    if (!str_cut_prefix(&line, verb) || !line.len || (line.ptr[0] != ' ' && line.ptr[0] != '\t'))
        return STR("");
    line = str_trim(line);
    size_t end = 0;
    while (end < line.len && line.ptr[end] != ' ' && line.ptr[end] != '\t') end++;
    Str word = str_to(line, end);
    if (word.len > 1 && (word.ptr[0] == '"' || word.ptr[0] == '`'))
        word = str_slice(word, 1, word.len - 1);
    return word;
}

static void add_module(SourceFinder *s, Str dir) {
    Str text, name = path_join(s->arena, dir, STR("go.mod"));
    if (!file_try_read(s->arena, str_to_c(s->arena, name), &text)) return;
    while (text.len) {
        Str path = word_after(str_line(&text), STR("module"));
        if (!path.len) continue;
        vec_push(s->arena, &s->modules, ((Module){path, dir}));
        return;
    }
}

// The modules a go.work uses: "use ./x", or one a line between "use (" and ")".
static void add_workspace(SourceFinder *s, Str dir) {
    Str text, name = path_join(s->arena, dir, STR("go.work"));
    if (!file_try_read(s->arena, str_to_c(s->arena, name), &text)) return;
    for (bool inside = false; text.len;) {
        Str line = str_trim(str_line(&text)), used = word_after(line, STR("use"));
        if (inside && str_eq(line, STR(")"))) inside = false;
        if (inside && line.len && line.ptr[0] != '/') used = line;
        if (str_eq(used, STR("("))) inside = true;
        if (used.len && used.ptr[0] != '(')
            add_module(s, path_clean(s->arena, path_join(s->arena, dir, used)));
    }
}

SourceFinder *source_finder_new(Arena *a) {
    SourceFinder *s = NEW(a, SourceFinder);
    *s = (SourceFinder){a, find_goroot(a), find_modcache(a), dir_current(a), {0}};
    Str dir = s->here;
    for (int i = 0; i < ANCESTORS_MOST && dir.len; i++) {
        add_module(s, dir);
        add_workspace(s, dir);
        size_t slash = str_rfind_byte(dir, '/');
        if (slash == STR_NONE || slash == 0) break;
        dir = str_to(dir, slash);
    }
    return s;
}

static bool read_it(Arena *a, Str path, Str *out) {
    if (file_kind(path) != FILE_REGULAR) return false;
    return file_read_limit(a, path, SOURCE_LIMIT, out) == NULL;
}

static bool read_below(Arena *a, Str dir, Str path, Str *out) {
    return dir.len && read_it(a, path_join(a, dir, path), out);
}

// The cache writes upper-case letters as '!' and the lower-case one.
static Str escape_path(Arena *a, Str path) {
    Buf b = buf_new(a);
    size_t version = MIN(str_find_byte(path, '@'), path.len);
    size_t end = version < path.len ? version + MIN(str_find_byte(str_from(path, version), '/'),
                                                    path.len - version)
                                    : path.len;
    for (size_t i = 0; i < path.len; i++) {
        bool upper = i < end && path.ptr[i] >= 'A' && path.ptr[i] <= 'Z';
        if (upper) buf_byte(&b, '!');
        buf_byte(&b, upper ? (char)(path.ptr[i] | 0x20) : path.ptr[i]);
    }
    return buf_view(&b);
}

static bool in_modcache(const SourceFinder *s, Arena *a, Str path, Str *out) {
    size_t at = str_find(path, STR("/pkg/mod/"));
    if (at != STR_NONE) // of another machine, escaped already
        return read_below(a, s->modcache, str_from(path, at + sizeof "/pkg/mod/" - 1), out);
    if (str_find_byte(path, '@') == STR_NONE) return false;
    return read_below(a, s->modcache, escape_path(a, path), out);
}

static bool in_modules(const SourceFinder *s, Arena *a, Str path, Str *out) {
    for (uint32_t i = 0; i < s->modules.len; i++) {
        Str rest = path;
        if (!str_cut_prefix(&rest, s->modules.v[i].path)) continue;
        if (str_cut_prefix(&rest, STR("/")) && read_below(a, s->modules.v[i].dir, rest, out))
            return true;
    }
    return false;
}

// "/build/app/internal/x.go": the longest end of it that is below one of the modules here. A bare
// file name says too little.
static bool by_its_end(const SourceFinder *s, Arena *a, Str path, Str *out) {
    for (size_t i = 0; i < path.len; i++) {
        if (path.ptr[i] != '/') continue;
        Str end = str_from(path, i + 1);
        if (str_find_byte(end, '/') == STR_NONE) return false;
        for (uint32_t k = 0; k < s->modules.len; k++)
            if (read_below(a, s->modules.v[k].dir, end, out)) return true;
    }
    return false;
}

bool source_find(void *finder, Arena *a, Str path, Str *out) {
    const SourceFinder *s = finder;
    if (!path.len || str_find_byte(path, '\0') != STR_NONE) return false;
    if (path.ptr[0] != '/') {
        if (read_below(a, s->goroot, path_join(a, STR("src"), path), out)) return true;
        return in_modcache(s, a, path, out) || in_modules(s, a, path, out) ||
               read_below(a, s->here, path, out);
    }
    if (read_it(a, path, out) || in_modcache(s, a, path, out)) return true;
    size_t std = str_find(path, STR("/go/src/")); // another machine's GOROOT
    if (std != STR_NONE && read_below(a, s->goroot, str_from(path, std + 4), out)) return true;
    return by_its_end(s, a, path, out);
}
