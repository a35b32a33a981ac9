#include <pthread.h>

#include "base/intern.h"
#include "harness.h"

enum { WORDS = 20000, THREADS = 4 };

typedef struct Job {
    Names *names;
    Name *got;
} Job;

static void *intern_all(void *arg) {
    Job *job = arg;
    char text[32];
    for (int i = 0; i < WORDS; i++) {
        int n = snprintf(text, sizeof text, "name%d", i);
        job->got[i] = name_intern(job->names, (Str){text, (size_t)n});
    }
    return NULL;
}

TEST(names_are_one_id_from_every_thread) {
    Names *ns = names_new();
    Job jobs[THREADS];
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        jobs[i] = (Job){ns, NEW_ARRAY(t->arena, Name, WORDS)};
        pthread_create(&threads[i], NULL, intern_all, &jobs[i]);
    }
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    for (int i = 0; i < WORDS; i++) {
        for (int k = 1; k < THREADS; k++) CHECK_EQ(t, jobs[k].got[i], jobs[0].got[i]);
        CHECK_STR(t, name_str(ns, jobs[0].got[i]), str_fmt(t->arena, "name%d", i));
    }
    CHECK(t, name_intern(ns, STR("")) != 0);
    CHECK_STR(t, name_str(ns, 0), STR(""));
    names_free(ns);
}
