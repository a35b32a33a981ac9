// go/load: //go:embed patterns to files: https://pkg.go.dev/embed#hdr-Directives. The error texts
// are the go command's.
#include "go/load/load_internal.h"

typedef struct Embed {
    Arena *arena;
    Str dir;
    StrVec *list; // of the pattern at hand, relative to dir
    StrMap dir_ok;
    Str error;
} Embed;

static bool no(Embed *e, Str text) {
    e->error = text;
    return false;
}

// ---- patterns -------------------------------------------------------------------------------

// [abc], [^a-z]: whether c is one of them; *pattern moves past the bracket, *bad when it is open.
static bool match_class(Str *pattern, uint32_t c, bool *bad) {
    Str p = str_from(*pattern, 1);
    bool negated = str_cut_prefix(&p, STR("^")), found = false;
    for (uint32_t count = 0;; count++) {
        if (count > 0 && str_cut_prefix(&p, STR("]"))) break;
        uint32_t bounds[2], n;
        for (int i = 0; i < 2; i++) {
            str_cut_prefix(&p, STR("\\"));
            bool wrong = p.len == 0 || (i == 0 && (p.ptr[0] == '-' || p.ptr[0] == ']'));
            if (wrong) {
                *bad = true;
                return false;
            }
            bounds[i] = utf8_decode(p, &n);
            p = str_from(p, n);
            if (i == 0) {
                bounds[1] = bounds[0];
                if (!str_cut_prefix(&p, STR("-"))) break;
            }
        }
        found = found || (bounds[0] <= c && c <= bounds[1]);
        if (p.len == 0) {
            *bad = true;
            return false;
        }
    }
    *pattern = p;
    return found != negated;
}

// Go's path.Match of one path element. Tries at most pattern x name places.
static bool match_glob(Str pattern, Str name, bool *bad) {
    Str star_pattern = {0}, star_name = {0};
    bool star = false;
    for (;;) {
        if (pattern.len == 0 && name.len == 0) return true;
        bool fits = false;
        uint32_t n, width = 0;
        Str next = pattern;
        if (pattern.len > 0 && pattern.ptr[0] == '*') {
            pattern = str_from(pattern, 1);
            star = true, star_pattern = pattern, star_name = name;
            continue;
        }
        if (pattern.len > 0 && name.len > 0) {
            uint32_t c = utf8_decode(name, &width);
            if (pattern.ptr[0] == '[') {
                fits = match_class(&next, c, bad);
            } else if (pattern.ptr[0] == '?') {
                fits = true;
                next = str_from(pattern, 1);
            } else {
                str_cut_prefix(&next, STR("\\"));
                fits = next.len > 0 && utf8_decode(next, &n) == c;
                next = next.len > 0 ? str_from(next, n) : next;
            }
            if (*bad) return false;
        }
        if (fits) {
            pattern = next;
            name = str_from(name, width);
        } else if (star && star_name.len > 0) {
            star_name = str_from(star_name, 1);
            pattern = star_pattern;
            name = star_name;
        } else {
            return false;
        }
    }
}

static bool glob_is_sound(Str pattern) {
    bool bad = false;
    while (pattern.len > 0) {
        char c = pattern.ptr[0];
        if (c == '[') {
            match_class(&pattern, 'x', &bad);
            if (bad) return false;
            continue;
        }
        if (c == '\\' && pattern.len == 1) return false;
        pattern = str_from(pattern, c == '\\' ? 2 : 1);
    }
    return true;
}

static bool is_valid_path(Str p) { // io/fs.ValidPath, and not "."
    if (!utf8_valid(p) || p.len == 0 || str_eq_c(p, ".")) return false;
    for (bool more = true; more;) {
        more = str_find_byte(p, '/') != STR_NONE;
        Str elem = str_split(&p, '/');
        if (elem.len == 0 || str_eq_c(elem, ".") || str_eq_c(elem, "..")) return false;
    }
    return true;
}

static bool has_meta(Str s) {
    for (size_t i = 0; i < s.len; i++)
        if (memchr("*?[\\", s.ptr[i], 4)) return true;
    return false;
}

// Names below dir, element by element; found ones are relative to the package.
static void expand(Embed *e, Str base, Str pattern, StrVec *out) {
    Str rest = pattern, elem = str_split(&rest, '/');
    if (!has_meta(elem)) {
        Str name = base.len > 0 ? str_join3(e->arena, base, STR("/"), elem) : elem;
        if (!file_lexists(path_join(e->arena, e->dir, name))) return;
        if (rest.len == 0)
            vec_push(e->arena, out, name);
        else
            expand(e, name, rest, out);
        return;
    }
    DirList list;
    if (dir_list(e->arena, path_join(e->arena, e->dir, base), &list)) return;
    for (uint32_t i = 0; i < list.len; i++) {
        bool bad = false;
        if (!match_glob(elem, list.v[i].name, &bad)) continue;
        Str name =
            base.len > 0 ? str_join3(e->arena, base, STR("/"), list.v[i].name) : list.v[i].name;
        if (rest.len == 0)
            vec_push(e->arena, out, name);
        else
            expand(e, name, rest, out);
    }
}

