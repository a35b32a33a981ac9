// cli/bench_source.c: looks for lines that begin with "func Benchmark" in _test.go files.
#include "cli/bench_source.h"

#include "sys/file.h"

enum { DEPTH_LIMIT = 40 };

static bool identifier(char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (unsigned char)c >= 0x80;
}

static void scan_file(Arena *a, BenchFuncs *out, Str path, Str shown) {
    Str text;
    if (!file_try_read(a, str_to_c(a, path), &text)) return;
    for (uint32_t number = 1; text.len; number++) {
        Str line = str_line(&text);
        if (!str_cut_prefix(&line, STR("func ")) || !str_starts(line, STR("Benchmark"))) continue;
        size_t end = 0;
        while (end < line.len && identifier(line.ptr[end])) end++;
        vec_push(a, out, ((BenchFunc){str_to(line, end), shown, number}));
    }
}

static void scan_dir(Arena *a, BenchFuncs *out, Str dir, Str shown, int depth) {
    DirList list;
    if (depth > DEPTH_LIMIT || dir_list(a, dir, &list)) return;
    for (uint32_t i = 0; i < list.len; i++) {
        const DirEntry *e = &list.v[i];
        if (e->name.ptr[0] == '.' || e->name.ptr[0] == '_') continue;
        Str path = path_join(a, dir, e->name);
        Str name = shown.len ? path_join(a, shown, e->name) : e->name;
        if (e->kind == FILE_DIR && !e->is_link && !str_eq(e->name, STR("testdata")))
            scan_dir(a, out, path, name, depth + 1);
        else if (e->kind == FILE_REGULAR && str_ends(e->name, STR("_test.go")))
            scan_file(a, out, path, name);
    }
}

BenchFuncs bench_source_scan(Arena *a, Str dir) {
    BenchFuncs out = {0};
    scan_dir(a, &out, dir, str_eq(dir, STR(".")) ? (Str){0} : path_clean(a, dir), 0);
    return out;
}

// How many bytes two paths share at their ends, in whole elements.
static size_t common_end(Str x, Str y) {
    size_t n = 0, whole = 0;
    while (n < x.len && n < y.len && x.ptr[x.len - 1 - n] == y.ptr[y.len - 1 - n]) {
        n++;
        if (x.ptr[x.len - n] == '/') whole = n;
    }
    bool x_starts = n == x.len || x.ptr[x.len - 1 - n] == '/';
    bool y_starts = n == y.len || y.ptr[y.len - 1 - n] == '/';
    return x_starts && y_starts ? n : whole;
}

const BenchFunc *bench_source_find(const BenchFuncs *funcs, Str package, Str benchmark) {
    size_t end = str_find_byte(benchmark, '/');
    if (end == STR_NONE) end = benchmark.len;
    Str base = str_to(benchmark, end);
    size_t dash = str_rfind_byte(base, '-');
    if (dash != STR_NONE) base = str_to(base, dash);
    const BenchFunc *best = NULL;
    size_t best_common = 0;
    for (uint32_t i = 0; i < funcs->len; i++) {
        const BenchFunc *f = &funcs->v[i];
        Str name = f->name;
        if (!str_cut_prefix(&name, STR("Benchmark")) || !str_eq(name, base)) continue;
        size_t common = common_end(package, path_dir(f->path));
        if (best && common <= best_common) continue;
        best = f;
        best_common = common;
    }
    return best;
}
