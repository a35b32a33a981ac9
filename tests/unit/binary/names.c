// binary/map/names.c: whose a symbol or a type is, by its name.
#include "binary/map/map.h"
#include "harness.h"

TEST(symbol_packages) {
    static const struct {
        Str name, package;
    } rows[] = {
        {STR_INIT("main.main"), STR_INIT("main")},
        {STR_INIT("net/http.(*Server).Serve"), STR_INIT("net/http")},
        {STR_INIT("gopkg.in/yaml%2ev3.Marshal"), STR_INIT("gopkg.in/yaml.v3")},
        {STR_INIT("slices.SortFunc[go.shape.[]a/b.T,go.shape.int]"), STR_INIT("slices")},
        {STR_INIT("type:.eq.net/netip.addrDetail"), STR_INIT("net/netip")},
        {STR_INIT("type:.eq.[2]string"), STR_INIT("")},
        {STR_INIT("go:itab.*os.File,io.Reader"), STR_INIT("os")},
        {STR_INIT("go:string.*"), STR_INIT("")},
        {STR_INIT("go.string.*"), STR_INIT("")},
        {STR_INIT("go.itab.*os.File,io.Reader"), STR_INIT("")},
        {STR_INIT("go.buildid"), STR_INIT("")},
        {STR_INIT("go.uber.org/zap.(*Logger).Info"), STR_INIT("go.uber.org/zap")},
        {STR_INIT("go.opentelemetry.io/otel/semconv/v1%2e21%2e0.X"),
         STR_INIT("go.opentelemetry.io/otel/semconv/v1.21.0")},
        {STR_INIT("memeqbody"), STR_INIT("")},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name.ptr;
        CHECK_STR(t, symbol_package(t->arena, rows[i].name), rows[i].package);
    }
}

TEST(type_names) {
    static const struct {
        Str name, package, brief;
    } rows[] = {
        {STR_INIT("int"), STR_INIT(""), STR_INIT("int")},
        {STR_INIT("*net/http.Request"), STR_INIT("net/http"), STR_INIT("*http.Request")},
        {STR_INIT("map[string][]go/ast.Expr"), STR_INIT("go/ast"),
         STR_INIT("map[string][]ast.Expr")},
        {STR_INIT("func(a/b.T, c/d.U) error"), STR_INIT("a/b"), STR_INIT("func(b.T, d.U) error")},
        {STR_INIT("<-chan gopkg.in/yaml%2ev3.Node"), STR_INIT("gopkg.in/yaml.v3"),
         STR_INIT("<-chan yaml.v3.Node")},
        {STR_INIT("go.shape.struct { F uintptr }"), STR_INIT(""),
         STR_INIT("go.shape.struct { F uintptr }")},
        {STR_INIT("map.group[string]x/y.Z"), STR_INIT("x/y"), STR_INIT("map.group[string]y.Z")},
        {STR_INIT("hash<int,time.Time>"), STR_INIT("time"), STR_INIT("hash<int,time.Time>")},
        {STR_INIT("a/b.Pair[c/d.K,int]"), STR_INIT("a/b"), STR_INIT("b.Pair[d.K,int]")},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name.ptr;
        CHECK_STR(t, type_package(t->arena, rows[i].name), rows[i].package);
        CHECK_STR(t, type_short_name(t->arena, rows[i].name), rows[i].brief);
    }
}

TEST(folded_names) {
    CHECK_STR(t, symbol_fold(t->arena, STR("a.F[go.shape.[]int].func1")), STR("a.F[...].func1"));
    CHECK_STR(t, symbol_fold(t->arena, STR("a.F")), STR("a.F"));
    CHECK_STR(t, symbol_fold(t->arena, STR("a.F[unclosed")), STR("a.F[unclosed"));
}
