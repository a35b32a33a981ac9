// The guide's category of a move, from the compiler's explanation.
#include "../evidence/fixture.h"
#include "review/review.h"

#define ARROW "\xe2\x86\x90"

static const Str SOURCE = STR_INIT("package a\n"
                                   "func f(m map[string]*T, s []*T, dst []byte) (named *T) {\n"
                                   "\tx := 1\n"
                                   "\treturn nil\n"
                                   "}\n");

// `what` moves at 3:2 over the steps given.
static Str text_of(Arena *a, Str what, Str steps) {
    return str_fmt(a, "# ex.com/a\n@:3:2: " STR_FMT " escapes to heap in f:\n" STR_FMT,
                   STR_ARG(what), STR_ARG(steps));
}

#define FLOW(dst, src) "@:3:2:   flow: " dst " " ARROW " " src ":\n"
#define FROM(expr, why) "@:3:2:     from " expr " (" why ") at @:3:2\n"
#define SPILL(expr) FROM(expr, "spill")

static const struct {
    const char *name;
    Str what, steps;
    Category want;
} CATEGORIES[] = {
    {"returned", STR_INIT("&T{}"),
     STR_INIT(FLOW("~r0", "&{storage for &T{}}") SPILL("&T{}") FROM("return &T{}", "return")),
     CATEGORY_RETURNED},
    {"named result", STR_INIT("&T{}"),
     STR_INIT(FLOW("named", "&{storage for &T{}}") SPILL("&T{}") FROM("named = &T{}", "assign")),
     CATEGORY_RETURNED},
    {"too large", STR_INIT("make([]byte, 99999)"),
     STR_INIT(FLOW("{heap}", "&{storage for make}") FROM("make", "too large for stack")),
     CATEGORY_TOO_LARGE},
    {"unknown size", STR_INIT("make([]byte, n)"),
     STR_INIT(FLOW("{heap}", "&{storage for make}") FROM("make", "non-constant size")),
     CATEGORY_UNKNOWN_SIZE},
    {"sent", STR_INIT("&T{}"),
     STR_INIT(FLOW("{heap}", "&{storage for &T{}}") SPILL("&T{}") FROM("c <- &T{}", "send")),
     CATEGORY_CHANNEL},
    {"in a map", STR_INIT("&T{}"),
     STR_INIT(FLOW("{heap}", "&{storage for &T{}}") SPILL("&T{}") FROM("m[k] = &T{}", "assign")),
     CATEGORY_IN_MAP},
    {"in a slice", STR_INIT("&T{}"),
     STR_INIT(FLOW("{heap}", "&{storage for &T{}}") SPILL("&T{}") FROM("s[0] = &T{}", "assign")),
     CATEGORY_IN_SLICE},
    {"in an element of something", STR_INIT("&T{}"),
     STR_INIT(FLOW("{heap}", "&{storage for &T{}}") SPILL("&T{}") FROM("u[0] = &T{}", "assign")),
     CATEGORY_IN_ELEMENT},
    {"in a struct", STR_INIT("&T{}"),
     STR_INIT(FLOW("{heap}", "&{storage for &T{}}") SPILL("&T{}") FROM("h.x = &T{}", "assign")),
     CATEGORY_IN_STRUCT},
    {"global", STR_INIT("&T{}"),
     STR_INIT(FLOW("{heap}", "&{storage for &T{}}") SPILL("&T{}") FROM("g = &T{}", "assign")),
     CATEGORY_GLOBAL},
    {"appended", STR_INIT("&T{}"),
     STR_INIT(FLOW("{heap}", "&{storage for &T{}}") SPILL("&T{}")
                  FROM("append(s, &T{})", "call parameter")),
     CATEGORY_IN_SLICE},
    {"kept by a callee", STR_INIT("&T{}"),
     STR_INIT(FLOW("{heap}", "&{storage for &T{}}") SPILL("&T{}")
                  FROM("keep(&T{})", "call parameter")),
     CATEGORY_ARGUMENT},
    {"a pointer in an interface", STR_INIT("&T{}"),
     STR_INIT(FLOW("{heap}", "&{storage for &T{}}") SPILL("&T{}")
                  FROM("&T{}", "interface-converted") FROM("keep(&T{})", "call parameter")),
     CATEGORY_INTERFACE},
    {"boxed", STR_INIT("n"),
     STR_INIT(FLOW("{heap}", "&{storage for n}") SPILL("n") FROM("keep(n)", "call parameter")),
     CATEGORY_INTERFACE},
    {"boxed sum", STR_INIT("a + b"),
     STR_INIT(FLOW("{storage for ... argument}", "&{storage for a + b}") SPILL("a + b")
                  FROM("... argument", "slice-literal-element")),
     CATEGORY_INTERFACE},
    {"string", STR_INIT("a + \"x\""),
     STR_INIT(FLOW("~r0", "&{storage for a}") SPILL("a") FROM("return a", "return")),
     CATEGORY_STRING},
    {"grown", STR_INIT("append(s, x)"),
     STR_INIT(FLOW("~r0", "&{storage for append}") SPILL("append(s, x)")
                  FROM("return s", "return")),
     CATEGORY_APPEND},
    {"closure", STR_INIT("func literal"),
     STR_INIT(FLOW("~r0", "&{storage for func literal}") SPILL("func literal")), CATEGORY_CLOSURE},
    {"captured", STR_INIT("x"),
     STR_INIT(FLOW("{storage for func literal}", "&x") FROM("x", "captured by a closure")
                  FROM("x", "reference")),
     CATEGORY_CAPTURED},
    {"assigned, then put into a struct", STR_INIT("make([]int, n)"),
     STR_INIT(FLOW("{heap}", "&{storage for make}") SPILL("make([]int, n)")
                  FROM("T{...}", "struct literal element") FROM("v := T{...}", "assign")),
     CATEGORY_GLOBAL},
};

