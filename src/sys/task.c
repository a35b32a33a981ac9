// sys/task.c: one queue under one lock. Tasks here are files and packages, so the lock is not hot.
#include "sys/task.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

typedef struct Task {
    TaskFn *fn;
    void *ctx;
    uint32_t item, rank;
    uint64_t number; // counts those added
} Task;

typedef struct Worker {
    Tasks *tasks;
    pthread_t thread;
    uint32_t number;
} Worker;

struct Tasks {
    pthread_mutex_t lock;
    pthread_cond_t work, idle;
    Task *queue; // a heap
    size_t len, cap;
    uint64_t added;
    uint32_t running; // tasks being worked on
    uint32_t workers;
    bool stop;
    Worker *threads; // workers - 1 of them
};

enum { WORKERS_MAX = 256 };
static const size_t stack_most = (size_t)1 << 30, stack_least = (size_t)1 << 23;

uint32_t task_processors(void) {
    const char *said = getenv("HEAPWISE_THREADS");
    long n = said ? strtol(said, NULL, 10) : 0;
    if (n <= 0) {
        cpu_set_t set;
        n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    }
    return (uint32_t)MAX(1, MIN(n, WORKERS_MAX));
}

static bool is_before(const Task *x, const Task *y) {
    return x->rank != y->rank ? x->rank < y->rank : x->number < y->number;
}

static void queue_put(Tasks *ts, Task t) {
    size_t at = ts->len++;
    for (size_t up; at && (up = (at - 1) / 2, is_before(&t, &ts->queue[up])); at = up)
        ts->queue[at] = ts->queue[up];
    ts->queue[at] = t;
}

static Task queue_take(Tasks *ts) {
    Task first = ts->queue[0], last = ts->queue[--ts->len];
    size_t at = 0;
    for (size_t down; (down = at * 2 + 1) < ts->len; at = down) {
        down += down + 1 < ts->len && is_before(&ts->queue[down + 1], &ts->queue[down]);
        if (!is_before(&ts->queue[down], &last)) break;
        ts->queue[at] = ts->queue[down];
    }
    ts->queue[at] = last;
    return first;
}

// With the lock held: takes a task and runs it without the lock. False when there is none.
static bool run_one(Tasks *ts, uint32_t worker) {
    if (!ts->len) return false;
    Task t = queue_take(ts);
    ts->running++;
    pthread_mutex_unlock(&ts->lock);
    t.fn(t.ctx, t.item, worker);
    pthread_mutex_lock(&ts->lock);
    ts->running--;
    if (!ts->running && !ts->len) pthread_cond_broadcast(&ts->idle);
    return true;
}

static void *worker_main(void *arg) {
    Worker *w = arg;
    Tasks *ts = w->tasks;
    pthread_mutex_lock(&ts->lock);
    while (!ts->stop)
        if (!run_one(ts, w->number)) pthread_cond_wait(&ts->work, &ts->lock);
    pthread_mutex_unlock(&ts->lock);
    return NULL;
}

// A thread with as large a stack as can be had. False: none at all.
static bool start(pthread_t *thread, void *(*main)(void *), void *arg) {
    for (size_t size = stack_most; size >= stack_least; size /= 2) {
        pthread_attr_t attr;
        pthread_attr_init(&attr);
        pthread_attr_setstacksize(&attr, size);
        bool started = pthread_create(thread, &attr, main, arg) == 0;
        pthread_attr_destroy(&attr);
        if (started) return true;
    }
    return false;
}

typedef struct OnStack {
    void (*fn)(void *ctx);
    void *ctx;
} OnStack;

static void *on_stack_main(void *arg) {
    OnStack *s = arg;
    s->fn(s->ctx);
    return NULL;
}

void task_on_large_stack(void (*fn)(void *ctx), void *ctx) {
    OnStack s = {fn, ctx};
    pthread_t thread;
    if (start(&thread, on_stack_main, &s))
        pthread_join(thread, NULL);
    else
        fn(ctx); // it may still do
}

Tasks *tasks_new(uint32_t workers) {
    Tasks *ts = calloc(1, sizeof *ts);
    if (!ts) base_out_of("memory", sizeof *ts);
    ts->workers = workers ? MIN(workers, (uint32_t)WORKERS_MAX) : task_processors();
    pthread_mutex_init(&ts->lock, NULL);
    pthread_cond_init(&ts->work, NULL);
    pthread_cond_init(&ts->idle, NULL);
    ts->threads = calloc(ts->workers, sizeof *ts->threads);
    if (!ts->threads) base_out_of("memory", ts->workers * sizeof *ts->threads);
    for (uint32_t i = 1; i < ts->workers; i++) {
        ts->threads[i] = (Worker){.tasks = ts, .number = i};
        if (!start(&ts->threads[i].thread, worker_main, &ts->threads[i])) {
            ts->workers = i; // fewer hands do the same work
            break;
        }
    }
    return ts;
}

void tasks_free(Tasks *ts) {
    if (!ts) return;
    pthread_mutex_lock(&ts->lock);
    ts->stop = true;
    pthread_cond_broadcast(&ts->work);
    pthread_mutex_unlock(&ts->lock);
    for (uint32_t i = 1; i < ts->workers; i++) pthread_join(ts->threads[i].thread, NULL);
    pthread_cond_destroy(&ts->idle);
    pthread_cond_destroy(&ts->work);
    pthread_mutex_destroy(&ts->lock);
    free(ts->threads);
    free(ts->queue);
    free(ts);
}

uint32_t tasks_workers(const Tasks *ts) { return ts->workers; }

static void grow(Tasks *ts) {
    size_t cap = ts->cap ? ts->cap * 2 : 64;
    Task *q = realloc(ts->queue, cap * sizeof *q);
    if (!q) base_out_of("memory", cap * sizeof *q);
    ts->queue = q;
    ts->cap = cap;
}

void task_add(Tasks *ts, TaskFn *fn, void *ctx, uint32_t item, uint32_t rank) {
    pthread_mutex_lock(&ts->lock);
    if (ts->len == ts->cap) grow(ts);
    queue_put(ts, (Task){fn, ctx, item, rank, ts->added++});
    pthread_cond_signal(&ts->work);
    pthread_cond_signal(&ts->idle); // the caller of task_run may be waiting for work too
    pthread_mutex_unlock(&ts->lock);
}

void task_run(Tasks *ts) {
    pthread_mutex_lock(&ts->lock);
    while (ts->len || ts->running)
        if (!run_one(ts, 0)) pthread_cond_wait(&ts->idle, &ts->lock);
    pthread_mutex_unlock(&ts->lock);
}

void task_each(Tasks *ts, TaskFn *fn, void *ctx, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) task_add(ts, fn, ctx, i, 0);
    task_run(ts);
}
