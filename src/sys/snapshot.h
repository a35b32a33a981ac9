// sys/snapshot.h: copies of this process as it is now, that wait to be asked what would come next.
// A question is answered by a copy of the copy, so each can be asked again and again. What they
// share with us is shared in memory as long as nobody writes to it.
// Threads  the process has one when a copy is made.
// Owns     the copies end with snapshots_drop, or with us.
#ifndef HEAPWISE_SYS_SNAPSHOT_H
#define HEAPWISE_SYS_SNAPSHOT_H

#include <sys/types.h>

#include "base/err.h"
#include "base/vec.h"

typedef struct Snapshot {
    pid_t pid;
    int to, from; // pipes
} Snapshot;

typedef struct Snapshots {
    VEC(Snapshot) v;
} Snapshots;

// Says what there is to say with snapshot_say, in the copy, until snapshot_waived.
typedef void SnapshotFn(void *ctx, Str question);

// One more copy, in place v.len. In the copy it does not return.
Err snapshot_take(Arena *a, Snapshots *s, SnapshotFn *fn, void *ctx);
void snapshot_say(Str message); // for a SnapshotFn; not empty
bool snapshot_waived(void);     // the rest of the answer is not wanted any more
void snapshots_drop(Snapshots *s);

typedef struct SnapshotAnswer {
    const Snapshot *from;
    bool failed; // it ended otherwise than by returning
} SnapshotAnswer;
// The question is not empty.
Err snapshot_ask(Arena *a, Snapshots *s, uint32_t i, Str question, SnapshotAnswer *out);
// The next message; false: that was all. All have to be read before it is asked again.
bool snapshot_next(Arena *a, SnapshotAnswer *answer, Str *message);
void snapshot_waive(
    const SnapshotAnswer *answer); // at most once an answer; what was said has to be read

#endif
