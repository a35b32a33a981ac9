// go/load: file paths and import paths as text. The rules are those of
// golang.org/x/mod/module (which paths may name a module or a package), because the errors printed
// must be the ones the go command prints.
#include "go/load/load_internal.h"

Str path_under(Arena *a, Str dir, Str name) { return path_clean(a, path_join(a, dir, name)); }

bool path_is_abs(Str p) { return p.len > 0 && p.ptr[0] == '/'; }

Str path_ext(Str name) {
    size_t dot = str_rfind_byte(name, '.');
    return dot == STR_NONE ? STR("") : str_from(name, dot);
}

// Whether path is prefix itself or stands below it.
bool path_has_prefix(Str path, Str prefix) {
    if (!str_starts(path, prefix)) return false;
    if (path.len == prefix.len || prefix.len == 0) return true;
    return prefix.ptr[prefix.len - 1] == '/' || path.ptr[prefix.len] == '/';
}

// What follows prefix (without its slash) in a path below it; the path itself when it is not.
Str path_below(Str path, Str prefix) {
    if (!path_has_prefix(path, prefix)) return path;
    Str rest = str_from(path, prefix.len);
    str_cut_prefix(&rest, STR("/"));
    return rest;
}

bool path_is_local(Str p) {
    return str_eq_c(p, ".") || str_eq_c(p, "..") || str_starts(p, STR("./")) ||
           str_starts(p, STR("../"));
}

Str first_element(Str path) {
    size_t slash = str_find_byte(path, '/');
    return slash == STR_NONE ? path : str_to(path, slash);
}

// A path whose first element has no dot can only be the standard library's.
bool import_is_standard(Str path) { return str_find_byte(first_element(path), '.') == STR_NONE; }

// The characters a Go file may not put into an import path (the language's list; the go command
// allows fewer still).
bool import_is_legal(Str path) {
    uint32_t n;
    for (size_t i = 0; i < path.len; i += n) {
        uint32_t r = utf8_decode(str_from(path, i), &n);
        if (!rune_is_print(r) || r == ' ' || r == UTF8_BAD) return false;
        if (r < 0x80 && strchr("!\"#$%&'()*,:;<=>?[\\]^{|}`", (int)r)) return false;
    }
    return path.len > 0;
}

// ---- which paths are allowed ----------------------------------------------------------------

static bool path_char_ok(PathKind kind, uint32_t r) {
    if (r >= 0x80) return kind == PATH_FILE && unicode_is_letter(r);
    if ((r >= '0' && r <= '9') || (r >= 'A' && r <= 'Z') || (r >= 'a' && r <= 'z')) return true;
    const char *others = kind == PATH_FILE     ? "!#$%&()+,-.=@[]^_{}~ "
                         : kind == PATH_IMPORT ? "-._~+"
                                               : "-._~";
    return r != 0 && strchr(others, (int)r) != NULL;
}

static bool equal_fold(Str x, const char *y) {
    for (size_t i = 0; i < x.len; i++) {
        char c = x.ptr[i];
        if (c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
        if (y[i] == '\0' || c != y[i]) return false;
    }
    return y[x.len] == '\0';
}

// Names Windows keeps for devices; no module may use them (golang.org/x/mod/module, Windows docs).
static bool is_windows_device(Str s) {
    static const char *const fixed[] = {"CON", "PRN", "AUX", "NUL"};
    for (size_t i = 0; i < COUNT(fixed); i++)
        if (equal_fold(s, fixed[i])) return true;
    if (s.len != 4 || s.ptr[3] < '1' || s.ptr[3] > '9') return false;
    return equal_fold(str_to(s, 3), "COM") || equal_fold(str_to(s, 3), "LPT");
}

static bool ends_in_tilde_digits(Str s) {
    size_t i = s.len;
    while (i > 0 && s.ptr[i - 1] >= '0' && s.ptr[i - 1] <= '9') i--;
    return i < s.len && i > 0 && s.ptr[i - 1] == '~';
}

// "" when the element is fine, else why not.
static Str check_element(Arena *a, Str elem, PathKind kind) {
    if (elem.len == 0) return STR("empty path element");
    size_t dots = 0;
    for (size_t i = 0; i < elem.len; i++) dots += elem.ptr[i] == '.';
    if (dots == elem.len) return str_join2(a, STR("invalid path element "), text_quote(a, elem));
    if (elem.ptr[0] == '.' && kind == PATH_MODULE) return STR("leading dot in path element");
    if (elem.ptr[elem.len - 1] == '.') return STR("trailing dot in path element");
    uint32_t n;
    for (size_t i = 0; i < elem.len; i += n)
        if (!path_char_ok(kind, utf8_decode(str_from(elem, i), &n)))
            return str_join2(a, STR("invalid char "), text_quote_rune(a, elem, i));
    size_t dot = str_find_byte(elem, '.');
    Str stem = dot == STR_NONE ? elem : str_to(elem, dot);
    if (is_windows_device(stem))
        return str_join2(a, text_quote(a, stem),
                         STR(" disallowed as path element component on Windows"));
    if (kind != PATH_FILE && ends_in_tilde_digits(stem))
        return STR("trailing tilde and digits in path element");
    return STR("");
}

// "" when path may be used as what kind says, else the reason.
Str path_check(Arena *a, Str path, PathKind kind) {
    if (!utf8_valid(path)) return STR("invalid UTF-8");
    if (path.len == 0) return STR("empty string");
    if (path.ptr[0] == '-' && kind != PATH_FILE) return STR("leading dash");
    if (str_find(path, STR("//")) != STR_NONE) return STR("double slash");
    if (path.ptr[path.len - 1] == '/') return STR("trailing slash");
    Str rest = path;
    for (;;) {
        bool last = str_find_byte(rest, '/') == STR_NONE;
        Str why = check_element(a, str_split(&rest, '/'), kind);
        if (why.len > 0 || last) return why;
    }
}

// "" or `malformed import path "x": why`.
Str import_path_check(Arena *a, Str path) {
    Str why = path_check(a, path, PATH_IMPORT);
    if (why.len == 0) return why;
    return str_fmt(a, "malformed import path " STR_FMT ": " STR_FMT, STR_ARG(text_quote(a, path)),
                   STR_ARG(why));
}

// What a module path must be beyond its characters: a domain-like first element, a sound /vN.
Str module_path_check(Arena *a, Str path) {
    Str why = path_check(a, path, PATH_MODULE);
    if (why.len > 0) return why;
    Str first = first_element(path);
    if (first.len == 0) return STR("leading slash");
    if (str_find_byte(first, '.') == STR_NONE) return STR("missing dot in first path element");
    for (size_t i = 0; i < first.len; i++) {
        char c = first.ptr[i];
        bool ok = c == '-' || c == '.' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
        if (!ok)
            return str_fmt(a, "invalid char " STR_FMT " in first path element",
                           STR_ARG(text_quote_rune(a, first, i)));
    }
    Str major;
    return module_split_major(path, &major) ? STR("") : STR("invalid version");
}

// The module cache spells an upper-case letter "!" and its lower-case form, so that the names
// stay apart on file systems that fold case.
Str path_escape(Arena *a, Str s) {
    Buf b = buf_new(a);
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c >= 'A' && c <= 'Z') {
            buf_byte(&b, '!');
            c = (char)(c - 'A' + 'a');
        }
        buf_byte(&b, c);
    }
    return buf_view(&b);
}
