// The checker: sound trees pass, and each kind of damage is found.
#include "go/ir/verify.h"

#include "unit/go/ir/lowered.h"

static const char sound[] =
    "type I interface{ m() int }\n"
    "type T struct{ n int }\n"
    "func (t *T) m() int { return t.n }\n"
    "var table = map[string]int{\"a\": 1}\n"
    "func pair() (int, error) { return 1, nil }\n"
    "func F(xs []int, i I, c chan int) (sum int) {\n"
    "next:\n"
    "	for k, x := range xs {\n"
    "		if x > 3 { continue next }\n"
    "		f := func() int { return sum + x }\n"
    "		defer f()\n"
    "		sum += f() + k\n"
    "	}\n"
    "	select { case v, ok := <-c: _, _ = v, ok; default: }\n"
    "	switch v := i.(type) { case *T: sum += v.n; case nil: }\n"
    "	n, err := pair()\n"
    "	if err != nil { goto end }\n"
    "	sum += n + i.m()\n"
    "end:\n"
    "	for range table { break }\n"
    "	return sum\n"
    "}\n"
    "func none() {}\n"
    "func values(s []int, m map[string]int, b []byte, a *[4]int, t T, c chan int) {\n"
    "	_ = string(b) + \"x\" + string(b)\n"
    "	_ = T{n: 1}\n"
    "	_ = append(s, s...)\n"
    "	_ = a[1:len(s)]\n"
    "	_ = make([]int, 3)\n"
    "	_ = (*T).m\n"
    "	switch s[0] { case 1: }\n"
    "	copy(s, s)\n"
    "	delete(m, \"k\")\n"
    "	close(c)\n"
    "	var i any = t\n"
    "	_ = i.(T)\n"
    "	_ = new(T)\n"
    "	_ = max(len(s), cap(s))\n"
    "	for k, v := range m { _, _ = k, v }\n"
    "}\n"
    "func G[T any](x ...T) int { return len(x) }\n"
    "func H(seq func(func(int) bool)) int { for x := range seq { return x }; return G(1, 2) }\n";

static uint32_t verify(Test *t, const Lowered *l, Str *out) {
    Buf b = buf_new(t->arena);
    uint32_t n = ir_verify(l->ir, "damage", &b);
    *out = buf_view(&b);
    return n;
}

TEST(verify_accepts_sound_trees) {
    Lowered l = lowered(t, sound);
    Str out;
    CHECK_EQ(t, verify(t, &l, &out), 0);
    CHECK_STR(t, out, STR(""));
    for (uint32_t i = 0; i < l.ir->funcs.len; i++) ir_keep_body(l.ir, l.ir->funcs.v[i]);
    CHECK_EQ(t, verify(t, &l, &out), 0);
    ir_lower_done(l.ir);
    Buf b = buf_new(t->arena);
    CHECK_EQ(t, ir_verify_kept(l.ir, "done", &b), 0);
    lowered_free(&l);
}

typedef void Damage(const Lowered *l, Func *f);

