// tests/harness.h: the one test runner. TEST(name) { ... } registers itself; CHECK* report and go
// on. Each test has an arena of its own; t->row names the table row a failure belongs to.
#ifndef HEAPWISE_TESTS_HARNESS_H
#define HEAPWISE_TESTS_HARNESS_H

#include "base/buf.h"
#include "base/err.h"
#include "base/vec.h"

typedef struct Test Test;
struct Test {
    const char *name;
    void (*run)(Test *t);
    const char *file;
    int line;
    Arena *arena;
    const char *row;
    int failures;
    Test *next;
};

void test_register(Test *t);
void test_fail(Test *t, const char *file, int line, const char *fmt, ...) PRINTF_LIKE(4, 5);
void test_check_str(Test *t, const char *file, int line, Str have, Str want);

#define TEST(id)                                                                                   \
    static void test_##id(Test *t);                                                                \
    static Test test_entry_##id = {                                                                \
        .name = #id, .run = test_##id, .file = __FILE__, .line = __LINE__};                        \
    __attribute__((constructor)) static void test_add_##id(void) {                                 \
        test_register(&test_entry_##id);                                                           \
    }                                                                                              \
    static void test_##id(Test *t)

#define CHECK(t, cond)                                                                             \
    ((cond) ? (void)0 : test_fail((t), __FILE__, __LINE__, "not true: %s", #cond))
#define CHECK_EQ(t, have, want)                                                                    \
    do {                                                                                           \
        long long have_ = (long long)(have), want_ = (long long)(want);                            \
        if (have_ != want_)                                                                        \
            test_fail((t), __FILE__, __LINE__, "%s is %lld, want %lld", #have, have_, want_);      \
    } while (0)
#define CHECK_STR(t, have, want) test_check_str((t), __FILE__, __LINE__, (have), (want))
#define CHECK_OK(t, call)                                                                          \
    do {                                                                                           \
        Err err_ = (call);                                                                         \
        if (err_) test_fail((t), __FILE__, __LINE__, "%s: " STR_FMT, #call, STR_ARG(err_->what));  \
    } while (0)
#define CHECK_ERR(t, call, part)                                                                   \
    do {                                                                                           \
        Err err_ = (call);                                                                         \
        if (!err_)                                                                                 \
            test_fail((t), __FILE__, __LINE__, "%s did not fail", #call);                          \
        else if (str_find(err_->what, STR(part)) == STR_NONE)                                      \
            test_fail((t), __FILE__, __LINE__, "%s: '" STR_FMT "' lacks '%s'", #call,              \
                      STR_ARG(err_->what), part);                                                  \
    } while (0)

#endif
