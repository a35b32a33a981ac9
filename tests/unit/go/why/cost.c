// What each kind of expression costs: class, bytes asked for, block, bytes of pointers, loops.
#include "go/escape/escape.h"
#include "go/inline/inline.h"
#include "go/passes/passes.h"
#include "go/why/why.h"
#include "unit/go/ir/lowered.h"

static Costs costs_of(Test *t, Lowered *l) {
    inline_package(l->ir);
    for (Func *f; (f = ir_next_wrapper(l->ir));) {
        inline_func(l->ir, f);
        ir_finish_wrapper(l->ir, f);
    }
    pass_loopvar(l->ir);
    pass_staticinit(l->ir);
    pass_deadlocals(l->ir);
    escape_package(l->ir);
    return why_costs(l->ir, t->arena);
}

static void put(Buf *b, const CostSite *s) {
    buf_fmt(b, "%s" STR_FMT " %s", b->len ? "|" : "", STR_ARG(s->what), cost_class_name(s->cls));
    if (s->cls != COST_NEVER)
        buf_fmt(b, " %lld/%lld/%lld", (long long)s->bytes, (long long)s->block,
                (long long)s->pointer_bytes);
    if (s->loops) buf_fmt(b, " x%u", s->loops);
    if (s->tiny) buf_lit(b, " tiny");
    if (s->grouped) buf_lit(b, " grouped");
    if (s->when.len) buf_fmt(b, " (" STR_FMT ")", STR_ARG(s->when));
}

#define STACK "it stays on the stack"
#define ONCE " (the types meet here for the first time)"

