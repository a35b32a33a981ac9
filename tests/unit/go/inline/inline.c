// Costs and reasons, calls replaced by bodies, devirtualization; the trees stay sound.
#include "go/inline/inline.h"

#include "go/inline/inline_internal.h"
#include "go/ir/verify.h"
#include "unit/go/ir/lowered.h"

static void check_sound(Test *t, const Lowered *l, const char *pass) {
    Buf b = buf_new(t->arena);
    if (ir_verify(l->ir, pass, &b))
        test_fail(t, __FILE__, __LINE__, STR_FMT, STR_ARG(buf_view(&b)));
}

static Lowered inlined(Test *t, const char *code) {
    Lowered l = lowered(t, code);
    check_sound(t, &l, "ir");
    inline_package(l.ir);
    for (Func *f; (f = ir_next_wrapper(l.ir));) {
        inline_func(l.ir, f);
        ir_finish_wrapper(l.ir, f);
    }
    check_sound(t, &l, "inline");
    return l;
}

// ---- costs

static const struct {
    const char *name, *code;
    int cost;
    Str reason;
} cost_rows[] = {
    {"nothing", "func F() {}", 0, STR_INIT("")},
    {"one return", "func F() int { return 1 }", 2, STR_INIT("")},
    {"an addition", "func F(x, y int) int { return x + y }", 4, STR_INIT("")},
    {"a call that stays", "func g()\nfunc F() { g() }", 59, STR_INIT("")},
    {"a call of a parameter", "func F(f func()) { f() }", 19, STR_INIT("")},
    {"panic", "func F() { panic(1) }", 3, STR_INIT("")},
    {"a loop", "func F(n int) { for i := 0; i < n; i++ {} }", 12, STR_INIT("")},
    {"a literal", "func F() func() { return func() {} }", 17, STR_INIT("")},
    {"recover", "func F() any { return recover() }", 0, STR_INIT("call to recover")},
    {"defer", "func F() { defer F() }", 0, STR_INIT("unhandled op DEFER")},
    {"go", "func F() { go F() }", 0, STR_INIT("unhandled op GO")},
    {"select", "func F(c chan int) { select { case <-c: } }", 7, STR_INIT("")},
    {"two calls that stay", "func g()\nfunc F() { g(); g() }", 0,
     STR_INIT("function too complex: cost 118 exceeds budget 80")},
};

TEST(inline_costs) {
    for (size_t i = 0; i < COUNT(cost_rows); i++) {
        t->row = cost_rows[i].name;
        Lowered l = lowered(t, cost_rows[i].code);
        l.ir->flags.m = 2; // with the whole cost
        Cost c = cost_of(l.ir, lowered_func(t, &l, "F"), 80);
        CHECK_STR(t, c.reason, cost_rows[i].reason);
        if (!c.reason.len) CHECK_EQ(t, c.cost, cost_rows[i].cost);
        lowered_free(&l);
    }
}

TEST(inline_calls_that_stay_may_be_cheap) { // -l=4
    Lowered l = lowered(t, "func g()\nfunc F(i interface{ m() }) { g(); i.m(); g() }");
    Func *f = lowered_func(t, &l, "F");
    CHECK(t, cost_of(l.ir, f, 80).reason.len > 0);
    l.ir->flags.cheap_calls = true;
    Cost c = cost_of(l.ir, f, 80);
    CHECK_STR(t, c.reason, STR(""));
    CHECK_EQ(t, c.cost, 10);
    lowered_free(&l);
}

TEST(inline_impossible_whatever_it_costs) {
    static const struct {
        const char *code, *want;
    } rows[] = {
        {"//go:noinline\nfunc F() {}", "marked go:noinline"},
        {"func F()", "no function body"},
        {"func F() {}", ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].code;
        Lowered l = lowered(t, rows[i].code);
        const char *why = inline_impossible(l.ir, lowered_func(t, &l, "F"));
        CHECK_STR(t, str_c(why), str_c(rows[i].want));
        lowered_free(&l);
    }
}

// ---- calls

static const struct {
    const char *name, *code;
    Str said;
} said_rows[] = {
    {"callees first", "func F() int { return g() }\nfunc g() int { return 1 }",
     STR_INIT("can inline g|can inline F|inlining call to g")},
    {"through a variable", "func F() int { g := func() int { return 1 }; return g() }",
     STR_INIT("can inline F.func1|can inline F|inlining call to F.func1")},
    {"not through one that changes",
     "func F(c bool) int { g := func() int { return 1 }; if c { g = nil }; return g() }",
     STR_INIT("can inline F.func1")},
    {"recursion, once", "func F(n int) int { return F(n - 1) }",
     STR_INIT("can inline F|inlining call to F")},
    {"a concrete type behind an interface",
     "type I interface{ m() int }\ntype T int\nfunc (t T) m() int { return int(t) }\n"
     "func F() int { var i I = T(1); return i.m() }",
     STR_INIT("can inline T.m|can inline F|devirtualizing i.m to T|inlining call to T.m|"
              "inlining call to T.m")},
    {"two types behind it",
     "type I interface{ m() int }\ntype T int\nfunc (t T) m() int { return int(t) }\n"
     "type U int\nfunc (u U) m() int { return 2 }\n"
     "func F(c bool) int { var i I = T(1); if c { i = U(2) }; return i.m() }",
     STR_INIT("can inline T.m|can inline U.m|can inline F|inlining call to T.m|"
              "inlining call to U.m")},
};

