// What lowering makes of Go: texts of statements, names of functions, temporaries.
#include "unit/go/ir/lowered.h"

// The statements of F as messages have them.
static Str body(Test *t, const Lowered *l, const char *func) {
    Func *f = lowered_func(t, l, func);
    return f ? ir_nodes_string(l->ir, t->arena, f->body, "; ") : (Str){0};
}

static const struct {
    const char *name, *code;
    Str want;
} statement_rows[] = {
    {"implicit conversion", "func F(x int) any { return x }", STR_INIT("return x")},
    {"constants are folded", "func F() int { return 2*3 + 1 }", STR_INIT("return 7")},
    {"a condition that is known", "func F() int { if 1 > 2 { return 1 }; return 2 }",
     STR_INIT("return 2")},
    {"nothing after a return", "func F() int { return 1; println(); return 2 }",
     STR_INIT("return 1")},
    {"x++", "func F(x int) { x++ }", STR_INIT("x++")},
    {"var", "func F() { var x, y int; _, _ = x, y }",
     STR_INIT("x = <nil>; y = <nil>; _, _ = x, y")},
    {"two results", "func g() (int, string)\nfunc F() { a, b := g(); _, _ = a, b }",
     STR_INIT("a, b := int(.autotmp_2), .autotmp_3; _, _ = a, b")},
    {"variadic", "func g(...int)\nfunc F() { g(1, 2) }", STR_INIT("g(... argument...)")},
    {"embedded field",
     "type T struct{ n int }\ntype U struct{ *T }\nfunc F(u U) int { return u.n }",
     STR_INIT("return u.T.n")},
    {"receiver taken", "type T int\nfunc (t *T) m() {}\nfunc F(t T) { t.m() }",
     STR_INIT("(*T).m(t)")},
    {"a constant switch",
     "func F() int { switch 2 { case 1: return 1; case 2: return 3 }; return 4 }",
     STR_INIT("switch statement; return 4")},
    {"goto", "func F() { goto end\nend: println() }", STR_INIT("goto end; end: ; println()")},
};

TEST(lower_statements) {
    for (size_t i = 0; i < COUNT(statement_rows); i++) {
        t->row = statement_rows[i].name;
        Lowered l = lowered(t, statement_rows[i].code);
        CHECK_STR(t, body(t, &l, "F"), statement_rows[i].want);
        lowered_free(&l);
    }
}

static const struct {
    const char *name, *code;
    Str want;
} function_rows[] = {
    {"in the order of declaration, literals when read",
     "func B() { func() { func() {}() }() }\nfunc A() {}", STR_INIT("B A B.func1 B.func1.1")},
    {"package variables", "var x = f()\nfunc f() int { return 1 }", STR_INIT("init f")},
    {"init functions", "func init() {}\nfunc init() {}", STR_INIT("init.0 init.1")},
    {"methods", "type T int\nfunc (T) v() {}\nfunc (*T) p() {}", STR_INIT("T.v (*T).p")},
    {"blank functions are left out", "func _() {}\nfunc f() {}", STR_INIT("f")},
    {"instances by shape", "type N int\nfunc g[T any](x T) {}\nfunc f() { g(1); g(N(2)) }",
     STR_INIT("f g[p.N] g[go.shape.int] g[int]")},
    {"loops over functions", "func f(seq func(func() bool)) { for range seq { for range seq {} } }",
     STR_INIT("f f-range1 f-range2")},
    {"go and defer", "func f(g func(int)) { go g(1); defer g(2) }",
     STR_INIT("f f.gowrap1 f.deferwrap2")},
};

TEST(lower_functions) {
    for (size_t i = 0; i < COUNT(function_rows); i++) {
        t->row = function_rows[i].name;
        Lowered l = lowered(t, function_rows[i].code);
        Buf b = buf_new(t->arena);
        for (uint32_t k = 0; k < l.ir->funcs.len; k++) {
            if (k) buf_byte(&b, ' ');
            buf_str(&b, l.ir->funcs.v[k]->name);
        }
        CHECK_STR(t, buf_view(&b), function_rows[i].want);
        lowered_free(&l);
    }
}

