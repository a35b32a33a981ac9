#include "sys/proc.h"
#include "harness.h"

static ProcSpec shell(Arena *a, const char *script) {
    ProcSpec spec = {0};
    vec_push(a, &spec.argv, STR("sh"));
    vec_push(a, &spec.argv, STR("-c"));
    vec_push(a, &spec.argv, str_c(script));
    return spec;
}

TEST(both_outputs_and_the_status_are_kept) {
    ProcSpec spec = shell(t->arena, "cat; echo \"$WORD\" >&2; exit 3");
    spec.input = STR("in");
    vec_push(t->arena, &spec.env, STR("WORD=err"));
    ProcResult r;
    CHECK_OK(t, proc_run(t->arena, &spec, &r));
    CHECK_STR(t, r.out, STR("in"));
    CHECK_STR(t, r.err, STR("err\n"));
    CHECK_EQ(t, r.status, 3);
}

TEST(large_outputs_do_not_block) {
    ProcSpec spec = shell(t->arena, "head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2");
    ProcResult r;
    CHECK_OK(t, proc_run(t->arena, &spec, &r));
    CHECK_EQ(t, r.out.len, 300000);
    CHECK_EQ(t, r.err.len, 300000);
}

TEST(a_program_that_is_not_there_and_one_that_hangs) {
    ProcSpec spec = {0};
    ProcResult r;
    vec_push(t->arena, &spec.argv, STR("no-such-program-here"));
    CHECK_ERR(t, proc_run(t->arena, &spec, &r), "no such program");
    spec = shell(t->arena, "sleep 30");
    spec.timeout_ms = 100;
    CHECK_OK(t, proc_run(t->arena, &spec, &r));
    CHECK(t, r.timed_out);
}
