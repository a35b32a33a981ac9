// binary/map: what the names of symbols and types say.
#include <string.h>

#include "base/buf.h"
#include "binary/map/map.h"

// Path elements keep their dots but the last one's are written %2e.
static Str unescape(Arena *a, Str s) {
    if (str_find_byte(s, '%') == STR_NONE) return s;
    Buf out = buf_new(a);
    for (size_t i = 0; i < s.len; i++) {
        bool dot = s.len - i >= 3 &&
                   (memcmp(s.ptr + i, "%2e", 3) == 0 || memcmp(s.ptr + i, "%2E", 3) == 0);
        buf_byte(&out, dot ? '.' : s.ptr[i]);
        if (dot) i += 2;
    }
    return buf_view(&out);
}

// Where the part begins that may hold slashes and dots of its own: type arguments, method
// receivers.
static size_t plain_end(Str name) {
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] == '[' || name.ptr[i] == '(' || name.ptr[i] == '{') return i;
    return name.len;
}

// Up to Go 1.19 the linker's own names began as the path of a module at go.uber.org does.
static bool is_old_linker_name(Str name) {
    static const char *const words[] = {"buildid",  "buildinfo",  "builtin", "constinfo", "cuinfo",
                                        "func",     "importpath", "info",    "interface", "itab",
                                        "itablink", "link",       "map",     "plugin",    "shape",
                                        "string",   "typelink"};
    if (!str_cut_prefix(&name, STR("go."))) return false;
    Str word = str_split(&name, '.');
    for (size_t i = 0; i < COUNT(words); i++)
        if (str_eq_c(word, words[i])) return true;
    return false;
}

bool symbol_is_linkers(Str name) {
    return str_starts(name, STR("go:")) || str_starts(name, STR("type:")) ||
           str_starts(name, STR("$")) || is_old_linker_name(name);
}

Str symbol_package(Arena *a, Str name) {
    static const char *const heads[] = {
        "type:.eq.",     "type:.hash.",   "go:itab.", "type:.importpath.",
        "type:.gcmask.", "go:interface.", "type:."};
    if (str_starts(name, STR("go:interface {"))) return STR("runtime");
    for (size_t i = 0; i < COUNT(heads); i++)
        if (str_cut_prefix(&name, str_c(heads[i]))) break;
    while (name.len && (*name.ptr == '*' || *name.ptr == '[' || *name.ptr == ']')) { // of a type
        if (*name.ptr == '[') {
            size_t close = str_find_byte(name, ']');
            if (close == STR_NONE) return STR("");
            name = str_from(name, close + 1);
        } else {
            name = str_from(name, 1);
        }
    }
    Str head = str_to(name, plain_end(name));
    if (symbol_is_linkers(head)) return STR("");
    size_t slash = str_rfind_byte(head, '/');
    size_t from = slash == STR_NONE ? 0 : slash + 1;
    size_t dot = str_find_byte(str_from(head, from), '.');
    if (dot == STR_NONE || from + dot == 0) return STR("");
    return unescape(a, str_to(name, from + dot));
}

Str symbol_fold(Arena *a, Str name) {
    size_t open = str_find_byte(name, '[');
    if (open == STR_NONE) return name;
    int depth = 0;
    for (size_t i = open; i < name.len; i++) {
        depth += name.ptr[i] == '[' ? 1 : name.ptr[i] == ']' ? -1 : 0;
        if (depth == 0)
            return str_join3(a, str_to(name, open), STR("[...]"), str_from(name, i + 1));
    }
    return name;
}

// Standard packages have no dot in their first element (and main is the program's own).
bool package_is_std(Str package) {
    size_t slash = str_find_byte(package, '/');
    Str first = slash == STR_NONE ? package : str_to(package, slash);
    return first.len && str_find_byte(first, '.') == STR_NONE && !str_eq(package, STR("main")) &&
           !str_eq(first, STR("command-line-arguments"));
}

// The characters of a qualified name: package path, dot, identifier.
static bool in_word(char c) {
    unsigned char u = (unsigned char)c;
    return (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') || (u >= '0' && u <= '9') ||
           u >= 0x80 || strchr("_./-~%+", c) != NULL;
}

// The first word from *at on; *at moves behind it. Empty: no more.
static Str next_word(Str s, size_t *at) {
    while (*at < s.len && !(in_word(s.ptr[*at]) && s.ptr[*at])) ++*at;
    size_t start = *at;
    while (*at < s.len && s.ptr[*at] && in_word(s.ptr[*at])) ++*at;
    return str_slice(s, start, *at);
}

// The compiler's own families of types, which are no packages.
static bool is_family(Str word) {
    static const char *const heads[] = {"go.shape.", "map.", "noalg.", "..."};
    for (size_t i = 0; i < COUNT(heads); i++)
        if (str_starts(word, str_c(heads[i]))) return true;
    return false;
}

Str type_package(Arena *a, Str name) {
    for (size_t at = 0; at < name.len;) {
        Str word = next_word(name, &at);
        size_t slash = str_rfind_byte(word, '/');
        size_t from = slash == STR_NONE ? 0 : slash + 1;
        size_t dot = str_find_byte(str_from(word, from), '.');
        if (dot == STR_NONE || !(from + dot) || is_family(word)) continue;
        return unescape(a, str_to(word, from + dot));
    }
    return STR("");
}

Str type_short_name(Arena *a, Str name) {
    if (str_find_byte(name, '/') == STR_NONE) return name;
    Buf out = buf_new(a);
    for (size_t at = 0, done = 0; done < name.len; done = at) {
        Str word = next_word(name, &at);
        size_t start = at - word.len, slash = str_rfind_byte(word, '/');
        buf_str(&out, str_slice(name, done, start));
        buf_str(&out, unescape(a, slash == STR_NONE ? word : str_from(word, slash + 1)));
    }
    return buf_view(&out);
}