static const struct {
    const char *name, *code;
    Str want;
} rows[] = {
    {"a variable", "func F() *int { var x int; return &x }",
     STR_INIT("x always 8/16/0 tiny grouped")},
    {"a variable with pointers", "func F() *[2]*int { var x [2]*int; return &x }",
     STR_INIT("x always 16/16/16")},
    {"a parameter", "func F(x [20]int) *[20]int { return &x }", STR_INIT("x always 160/160/0")},
    {"no size", "func F() *struct{} { return new(struct{}) }",
     STR_INIT("new(struct {}) never (it has no size)")},
    {"on the stack", "func F() int { return *new(int) }", STR_INIT("new(int) never (" STACK ")")},
    {"large, with a header", "func F() *[100]*int { return new([100]*int) }",
     STR_INIT("new([100]*int) always 800/896/800")},
    {"whole pages", "func F() *[33000]byte { return new([33000]byte) }",
     STR_INIT("new([33000]byte) always 33000/40960/0")},
    {"make, known", "func F() []int { return make([]int, 3, 5) }",
     STR_INIT("make([]int, 3, 5) always 40/48/0")},
    {"make, unknown, leaves", "func F(n int) []int { return make([]int, n) }",
     STR_INIT("make([]int, n) sometimes -1/-1/0 (its size is not 0)")},
    {"make, unknown, stays", "func F(n int) int { return len(make([]int, n)) }",
     STR_INIT("make([]int, n) sometimes -1/-1/0 (it has more than 4 elements)")},
    {"make, large elements", "func F(n int) int { return len(make([][5]int, n)) }",
     STR_INIT("make([][5]int, n) sometimes -1/-1/0 (its size is not 0)")},
    {"a map", "func F() map[int]int { return make(map[int]int) }",
     STR_INIT("make(map[int]int) always 48/48/24")},
    {"a map that stays", "func F() int { return len(make(map[int]int, 8)) }",
     STR_INIT("make(map[int]int, 8) never (its first 8 entries stay on the stack)")},
    {"a map for more", "func F() int { return len(make(map[int]int, 9)) }",
     STR_INIT("make(map[int]int, 9) always -1/-1/-1")},
    {"a map of some size", "func F(n int) int { return len(make(map[int]int, n)) }",
     STR_INIT("make(map[int]int, n) sometimes -1/-1/-1 (it is made for more than 8 entries)")},
    {"a map literal", "func F() map[int]int { return map[int]int{1: 2} }",
     STR_INIT("map[int]int{...} always -1/-1/-1|1 sometimes -1/-1/-1 (the map has to grow)")},
    {"an empty map literal", "func F() map[int]int { return map[int]int{} }",
     STR_INIT("map[int]int{} always 48/48/24")},
    {"a channel", "func F() chan int { return make(chan int) }",
     STR_INIT("make(chan int) always 112/112/0")},
    {"a channel with a buffer", "func F() chan int { return make(chan int, 4) }",
     STR_INIT("make(chan int, 4) always 144/144/0")},
    {"a channel of pointers", "func F() chan *int { return make(chan *int, 4) }",
     STR_INIT("make(chan *int, 4) always 144/-1/112")},
    {"a slice literal", "func F() []string { return []string{3: \"\"} }",
     STR_INIT("[]string{...} always 64/64/56")},
    {"a closure",
     "func F(x int, y *string) func() int { return func() int { return x + len(*y) } }",
     STR_INIT("func literal always 24/24/24")},
    {"it captures nothing", "func F() func() int { return func() int { return 1 } }",
     STR_INIT("func literal never (it captures nothing)")},
    {"a method value",
     "type T struct{ a, b int }\nfunc (t T) M() {}\nfunc F(t T) func() { return t.M }",
     STR_INIT("t.M always 24/24/0")},
    {"a number", "func F(x int) any { return x }",
     STR_INIT("x sometimes 8/16/0 tiny (it is not a number from 0 to 255)")},
    {"a byte", "func F(x byte) any { return x }",
     STR_INIT("x never (values of one byte lie ready in the runtime)")},
    {"a constant", "func F() any { return 1000 }",
     STR_INIT("1000 never (a constant lies in read-only data)")},
    {"a variable with one value", "func F() any { x := 1000; return x }",
     STR_INIT("1000 never (a constant lies in read-only data)")},
    {"a string", "func F(x string) any { return x }",
     STR_INIT("x sometimes 16/16/8 (it is not empty)")},
    {"a slice in an interface", "func F(x []int) any { return x }",
     STR_INIT("x sometimes 24/24/8 (it is not nil)")},
    {"a struct", "type T struct{ a, b int }\nfunc F(x T) any { return x }",
     STR_INIT("x always 16/16/0")},
    {"a zero struct", "type T struct{ a, b int }\nfunc F() any { return T{} }",
     STR_INIT("T{} never (a constant lies in read-only data)")},
    {"a pointer", "func F(x *int) any { return x }", STR_INIT("")},
    {"append", "func F(x []*int, p *int) []*int { return append(x, p) }",
     STR_INIT("append sometimes -1/-1/-1 (the capacity is used up)")},
    {"append of room", "func F(x []int, n int) []int { return append(x, make([]int, n)...) }",
     STR_INIT("append sometimes -1/-1/0 (the capacity is used up)")},
    {"a sum", "func F(x, y string) string { return x + y }",
     STR_INIT("x + y sometimes -1/-1/0 (more than one operand is not empty)")},
    {"added to a string", "func F(x, y string) string { x += y; return x }",
     STR_INIT("x += y sometimes -1/-1/0 (more than one operand is not empty)")},
    {"a sum that stays", "func F(x, y string) int { return len(x + y) }",
     STR_INIT("x + y sometimes -1/-1/0 (the result is longer than 32 bytes)")},
    {"bytes in a sum", "func F(b []byte) string { return \"<\" + string(b) }",
     STR_INIT("\"<\" + string(b) sometimes -1/-1/0 (more than one operand is not empty)")},
    {"a sum as bytes", "func F(x, y string) []byte { return []byte(x + y) }",
     STR_INIT("([]byte)(x + y) sometimes -1/-1/0 (it is not empty)")},
    {"bytes to string", "func F(b []byte) string { return string(b) }",
     STR_INIT("string(b) sometimes -1/-1/0 (it is longer than one byte)")},
    {"bytes compared", "func F(b []byte, s string) bool { return string(b) == s }", STR_INIT("")},
    {"bytes counted", "func F(b []byte) int { return len(string(b)) }", STR_INIT("")},
    {"bytes looked up", "func F(m map[string]int, b []byte) int { return m[string(b)] }",
     STR_INIT("")},
    {"bytes as a new key", "func F(m map[string]int, b []byte) { m[string(b)] = 1 }",
     STR_INIT("m[string(b)] = 1 sometimes -1/-1/-1 (the map has to grow)|string(b) sometimes "
              "-1/-1/0 (it is longer than one byte)")},
    {"bytes switched on",
     "func F(b []byte) int { switch string(b) { case \"a\": return 1 }; return 0 }", STR_INIT("")},
    {"string to bytes", "func F(s string) []byte { return []byte(s) }",
     STR_INIT("([]byte)(s) sometimes -1/-1/0 (it is not empty)")},
    {"a constant to bytes", "func F() []byte { return []byte(\"abc\") }",
     STR_INIT("([]byte)(\"abc\") always 3/16/0 tiny")},
    {"string to bytes, read only",
     "func F(s string) (n int) { b := []byte(s); for i := range b { n += int(b[i]) }; return }",
     STR_INIT("([]byte)(s) never (nobody writes it: the string's bytes are used)")},
    {"bytes ranged over",
     "func F(s string) (n int) { for _, c := range []byte(s) { n += int(c) }; return }",
     STR_INIT("")},
    {"a rune", "func F(r rune) string { return string(r) }",
     STR_INIT("string(r) always 4/16/0 tiny")},
    {"runes", "func F(r []rune) string { return string(r) }", STR_INIT("string(r) always -1/-1/0")},
    {"to runes", "func F(s string) []rune { return []rune(s) }",
     STR_INIT("([]rune)(s) sometimes -1/-1/0 (it is not empty)")},
    {"loops",
     "var G *int\nfunc F(n int) { for i := 0; i < n; i++ { for range n { G = new(int) } } }",
     STR_INIT("new(int) always 8/16/0 x2 tiny")},
    {"a loop made of goto",
     "var G *int\nfunc F(n int) { L: G = new(int); n--; if n > 0 { goto L } }",
     STR_INIT("new(int) always 8/16/0 x1 tiny")},
    {"outside the loop", "func F(n int) { for range make([]int, 3) {}; for i := 0; i < n; i++ {} }",
     STR_INIT("make([]int, 3) never (" STACK ")")},
    {"a dead branch", "var G *int\nfunc F() { if false { G = new(int) } }", STR_INIT("")},
    {"a goroutine", "func F(c chan int) { go func() { close(c) }() }",
     STR_INIT("go (func literal)() sometimes -1/-1/-1 (no finished goroutine can be used "
              "again)|func literal always 16/16/16")},
    {"a slice moved where it leaves",
     "func F(n int) []int { var s []int; for i := range n { s = append(s, i) }; return s }",
     STR_INIT("append sometimes -1/-1/0 x1 (the capacity is used up)|s sometimes -1/-1/0 (its "
              "elements are still on the stack)")},
    {"a slice given away twice",
     "var G []int\nfunc F(n int) []int { var s []int; for i := range n { s = append(s, i) }; G = "
     "s; return s }",
     STR_INIT("append sometimes -1/-1/0 x1 (the capacity is used up)")},
    {"to another interface", "type I interface{ M() }\nfunc F(x any) I { return x.(I) }",
     STR_INIT("x.(I) sometimes -1/-1/-1" ONCE)},
};