TEST(lower_captured_variables) {
    Lowered l = lowered(t, "func F(x int) func() func() int {\n"
                           "return func() func() int { return func() int { return x } } }");
    const Func *inner = lowered_func(t, &l, "F.func1.1"), *outer = lowered_func(t, &l, "F.func1"),
               *f = lowered_func(t, &l, "F");
    if (inner && outer && f) {
        CHECK_EQ(t, inner->closure_vars.len, 1);
        const NameInfo *x = inner->closure_vars.v[0]->u.name;
        CHECK(t, x->outer == outer->closure_vars.v[0]);
        CHECK(t, x->canonical == f->dcl.v[0]);
        CHECK(t, inner->closure_parent == outer && func_is_closure(inner));
    }
    lowered_free(&l);
}

// ---- asking

TEST(ir_static_values) {
    static const struct {
        const char *code;
        IrOp want; // of what the last statement's value comes from
    } rows[] = {
        {"func F() int { x := 3; return x }", IR_LITERAL},
        {"func F() int { x := 3; x = 4; return x }", IR_NAME},
        {"func F() int { x := 3; p := &x; *p = 1; return x }", IR_NAME},
        {"func F() func() { f := func() {}; g := f; return g }", IR_CLOSURE},
        {"func F(c bool) int { x := 3; for c { x++ }; return x }", IR_NAME},
        {"func F(x int) int { return x }", IR_NAME},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].code;
        Lowered l = lowered(t, rows[i].code);
        Func *f = lowered_func(t, &l, "F");
        const Node *last = f->body.v[f->body.len - 1];
        CHECK_EQ(t, ir_static_value(last->u.list.v.v[0])->op, rows[i].want);
        lowered_free(&l);
    }
}

TEST(ir_effects) {
    static const struct {
        const char *expr;
        bool effects, repeat;
    } rows[] = {
        {"x + 1", false, true},     {"x / y", true, false},
        {"x / 2", false, true},     {"f()", true, false},
        {"[]int{x}", false, false}, {"[2]int{x, y}", false, true},
        {"new(int)", false, false}, {"xs[x]", true, false},
        {"len(xs)", false, true},   {"*p", true, false},
        {"&x", false, true},        {"any(x)", false, true},
        {"<-c", true, false},       {"make(chan int)", false, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].expr;
        Lowered l = lowered(
            t,
            str_to_c(
                t->arena,
                str_fmt(t->arena,
                        "func F(x, y int, p *int, xs []int, f func() int, c chan int) { _ = %s }",
                        rows[i].expr)));
        Node *as = lowered_func(t, &l, "F")->body.v[0];
        CHECK_EQ(t, ir_has_side_effects(as->u.as.y), rows[i].effects);
        CHECK_EQ(t, ir_can_repeat(as->u.as.y), rows[i].repeat);
        lowered_free(&l);
    }
}

typedef struct Groups {
    Test *t;
    Buf b;
} Groups;

static void note_group(void *ctx, FuncVec group, bool recursive) {
    Groups *g = ctx;
    if (g->b.len) buf_byte(&g->b, ' ');
    for (uint32_t i = 0; i < group.len; i++) {
        if (i) buf_byte(&g->b, '+');
        buf_str(&g->b, group.v[i]->name);
    }
    if (recursive) buf_byte(&g->b, '*');
}

TEST(ir_groups_bottom_up) {
    static const struct {
        const char *code;
        Str want;
    } rows[] = {
        {"func A() { B() }\nfunc B() { C() }\nfunc C() {}", STR_INIT("C B A")},
        {"func A() { A() }", STR_INIT("A*")},
        {"func A() { B() }\nfunc B() { A(); C() }\nfunc C() {}", STR_INIT("C A+B*")},
        {"func A() { x := 1; f := func() int { B(); return x }; f() }\nfunc B() {}",
         STR_INIT("B A+A.func1")},
        {"func A() { _ = B }\nfunc B() {}", STR_INIT("B A")},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].code;
        Lowered l = lowered(t, rows[i].code);
        Groups g = {t, buf_new(t->arena)};
        ir_visit_bottom_up(l.ir, l.ir->funcs, note_group, &g);
        CHECK_STR(t, buf_view(&g.b), rows[i].want);
        lowered_free(&l);
    }
}