TEST(inline_says) {
    for (size_t i = 0; i < COUNT(said_rows); i++) {
        t->row = said_rows[i].name;
        Lowered l = inlined(t, said_rows[i].code);
        CHECK_STR(t, lowered_messages(t, l.ir), said_rows[i].said);
        lowered_free(&l);
    }
}

TEST(inline_replaces_the_call_in_place) {
    Lowered l = inlined(t, "func F(a int) int { return g(a) + g(2) }\n"
                           "func g(x int) int { if x > 1 { return x }; return 0 }");
    Func *f = lowered_func(t, &l, "F");
    CHECK(t, !lowered_node(f, IR_CALLFUNC, 0));
    const Node *first = lowered_node(f, IR_INLCALL, 0), *second = lowered_node(f, IR_INLCALL, 1);
    if (first && second) {
        const Node *r1 = first->u.inlcall.results.v[0], *r2 = second->u.inlcall.results.v[0];
        CHECK(t, r1 != r2 && r1->u.name->curfn == f && r1->u.name->cls == CLASS_AUTO);
        CHECK(t, lowered_node(f, IR_LABEL, 0) && lowered_node(f, IR_LABEL, 1));
        CHECK(t, !str_eq(lowered_node(f, IR_LABEL, 0)->u.branch.label,
                         lowered_node(f, IR_LABEL, 1)->u.branch.label));
    }
    CHECK_EQ(t, l.ir->inl_tree.len, 2);
    CHECK_STR(t, l.ir->inl_tree.v[0].name, STR("g"));
    // what others inline of F is as it was written
    CHECK_STR(t, ir_nodes_string(l.ir, t->arena, f->inl->body, "; "), STR("return g(a) + g(2)"));
    lowered_free(&l);
}

TEST(inline_delays_results_of_one_return) {
    static const struct {
        const char *callee;
        bool delays;
    } rows[] = {
        {"func g(x int) int { return x }", true},
        {"func g(x int) (r int) { return x }", false},
        {"func g(x int) int { if x > 1 { return 2 }; return x }", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].callee;
        Lowered l =
            inlined(t, str_to_c(t->arena, str_fmt(t->arena, "%s\nfunc F() int { return g(1) }",
                                                  rows[i].callee)));
        CHECK_EQ(t, lowered_func(t, &l, "g")->inl->can_delay_results, rows[i].delays);
        lowered_free(&l);
    }
}

TEST(inline_from_another_package) {
    Lowered l =
        inlined(t, "func F(x int) func() int { return func() int { return x + n } }\n"
                   "var n int\nfunc G[T any](x T) T { return x }\nfunc big() { for { F(1) } }");
    ir_lower_done(l.ir);
    Buf b = buf_new(t->arena);
    CHECK_EQ(t, ir_verify_kept(l.ir, "done", &b), 0);
    Lowered user = lowered_user(t, &l, "import \"p\"\nfunc U() int { return p.F(p.G(1))() }");
    inline_package(user.ir);
    check_sound(t, &user, "inline");
    CHECK_STR(
        t, lowered_messages(t, user.ir),
        STR("can inline p.G[go.shape.int]|can inline p.G[int]|inlining call to p.G[go.shape.int]|"
            "inlining call to p.F|can inline U.F.func1|inlining call to U.F.func1|"
            "inlining call to p.G[go.shape.int]"));
    lowered_free_user(&user);
    lowered_free(&l);
}

// ---- wrappers

TEST(inline_wrappers) {
    Lowered l = inlined(t, "type T struct{ n int }\nfunc (t T) m() int { return t.n }\n"
                           "type U struct{ *T }\nvar f = U{}.m");
    CHECK(t, lowered_func(t, &l, "(*T).m") && lowered_func(t, &l, "U.m") &&
                 lowered_func(t, &l, "(*U).m") && lowered_func(t, &l, "T.m-fm"));
    Func *m = lowered_func(t, &l, "(*T).m");
    CHECK(t, m && m->wrapper && m->dupok && lowered_node(m, IR_INLCALL, 0));
    lowered_free(&l);
}