TEST(costs) {
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].name;
        Lowered l = lowered(t, rows[i].code);
        Costs c = costs_of(t, &l);
        Buf b = buf_new(t->arena);
        for (uint32_t k = 0; k < c.len; k++)
            if (str_eq_c(c.v[k].func, "F")) put(&b, &c.v[k]);
        CHECK_STR(t, buf_view(&b), rows[i].want);
        lowered_free(&l);
    }
}

// An inlined place keeps the way it came, and the loops it came into.
TEST(inlined) {
    Lowered l = lowered(t, "func G() *int { return new(int) }\nvar S *int\n"
                           "func F(n int) { for range n { S = G() } }");
    Costs c = costs_of(t, &l);
    uint32_t found = 0;
    for (uint32_t i = 0; i < c.len; i++) {
        if (!str_eq_c(c.v[i].func, "F")) continue;
        found++;
        CHECK_EQ(t, c.v[i].loops, 1);
        CHECK(t, c.v[i].at.inl != 0);
        CHECK_STR(t, c.v[i].what, STR("new(int)"));
    }
    CHECK_EQ(t, found, 1);
    lowered_free(&l);
}

TEST(blocks) {
    static const struct {
        int64_t bytes, block;
        bool pointers;
    } sizes[] = {{0, 0, false},         {1, 16, false},       {8, 8, true},
                 {15, 16, false},       {16, 16, false},      {17, 24, true},
                 {512, 512, true},      {513, 576, true},     {570, 640, true},
                 {570, 576, false},     {32760, 32768, true}, {32761, 32768, true},
                 {32768, 32768, false}, {40961, 49152, false}};
    for (size_t i = 0; i < COUNT(sizes); i++)
        CHECK_EQ(t, why_block(sizes[i].bytes, sizes[i].pointers), sizes[i].block);
}
