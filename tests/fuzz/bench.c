// tests/fuzz/bench.c: any bytes as benchmark results, in two columns, through queries to tables.
// The first bytes choose the query; what the reader accepts must come out as a page.
#include "view/bench.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static BenchQuery choose(uint8_t n) {
    static const char *const rows[] = {".fullname",       ".name", "/size@num",
                                       "pkg@alpha,.name", "",      "/gomaxprocs"};
    static const char *const cols[] = {".file", "/format", ".config", "commit@(1 2)"};
    static const char *const filters[] = {"*", ".unit:ns/op", "-.name:/^X/ OR goos:linux"};
    BenchQuery q = bench_query_default;
    q.row = str_c(rows[n % 6]);
    q.col = str_c(cols[n / 6 % 4]);
    q.filter = str_c(filters[n / 24 % 3]);
    return q;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new("fuzz");
    BenchSet *s = bench_set_new(a);
    BenchQuery q = choose(size ? data[size - 1] : 0);
    BenchBuilder *b;
    if (bench_builder_new(s, &q, &b)) BUG("a fixed query is wrong");
    for (int half = 0; half < 2; half++) {
        Str part = {(const char *)data + (half ? size / 2 : 0), half ? size - size / 2 : size / 2};
        BenchReader r = bench_reader(s, part, STR("f"), half ? STR("new") : STR("old"));
        while (bench_read(&r)) bench_builder_add(b, &r.result);
    }
    BenchTables tables = bench_builder_tables(b, .95, .05);
    Doc *d = doc_new(a, "fuzz");
    view_benchstat_text(d, s, &tables);
    view_benchstat_csv(d, s, &tables);
    view_benchstat_data(d, s, &tables);
    Buf out = buf_new(a);
    doc_render_text(d, (DocTextStyle){0}, &out);
    bench_builder_free(b);
    arena_free(a);
    return 0;
}
