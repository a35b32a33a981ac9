// tests/fuzz/replay.c: feeds every file of a directory to a fuzz target, then a bounded number of
// mutations of each (cut short, bytes flipped, spliced), the same ones in every run.
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MUTATIONS = 60, SIZE_MAX_MUTATED = 64 * 1024 };

static uint64_t state = 88172645463325252u;

static uint64_t next_random(void) { // xorshift64: fixed seed, so a failure comes back
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

// An exact-size copy, so that a read past the end is seen by the sanitizer.
static void feed(const uint8_t *data, size_t size) {
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy) abort();
    memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static void mutate(const uint8_t *data, size_t size) {
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy) abort();
    for (int i = 0; i < MUTATIONS; i++) {
        memcpy(copy, data, size);
        size_t n = next_random() % 3 ? size : next_random() % (size + 1);
        for (uint64_t flips = next_random() % 8; n && flips; flips--)
            copy[next_random() % n] = (uint8_t)(next_random() % 4 ? next_random() : 0xff);
        if (n > 8 && next_random() % 4 == 0) {
            size_t from = next_random() % n, to = next_random() % n,
                   len = next_random() % (n - (from > to ? from : to));
            memmove(copy + to, copy + from, len);
        }
        feed(copy, n);
    }
    free(copy);
}

static int replay(const char *path) {
    FILE *f = fopen(path, "rb");
    if (!f) return 0;
    struct stat st;
    uint8_t *data = NULL;
    size_t size = 0;
    if (fstat(fileno(f), &st) == 0 && S_ISREG(st.st_mode) &&
        (data = malloc((size_t)st.st_size + 1)))
        size = fread(data, 1, (size_t)st.st_size, f);
    fclose(f);
    if (!data) return 0;
    feed(data, size);
    if (size <= SIZE_MAX_MUTATED) mutate(data, size);
    free(data);
    return 1;
}

static int by_name(const struct dirent **x, const struct dirent **y) {
    return strcmp((*x)->d_name, (*y)->d_name);
}

int main(int argc, char **argv) {
    int files = 0;
    for (int i = 1; i < argc; i++) {
        struct dirent **list;
        int n = scandir(argv[i], &list, NULL, by_name);
        if (n < 0) {
            fprintf(stderr, "replay: cannot read %s\n", argv[i]);
            return 1;
        }
        for (int k = 0; k < n; k++) {
            char path[4096];
            snprintf(path, sizeof path, "%s/%s", argv[i], list[k]->d_name);
            if (list[k]->d_name[0] != '.') files += replay(path);
            free(list[k]);
        }
        free(list);
    }
    printf("%d passed, 0 failed\n", files);
    return files == 0; // an empty corpus tests nothing
}
