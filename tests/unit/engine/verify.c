// Two outputs of -m beside each other.
#include "engine/engine.h"
#include "harness.h"

TEST(lines_are_compared_as_often_as_they_stand) {
    VerifyResult r = {0};
    verify_compare(t->arena,
                   STR("go: downloading x v1\n"
                       "# a\nf.go:1:1: moved to heap: x\nf.go:2:1: y escapes to heap\n"
                       "f.go:2:1: y escapes to heap\n"
                       "# b\ng.go:1:1: can inline F\ng.go:2:2: leaking param: p to result ~r0\n"),
                   STR("# b\ng.go:2:2: leaking param: p to result ~r0\ng.go:1:1: can inline F\n"
                       "# a\nf.go:1:1: moved to heap: x\nf.go:2:1: y escapes to heap\n"
                       "# c\nh.go:3:3: z does not escape\n"),
                   &r);
    CHECK_EQ(t, r.packages, 3);
    CHECK_EQ(t, r.identical, 0); // b has another order
    CHECK_EQ(t, r.all.both, 4);
    CHECK_EQ(t, r.kinds[VERIFY_ESCAPES].both, 1);
    CHECK_EQ(t, r.kinds[VERIFY_ESCAPES].missing, 1);
    CHECK_EQ(t, r.kinds[VERIFY_STAYS].extra, 1);
    CHECK_EQ(t, r.kinds[VERIFY_LEAK_RESULT].both, 1);
    CHECK_EQ(t, r.lines.len, 2);
    if (r.lines.len != 2) return;
    CHECK_EQ(t, r.lines.v[0].ours, false);
    CHECK_STR(t, r.lines.v[0].text, STR("f.go:2:1: y escapes to heap"));
    CHECK_EQ(t, r.lines.v[1].ours, true);
    CHECK_STR(t, r.lines.v[1].package, STR("c"));
}

TEST(equal_texts_are_identical) {
    static const char text[] = "# a\nf.go:1:1: moved to heap: x\n# b\n";
    VerifyResult r = {0};
    verify_compare(t->arena, str_c(text), str_c(text), &r);
    CHECK_EQ(t, r.identical, 2);
    CHECK_EQ(t, r.lines.len, 0);
    CHECK_STR(t, str_c(verify_kind_name(VERIFY_MOVED)), STR("moved to heap"));
}

// What a review is made of tells two results apart: a note's place in inlined code, too.
TEST(a_result_is_told_by_its_inlined_places) {
    EngineResult r = {0};
    vec_add(t->arena, &r.packages)->desc = STR("a");
    r.packages.v[0].covered = true;
    EngineMove *m = vec_add(t->arena, &r.moves);
    m->what = STR("x");
    m->kind = ENGINE_VAR;
    m->pos = (EnginePos){STR("/f.go"), 3, 4};
    EngineStep *s = vec_add(t->arena, &m->steps);
    s->dst = STR("{heap}");
    s->src = STR("x");
    s->derefs = -1;
    EngineNote *n = vec_add(t->arena, &s->notes);
    n->expr = STR("x");
    n->why = STR("return");
    n->pos = (EnginePos){STR("/f.go"), 5, 6};
    EnginePos inner = {STR("/g.go"), 7, 8};
    vec_push(t->arena, &n->chain, inner);
    EngineFunc f = {STR("type..eq.T"), inner, 0, false};
    vec_push(t->arena, &r.funcs, f);
    CHECK_STR(t, verify_result_text(t->arena, &r),
              STR("# a\n"
                  "/f.go:3:4: moved to heap: x\n"
                  "/f.go:3:4:   flow: {heap} from x, -1 loads\n"
                  "/f.go:3:4:     from x (return) at /f.go:5:6, inlined from /g.go:7:8\n"));
}
