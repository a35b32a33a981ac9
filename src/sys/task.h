// sys/task.h: work on all processors: a pool of threads and a queue of tasks.
// A task is a function, what it works on, and which worker runs it (for per-worker arenas).
// Tasks may add tasks. task_run returns when the queue is empty and every worker is idle.
#ifndef HEAPWISE_SYS_TASK_H
#define HEAPWISE_SYS_TASK_H

#include "base/base.h"

typedef struct Tasks Tasks;
typedef void TaskFn(void *ctx, uint32_t item, uint32_t worker);

uint32_t task_processors(void); // those this process may use; HEAPWISE_THREADS=n overrides

Tasks *tasks_new(uint32_t workers); // 0: task_processors(). With 1 everything runs in task_run
void tasks_free(Tasks *ts);
uint32_t tasks_workers(const Tasks *ts);
// Of the tasks that wait those with the least rank come first, of equal ones those added first.
void task_add(Tasks *ts, TaskFn *fn, void *ctx, uint32_t item, uint32_t rank);
void task_run(Tasks *ts); // the caller is worker 0

// Runs fn on a thread whose stack is large enough for the deepest tree the parser lets through, and
// waits for it. The workers of a pool have such stacks as well. Stacks cost only what is touched.
void task_on_large_stack(void (*fn)(void *ctx), void *ctx);

// Runs fn for items 0..count-1, in no given order.
void task_each(Tasks *ts, TaskFn *fn, void *ctx, uint32_t count);

#endif
