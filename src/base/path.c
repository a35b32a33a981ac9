// base/path.c: paths of files as text.
#include "base/path.h"

#include "base/buf.h"
#include "base/vec.h"

Str path_join(Arena *a, Str dir, Str name) {
    if (!dir.len || str_starts(name, STR("/"))) return name;
    if (!name.len) return dir;
    return str_join3(a, dir, str_ends(dir, STR("/")) ? (Str){"", 0} : STR("/"), name);
}

Str path_base(Str path) {
    while (path.len > 1 && str_ends(path, STR("/"))) path.len--;
    size_t i = str_rfind_byte(path, '/');
    return i == STR_NONE || path.len == 1 ? path : str_from(path, i + 1);
}

Str path_dir(Str path) {
    while (path.len > 1 && str_ends(path, STR("/"))) path.len--;
    size_t i = str_rfind_byte(path, '/');
    if (i == STR_NONE) return STR(".");
    return i == 0 ? STR("/") : str_to(path, i);
}

Str path_clean(Arena *a, Str path) {
    bool rooted = str_starts(path, STR("/"));
    StrVec parts = {0};
    while (path.len) {
        Str part = str_split(&path, '/');
        if (!part.len || str_eq(part, STR("."))) continue;
        bool up = str_eq(part, STR(".."));
        if (up && parts.len && !str_eq(vec_last(&parts), STR("..")))
            parts.len--;
        else if (!up || !rooted)
            vec_push(a, &parts, part);
    }
    Str joined = strvec_join(a, &parts, STR("/"));
    if (rooted) return str_join2(a, STR("/"), joined);
    return joined.len ? joined : STR(".");
}

Str path_relative(Arena *a, Str base, Str path) {
    base = path_clean(a, base);
    path = path_clean(a, path);
    if (str_eq(base, path)) return STR(".");
    if (str_eq(base, STR("/"))) return str_from(path, 1);
    size_t same = 0; // bytes of whole common elements
    for (size_t i = 0; i <= base.len && i <= path.len; i++) {
        bool base_end = i == base.len || base.ptr[i] == '/';
        bool path_end = i == path.len || path.ptr[i] == '/';
        if (base_end && path_end) same = i;
        if (i == base.len || i == path.len || base.ptr[i] != path.ptr[i]) break;
    }
    Buf b = buf_new(a);
    for (size_t i = same; i < base.len; i++)
        if (base.ptr[i] == '/') buf_c(&b, b.len ? "/.." : "..");
    Str rest = str_from(path, same);
    str_cut_prefix(&rest, STR("/"));
    if (rest.len && b.len) buf_byte(&b, '/');
    buf_str(&b, rest);
    return buf_view(&b);
}
