#include <stdatomic.h>

#include "harness.h"
#include "sys/task.h"

typedef struct Sum {
    Tasks *tasks;
    _Atomic uint64_t total;
    _Atomic uint32_t bad_worker;
} Sum;

static void add_item(void *ctx, uint32_t item, uint32_t worker) {
    Sum *s = ctx;
    atomic_fetch_add(&s->total, item);
    if (worker >= tasks_workers(s->tasks)) atomic_fetch_add(&s->bad_worker, 1);
    if (item >= 1000 && item < 1100) task_add(s->tasks, add_item, s, 1, 0); // tasks may add tasks
}

TEST(every_task_runs_once) {
    for (uint32_t workers = 1; workers <= 4; workers++) {
        Sum s = {.tasks = tasks_new(workers)};
        task_each(s.tasks, add_item, &s, 5000);
        CHECK_EQ(t, atomic_load(&s.total), 4999ull * 5000 / 2 + 100);
        CHECK_EQ(t, atomic_load(&s.bad_worker), 0);
        tasks_free(s.tasks);
    }
}

typedef struct Order {
    Tasks *tasks;
    uint32_t ranks[200], len;
} Order;

static void note_rank(void *ctx, uint32_t item, uint32_t worker) {
    (void)worker;
    Order *o = ctx;
    o->ranks[o->len++] = item;
}

// Item is rank * 1000 and how many of that rank were added before.
TEST(least_rank_first_and_of_equal_ones_the_oldest) {
    Order o = {.tasks = tasks_new(1)};
    for (uint32_t i = 0; i < COUNT(o.ranks); i++) {
        uint32_t rank = i * 7 % 20;
        task_add(o.tasks, note_rank, &o, rank * 1000 + i, rank);
    }
    task_run(o.tasks);
    CHECK_EQ(t, o.len, COUNT(o.ranks));
    for (uint32_t i = 1; i < o.len; i++) CHECK(t, o.ranks[i - 1] < o.ranks[i]);
    tasks_free(o.tasks);
}