// ---- copies

TEST(ir_clone_replaces_names) {
    Lowered l = lowered(t, "func F(x int) int { y := x + 1; return y }\nfunc G(z int) {}");
    Func *f = lowered_func(t, &l, "F"), *g = lowered_func(t, &l, "G");
    IrClone c = {.p = l.ir, .into = g};
    ir_clone_map(&c, f->dcl.v[0], g->dcl.v[0]);
    Node *y = ir_clone_local(&c, f->dcl.v[2]);
    NodeVec copy;
    ir_clone_list(&c, f->body, &copy);
    CHECK_STR(t, ir_nodes_string(l.ir, t->arena, copy, "; "), STR("y := z + 1; return y"));
    CHECK(t, y->u.name->curfn == g && y->u.name->defn == copy.v[0]);
    CHECK(t, f->dcl.v[2]->u.name->defn == f->body.v[0]); // the original is as it was
    lowered_free(&l);
}

TEST(ir_kept_bodies_outlive_the_trees) {
    Lowered l = lowered(t, "func F(x int) func() int { return func() int { return x } }");
    Func *f = lowered_func(t, &l, "F");
    f->inl = ir_keep_body(l.ir, f);
    ir_lower_done(l.ir);
    Lowered user = lowered_user(t, &l, "import \"p\"\nfunc G() func() int { return p.F(1) }");
    Func *g = lowered_func(t, &user, "G");
    const Func *seen = ir_callee(lowered_node(g, IR_CALLFUNC, 0)->u.call.fn);
    CHECK(t, seen && seen->home == l.ir && ir_body_available(user.ir, seen));
    IrClone c = {.p = user.ir, .into = g, .foreign = true};
    NodeVec copy;
    for (uint32_t i = 0; i < seen->inl->dcl.len; i++) ir_clone_local(&c, seen->inl->dcl.v[i]);
    ir_clone_list(&c, seen->inl->body, &copy);
    CHECK_STR(t, ir_nodes_string(user.ir, t->arena, copy, "; "), STR("return func literal"));
    const Func *literal = copy.v[0]->u.list.v.v[0]->u.closure.func;
    CHECK_STR(t, literal->name, STR("G.func1"));
    CHECK(t, literal->closure_vars.v[0]->u.name->outer->u.name->curfn == g);
    lowered_free_user(&user);
    lowered_free(&l);
}

// ---- types

TEST(irtypes_are_interned) {
    Lowered l = lowered(t, "type N struct{ a byte; b uint8 }\nvar x []*N\nvar y []*N\n"
                           "var b []byte\nvar u []uint8\nfunc g[T any](x T) {}\n"
                           "func F() { g(x); g(b) }");
    IrTypes *ts = l.ir->types;
    IrType *byte = irtype_byte(ts), *uint8 = irtype_basic(ts, KIND_UINT8);
    CHECK(t, byte != uint8 && byte->canon == uint8->canon && irtype_identical(byte, uint8));
    CHECK(t, irtype_slice(ts, byte) == irtype_slice(ts, byte));
    CHECK(t, irtype_slice(ts, byte) != irtype_slice(ts, uint8));
    CHECK(t, irtype_slice(ts, byte)->canon == irtype_slice(ts, uint8)->canon);
    IrField fields[] = {{.type = byte}, {.type = irtype_basic(ts, KIND_INT64)}};
    IrType *s = irtype_struct(ts, fields, 2);
    CHECK_EQ(t, irtype_size(ts, s), 16);
    CHECK_EQ(t, irtype_pointer_bytes(ts, s), 0);
    CHECK_EQ(t, irtype_pointer_bytes(ts, irtype_slice(ts, s)), 8);
    CHECK(t, irtype_is_direct_iface(ts, irtype_pointer(ts, s)) && !irtype_is_direct_iface(ts, s));
    CHECK(t, !irtype_is_comparable(ts, irtype_slice(ts, s)) && irtype_is_comparable(ts, s));
    IrType *shape = irtype_shapify(ts, irtype_pointer(ts, s), true);
    CHECK_STR(t, irtype_link_string(ts, t->arena, shape), STR("go.shape.*uint8"));
    lowered_free(&l);
}