// ---- files ----------------------------------------------------------------------------------

static bool is_bad_name(Embed *e, Str name) {
    static const char *const reserved[] = {".bzr", ".hg", ".git", ".svn"};
    if (path_check(e->arena, name, PATH_FILE).len > 0) return true;
    for (size_t i = 0; i < COUNT(reserved); i++)
        if (str_eq_c(name, reserved[i])) return true;
    return false;
}

// Every directory between the file and the package must be a part of this module.
static bool check_parents(Embed *e, Str file, const char *what) {
    Arena *a = e->arena;
    for (Str dir = file; !str_eq_c(dir, ".") && !strmap_get(&e->dir_ok, dir); dir = path_dir(dir)) {
        Str full = path_join(a, e->dir, dir);
        if (file_exists(path_join(a, full, STR("go.mod"))))
            return no(e, str_fmt(a, "cannot embed %s " STR_FMT ": in different module", what,
                                 STR_ARG(file)));
        bool self = str_eq(dir, file);
        if (!self && (file_kind(full) != FILE_DIR || file_is_link(full)))
            return no(e, str_fmt(a, "cannot embed %s " STR_FMT ": in non-directory " STR_FMT, what,
                                 STR_ARG(file), STR_ARG(dir)));
        strmap_put(&e->dir_ok, dir);
        Str elem = path_base(dir);
        if (is_bad_name(e, elem))
            return no(e,
                      str_fmt(a,
                              self ? "cannot embed %s " STR_FMT ": invalid name " STR_FMT
                                   : "cannot embed %s " STR_FMT ": in invalid directory " STR_FMT,
                              what, STR_ARG(file), STR_ARG(elem)));
    }
    return true;
}

static void add_file(Embed *e, Str file) { vec_push(e->arena, e->list, file); }

// Files below a directory: without hidden ones unless "all:" is said, without other modules.
static bool walk(Embed *e, Str base, bool all, uint32_t depth) {
    DirList list;
    Arena *a = e->arena;
    if (depth > 200 || dir_list(a, path_join(a, e->dir, base), &list)) return true;
    for (uint32_t i = 0; i < list.len; i++) {
        const DirEntry *d = &list.v[i];
        Str name = str_join3(a, base, STR("/"), d->name);
        bool hidden = d->name.ptr[0] == '.' || d->name.ptr[0] == '_';
        bool dir = d->kind == FILE_DIR && !d->is_link;
        if (is_bad_name(e, d->name) || (hidden && !all)) {
            if (dir || hidden) continue;
            return no(e, str_fmt(a, "cannot embed file " STR_FMT ": invalid name " STR_FMT,
                                 STR_ARG(name), STR_ARG(d->name)));
        }
        if (dir) {
            if (file_exists(path_join(a, path_join(a, e->dir, name), STR("go.mod")))) continue;
            if (!walk(e, name, all, depth + 1)) return false;
        } else if (d->kind == FILE_REGULAR && !d->is_link) {
            add_file(e, name);
        }
    }
    return true;
}

static bool take_match(Embed *e, Str file, bool all) {
    Arena *a = e->arena;
    Str full = path_join(a, e->dir, file);
    bool link = file_is_link(full);
    FileKind kind = file_kind(full);
    bool dir = kind == FILE_DIR && !link;
    if (!check_parents(e, file, dir ? "directory" : "file")) return false;
    if (dir) {
        uint32_t before = e->list->len;
        if (!walk(e, file, all, 0)) return false;
        if (e->list->len > before) return true;
        return no(e, str_fmt(a, "cannot embed directory " STR_FMT ": contains no embeddable files",
                             STR_ARG(file)));
    }
    if (kind != FILE_REGULAR || link)
        return no(e, str_join2(a, STR("cannot embed irregular file "), file));
    add_file(e, file);
    return true;
}

static bool resolve_pattern(Embed *e, Str pattern) {
    Str glob = pattern;
    bool all = str_cut_prefix(&glob, STR("all:"));
    if (!glob_is_sound(glob) || !is_valid_path(glob)) return no(e, STR("invalid pattern syntax"));
    StrVec found = {0};
    expand(e, STR(""), glob, &found);
    uint32_t before = e->list->len;
    for (uint32_t i = 0; i < found.len; i++)
        if (!take_match(e, found.v[i], all)) return false;
    return e->list->len > before || no(e, STR("no matching files found"));
}

bool embed_resolve(Arena *a, Str dir, const StrVec *patterns, EmbedResult *out) {
    StrVec list = {0};
    Embed e = {.arena = a, .dir = dir, .list = &list, .dir_ok = strmap_new(a)};
    for (uint32_t i = 0; i < patterns->len; i++) {
        if (resolve_pattern(&e, patterns->v[i])) continue;
        out->failed = patterns->v[i];
        out->error = e.error;
        return false;
    }
    strvec_sort(&list);
    strvec_uniq(&list);
    out->files = list;
    return true;
}