static void two_parents(const Lowered *l, Func *f) {
    (void)l;
    Node *add = lowered_node(f, IR_ADD, 0);
    add->u.xy.y = add->u.xy.x; // f() + f(), one node
}
static void foreign_memory(const Lowered *l, Func *f) {
    Node *add = lowered_node(f, IR_ADD, 0);
    Node *n = arena_push(l->arena, 1, ir_node_room(IR_NIL), _Alignof(Node));
    n->op = IR_NIL;
    add->u.xy.y = n;
}
static void hole(const Lowered *l, Func *f) {
    (void)l;
    f->body.v[1] = NULL;
}
static void no_operand(const Lowered *l, Func *f) {
    (void)l;
    lowered_node(f, IR_ADD, 0)->u.xy.y = NULL;
}
static void no_type(const Lowered *l, Func *f) {
    (void)l;
    lowered_node(f, IR_ADD, 0)->type = NULL;
}
static void other_type(const Lowered *l, Func *f) {
    lowered_node(f, IR_ADD, 0)->type = irtype_basic(l->ir->types, KIND_STRING);
}
static void typed_statement(const Lowered *l, Func *f) {
    lowered_node(f, IR_RANGE, 0)->type = irtype_basic(l->ir->types, KIND_INT);
}
static void no_position(const Lowered *l, Func *f) {
    (void)l;
    lowered_node(f, IR_ADD, 0)->pos = (IrPos){0};
}
static void no_such_call(const Lowered *l, Func *f) {
    (void)l;
    lowered_node(f, IR_ADD, 0)->pos.inl = 77;
}
static void unlisted(const Lowered *l, Func *f) {
    (void)l;
    f->dcl.len--;
}
static void listed_twice(const Lowered *l, Func *f) { vec_push(l->arena, &f->dcl, f->dcl.v[3]); }
static void wrong_class(const Lowered *l, Func *f) {
    (void)l;
    f->dcl.v[4]->u.name->cls = CLASS_RESULT;
}
static void others_variable(const Lowered *l, Func *f) {
    Node *foreign = lowered_node(f, IR_CLOSURE, 0)->u.closure.func->closure_vars.v[0];
    lowered_node(f, IR_ADD, 0)->u.xy.y = foreign;
    (void)l;
}
static void late_declaration(const Lowered *l, Func *f) {
    Node *loop = lowered_node(f, IR_RANGE, 0), *dcl = loop->init->v[0];
    loop->init = NULL;
    vec_push(l->ir->arena, &f->body, dcl);
}
static void two_declarations(const Lowered *l, Func *f) {
    Node *name = lowered_node(f, IR_DCL, 0)->u.xy.x;
    vec_push(l->ir->arena, &f->body, ir_unary(l->ir, IR_DCL, f->pos, name, NULL));
}
static void lost_jump(const Lowered *l, Func *f) {
    (void)l;
    lowered_node(f, IR_GOTO, 0)->u.branch.label = STR("nowhere");
}
static void lost_continue(const Lowered *l, Func *f) {
    vec_push(l->ir->arena, &f->body, ir_node(l->ir, IR_CONTINUE, f->pos));
}
static void two_labels(const Lowered *l, Func *f) {
    (void)l;
    lowered_node(f, IR_LABEL, 1)->u.branch.label = STR("next");
}
static void others_literal(const Lowered *l, Func *f) {
    (void)l;
    lowered_node(f, IR_CLOSURE, 0)->u.closure.func->closure_parent = NULL;
}
static void literal_without_node(const Lowered *l, Func *f) {
    Node *n = lowered_node(f, IR_CLOSURE, 0);
    n->u.closure.func->oclosure = ir_node(l->ir, IR_CLOSURE, n->pos);
}
static void captures_itself(const Lowered *l, Func *f) {
    (void)l;
    Node *cv = lowered_node(f, IR_CLOSURE, 0)->u.closure.func->closure_vars.v[0];
    cv->u.name->outer = cv;
}
static void too_many_arguments(const Lowered *l, Func *f) {
    Node *call = lowered_node(f, IR_CALLINTER, 0);
    Node *nil = ir_node(l->ir, IR_NIL, call->pos);
    nil->type = irtype_error(l->ir->types);
    vec_push(l->ir->arena, &call->u.call.args, nil);
}
static void no_value(const Lowered *l, Func *f) {
    Node *add = lowered_node(f, IR_ADD, 0);
    Node *call = ir_node(l->ir, IR_CALLFUNC, add->pos);
    call->u.call.fn = lowered_func(NULL, l, "none")->nname;
    add->u.xy.y = call;
}
static void wrong_operation(const Lowered *l, Func *f) {
    (void)l;
    lowered_node(f, IR_ADD, 0)->op = IR_BAD;
}

// A part of a value gets a type that does not go with the rest.
static const struct {
    const char *name;
    IrOp op;
    IrKind kind; // of its type now
    const char *want;
} mistyped[] = {
    {"bytes to an int", IR_BYTES2STR, KIND_INT, "BYTES2STR: converts between types"},
    {"a sum of strings", IR_ADDSTR, KIND_INT, "ADDSTR: is no string"},
    {"a literal", IR_STRUCTLIT, KIND_INT, "STRUCTLIT: is of another kind of type"},
    {"append", IR_APPEND, KIND_STRING, "APPEND: is no slice"},
    {"make", IR_MAKESLICE, KIND_STRING, "MAKESLICE: makes another kind of type"},
    {"a slice of an array", IR_SLICEARR, KIND_INT, "SLICEARR: has other elements"},
    {"a method", IR_METHEXPR, KIND_INT, "METHEXPR: is no function"},
    {"len", IR_LEN, KIND_STRING, "LEN: is no int"},
    {"max", IR_MAX, KIND_STRING, "MAX: compares another type"},
    {"new", IR_NEW, KIND_INT, "NEW: is no pointer"},
    {"a value in an interface", IR_CONVIFACE, KIND_INT, "CONVIFACE: converts between types"},
};

TEST(verify_finds_types_that_do_not_fit) {
    for (size_t i = 0; i < COUNT(mistyped); i++) {
        t->row = mistyped[i].name;
        Lowered l = lowered(t, sound);
        Node *n = lowered_node(lowered_func(t, &l, "values"), mistyped[i].op, 0);
        CHECK(t, n != NULL);
        if (n) n->type = irtype_basic(l.ir->types, mistyped[i].kind);
        Str out;
        CHECK(t, verify(t, &l, &out) > 0);
        if (str_find(out, str_c(mistyped[i].want)) == STR_NONE)
            test_fail(t, __FILE__, __LINE__, "'%s' is not said: " STR_FMT, mistyped[i].want,
                      STR_ARG(out));
        lowered_free(&l);
    }
}

