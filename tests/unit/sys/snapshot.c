#include "sys/snapshot.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "sys/clock.h"

typedef struct Counter {
    Arena *arena;
    int value;
} Counter;

// "N": N messages of the value; "wait": until it is waived; "fail": ends in the middle.
static void count(void *ctx, Str question) {
    Counter *c = ctx;
    if (str_eq_c(question, "wait")) {
        for (int i = 0; i < 1000 && !snapshot_waived(); i++) clock_sleep_ms(5);
        snapshot_say(snapshot_waived() ? STR("waived") : STR("not waived"));
        return;
    }
    for (size_t i = 0; i < question.len; i++) {
        c->value += 100; // nobody sees that the next time
        snapshot_say(str_fmt(c->arena, "%d", c->value));
    }
    if (str_eq_c(question, "fail")) _exit(3);
}

static Str ask_all(Test *t, Snapshots *s, uint32_t i, const char *question, bool *failed) {
    SnapshotAnswer answer;
    Buf all = buf_new(t->arena);
    CHECK(t, !snapshot_ask(t->arena, s, i, str_c(question), &answer));
    for (Str m; snapshot_next(t->arena, &answer, &m);) {
        buf_str(&all, m);
        buf_byte(&all, ' ');
    }
    *failed = answer.failed;
    return buf_view(&all);
}

TEST(snapshots_answer_from_where_they_were_taken) {
    Counter c = {.arena = t->arena};
    Snapshots s = {0};
    bool failed;
    for (c.value = 1; c.value <= 3; c.value++) CHECK(t, !snapshot_take(t->arena, &s, count, &c));
    CHECK_EQ(t, s.v.len, 3);
    for (int again = 0; again < 2; again++) {
        CHECK_STR(t, ask_all(t, &s, 1, "??", &failed), STR("102 202 "));
        CHECK(t, !failed);
        CHECK_STR(t, ask_all(t, &s, 2, "?", &failed), STR("103 "));
        CHECK_STR(t, ask_all(t, &s, 0, "fail", &failed), STR("101 201 301 401 "));
        CHECK(t, failed);
    }
    snapshots_drop(&s);
    CHECK_EQ(t, s.v.len, 0);
}

TEST(snapshot_that_is_gone_is_said) {
    Counter c = {.arena = t->arena};
    Snapshots s = {0};
    SnapshotAnswer answer;
    Str m;
    CHECK(t, !snapshot_take(t->arena, &s, count, &c));
    kill(s.v.v[0].pid, SIGKILL);
    waitpid(s.v.v[0].pid, NULL, 0);
    bool gone = false;
    for (int i = 0; i < 100 && !gone; i++) { // the one that waits inside answers once more
        gone = snapshot_ask(t->arena, &s, 0, STR("?"), &answer) != NULL;
        while (!gone && snapshot_next(t->arena, &answer, &m)) {}
        CHECK(t, gone || answer.failed);
    }
    CHECK(t, gone);
    snapshots_drop(&s);
}

TEST(snapshot_answers_may_be_waived) {
    Counter c = {.arena = t->arena};
    Snapshots s = {0};
    SnapshotAnswer answer;
    Str m;
    bool failed;
    CHECK(t, !snapshot_take(t->arena, &s, count, &c));
    CHECK(t, !snapshot_ask(t->arena, &s, 0, STR("wait"), &answer));
    snapshot_waive(&answer);
    CHECK(t, snapshot_next(t->arena, &answer, &m));
    CHECK_STR(t, m, STR("waived"));
    CHECK(t, !snapshot_next(t->arena, &answer, &m));
    CHECK(t, !answer.failed);
    CHECK_STR(t, ask_all(t, &s, 0, "?", &failed), STR("100 "));
    snapshots_drop(&s);
}