TEST(categories) {
    for (size_t i = 0; i < COUNT(CATEGORIES); i++) {
        t->row = CATEGORIES[i].name;
        Fixture f = fixture_open(
            t, SOURCE, text_of(t->arena, CATEGORIES[i].what, CATEGORIES[i].steps), STR(""));
        Review *r = review_make(t->arena, f.evidence);
        CHECK_EQ(t, r->findings.len, 1);
        if (r->findings.len == 1)
            CHECK_STR(t, str_c(review_rule_id(r->findings.v[0].category)),
                      str_c(review_rule_id(CATEGORIES[i].want)));
        fixture_close(t, &f);
    }
}

TEST(every_category_has_words) {
    for (int c = 0; c < CATEGORY_COUNT; c++) {
        CHECK(t, review_rule_id((Category)c)[0] != 0);
        CHECK(t, review_category_text((Category)c)[0] != 0);
        CHECK(t, review_category_help((Category)c) != NULL);
    }
}

TEST(ranking_and_ids) {
    Fixture f = fixture_open(
        t, SOURCE,
        STR("# ex.com/a\n@:3:2: new(T) escapes to heap in f:\n" FLOW("{heap}", "&{x}")
                SPILL("new(T)")
                    FROM("g = new(T)", "assign") "@:4:2: new(T) escapes to heap in f:\n" FLOW(
                        "{heap}", "&{x}") SPILL("new(T)") FROM("g = new(T)", "assign")),
        STR(""));
    f.evidence->heap.given = true;
    f.evidence->heap.bytes = 200;
    f.evidence->findings.v[1].bytes = 150;
    Review *r = review_make(t->arena, f.evidence);
    CHECK_EQ(t, r->ranking, RANK_PROFILE);
    CHECK_EQ(t, r->findings.len, 2);
    ASSERT(r->findings.len == 2);
    CHECK_EQ(t, r->findings.v[0].evidence->pos.line, 4);
    CHECK(t, r->findings.v[0].share > 74.9 && r->findings.v[0].share < 75.1);
    CHECK_EQ(t, r->findings.v[1].question, QUESTION_HOTSPOT); // nothing charged
    CHECK(t, !str_eq(r->findings.v[0].id, r->findings.v[1].id));
    fixture_close(t, &f);
}

// What certainly takes memory comes first, and what only may can be left out; what is not known
// counts as certain.
TEST(costs_rank_and_filter) {
    Fixture f = fixture_open(t, SOURCE,
                             STR("# ex.com/a\n@:3:2: new(T) escapes to heap\n"
                                 "@:4:2: new(T) escapes to heap\n@:5:2: new(T) escapes to heap\n"),
                             STR(""));
    CHECK_EQ(t, f.evidence->findings.len, 3);
    f.evidence->findings.v[0].cost.cls = ENGINE_COST_SOMETIMES;
    f.evidence->findings.v[1].cost.cls = ENGINE_COST_ALWAYS;
    for (int i = 0; i < 3; i++) f.evidence->findings.v[i].loop_depth = 1;
    Review *r = review_make(t->arena, f.evidence);
    CHECK_EQ(t, r->findings.v[0].evidence->pos.line, 4);
    CHECK_EQ(t, r->findings.v[1].evidence->pos.line, 5);
    CHECK_EQ(t, r->findings.v[2].evidence->pos.line, 3);
    Category c = r->findings.v[2].category;
    uint32_t before = r->by_category[c];
    review_keep(r, ENGINE_COST_ALWAYS);
    CHECK_EQ(t, r->findings.len, 2);
    CHECK_EQ(t, r->by_category[c], before - 1);
    fixture_close(t, &f);
}

TEST(the_gate) {
    static const struct {
        Str spec;
        uint32_t failing;
    } rows[] = {
        {STR_INIT("any"), 1},
        {STR_INIT("0"), 1},
        {STR_INIT("1"), 0},
        {STR_INIT("stored-in-global"), 1},
        {STR_INIT("channel-send"), 0},
        {STR_INIT("share=50"), 1},
        {STR_INIT("share=80%"), 0},
        {STR_INIT("bytes=150"), 1},
        {STR_INIT("bytes=151"), 0},
        {STR_INIT("channel-send,bytes=1"), 1},
    };
    Fixture f = fixture_open(t, SOURCE,
                             STR("# ex.com/a\n@:3:2: new(T) escapes to heap in f:\n" FLOW(
                                 "{heap}", "&{x}") SPILL("new(T)") FROM("g = new(T)", "assign")),
                             STR(""));
    f.evidence->heap.given = true;
    f.evidence->heap.bytes = 200;
    f.evidence->findings.v[0].bytes = 150;
    Review *r = review_make(t->arena, f.evidence);
    for (size_t i = 0; i < COUNT(rows); i++) {
        FailOn spec;
        t->row = rows[i].spec.ptr;
        CHECK_OK(t, review_parse_fail_on(t->arena, rows[i].spec, &spec));
        CHECK_EQ(t, review_failures(r, &spec), rows[i].failing);
    }
    static const Str bad[] = {STR_INIT(""),        STR_INIT("nothing"),  STR_INIT("share=x"),
                              STR_INIT("share=0"), STR_INIT("bytes=-1"), STR_INIT("any,")};
    for (size_t i = 0; i < COUNT(bad); i++) {
        FailOn spec;
        t->row = bad[i].ptr;
        if (i < 5) CHECK_ERR(t, review_parse_fail_on(t->arena, bad[i], &spec), "--fail-on");
    }
    fixture_close(t, &f);
}