// Operands in place of others.
static Node *zero(Lowered *l, const Func *f, IrKind kind) {
    return ir_zero(l->ir, f->pos, irtype_basic(l->ir->types, kind));
}
static void wrong_key(Lowered *l, Func *f) {
    lowered_node(f, IR_DELETE, 0)->u.call.args.v[1] = zero(l, f, KIND_INT);
}
static void wrong_case(Lowered *l, Func *f) {
    lowered_node(f, IR_CASE, 0)->u.case_.exprs.v[0] = zero(l, f, KIND_STRING);
}
static void wrong_field(Lowered *l, Func *f) {
    (void)l;
    lowered_node(f, IR_STRUCTKEY, 0)->u.field.index = 5;
}
static void wrong_channel(Lowered *l, Func *f) {
    lowered_node(f, IR_CLOSE, 0)->u.xy.x = zero(l, f, KIND_INT);
}
static void wrong_range(Lowered *l, Func *f) {
    lowered_node(f, IR_RANGE, 0)->u.range.x = zero(l, f, KIND_FLOAT64);
}
static void wrong_assertion(Lowered *l, Func *f) {
    lowered_node(f, IR_DOTTYPE, 0)->u.assert.x = zero(l, f, KIND_INT);
}
static void wrong_bound(Lowered *l, Func *f) {
    lowered_node(f, IR_SLICEARR, 0)->u.slice.lo = zero(l, f, KIND_STRING);
}

TEST(verify_finds_operands_that_do_not_fit) {
    static const struct {
        void (*damage)(Lowered *l, Func *f);
        const char *want;
    } rows[] = {
        {wrong_key, "DELETE: deletes a key of another type"},
        {wrong_case, "SWITCH: has a case of another type"},
        {wrong_field, "STRUCTLIT: has an element of another type"},
        {wrong_channel, "CLOSE: closes no channel"},
        {wrong_range, "RANGE: has a value that its operand does not give"},
        {wrong_assertion, "DOTTYPE: is of no interface"},
        {wrong_bound, "SLICEARR: has a bound that is no integer"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        t->row = rows[i].want;
        Lowered l = lowered(t, sound);
        rows[i].damage(&l, lowered_func(t, &l, "values"));
        Str out;
        CHECK(t, verify(t, &l, &out) > 0);
        if (str_find(out, str_c(rows[i].want)) == STR_NONE)
            test_fail(t, __FILE__, __LINE__, "said: " STR_FMT, STR_ARG(out));
        lowered_free(&l);
    }
}

static const struct {
    const char *name;
    Damage *damage;
    const char *want;
} damages[] = {
    {"a node with two parents", two_parents, "has two parents"},
    {"a node of another arena", foreign_memory, "in memory that is not the package's"},
    {"a hole", hole, "F: function: has a hole in its body"},
    {"an operand gone", no_operand, "F: ADD: lacks an operand"},
    {"a type gone", no_type, "F: ADD: has no type"},
    {"a type changed", other_type, "F: ADD: has operands of another type"},
    {"a statement with a type", typed_statement, "F: RANGE: is a statement with a type"},
    {"a position gone", no_position, "F: ADD: has no position"},
    {"a call that is none", no_such_call, "F: ADD: stands in a call that was not inlined"},
    {"a variable not listed", unlisted, "is in no function's list of variables"},
    {"a variable listed twice", listed_twice, "is listed twice"},
    {"a class changed", wrong_class, "does not stand among variables of its kind"},
    {"another function's variable", others_variable, "is another function's"},
    {"used before its declaration", late_declaration, "NAME k: is used before its declaration"},
    {"declared twice", two_declarations, "is declared twice"},
    {"a jump to nowhere", lost_jump, "F: GOTO: leads nowhere"},
    {"continue outside of loops", lost_continue, "F: CONTINUE: leads nowhere"},
    {"two labels of one name", two_labels, "is a label that is there already"},
    {"a literal of another function", others_literal, "CLOSURE: is a literal of another function"},
    {"a literal that is not its function's", literal_without_node, "is not the literal of its"},
    {"a captured variable that is none", captures_itself, "captures what the function around"},
    {"an argument too many", too_many_arguments, "CALLINTER: has another number of arguments"},
    {"a call without a result", no_value, "F: ADD: has an operand without a value"},
    {"no operation", wrong_operation, "is no operation"},
};

TEST(verify_finds_damage) {
    for (size_t i = 0; i < COUNT(damages); i++) {
        t->row = damages[i].name;
        Lowered l = lowered(t, sound);
        Func *f = lowered_func(t, &l, "F");
        damages[i].damage(&l, f);
        Str out;
        CHECK(t, verify(t, &l, &out) > 0);
        if (str_find(out, str_c(damages[i].want)) == STR_NONE)
            test_fail(t, __FILE__, __LINE__, "'%s' is not said: " STR_FMT, damages[i].want,
                      STR_ARG(out));
        CHECK(t, str_find(out, STR("after damage: ")) != STR_NONE);
        lowered_free(&l);
    }
}

TEST(verify_says_a_part_and_counts_all) {
    Lowered l = lowered(t, sound);
    for (uint32_t i = 0; i < l.ir->funcs.len; i++) {
        Func *f = l.ir->funcs.v[i];
        for (uint32_t k = 0; k < f->dcl.len; k++) f->dcl.v[k]->type = NULL;
    }
    Str out;
    uint32_t n = verify(t, &l, &out), lines = 0;
    for (Str rest = out; rest.len;) {
        (void)str_line(&rest);
        lines++;
    }
    CHECK(t, n > 20);
    CHECK_EQ(t, lines, 21);
    lowered_free(&l);
}
