#include "sys/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness.h"

TEST(files_are_replaced_whole) {
    Str dir, have;
    CHECK_OK(t, dir_temp(t->arena, "heapwise-test", &dir));
    Str path = path_join(t->arena, dir, STR("x/y.txt"));
    CHECK_OK(t, dir_make(t->arena, path_dir(path)));
    CHECK_OK(t, file_write(t->arena, path, STR("one")));
    CHECK_OK(t, file_write(t->arena, path, STR("two\n")));
    CHECK_OK(t, file_read(t->arena, path, &have));
    CHECK_STR(t, have, STR("two\n"));
    DirList list;
    CHECK_OK(t, dir_list(t->arena, path_dir(path), &list));
    CHECK_EQ(t, list.len, 1);
    CHECK_ERR(t, file_read_limit(t->arena, path, 3, &have), "larger than the limit");
    FileMap m;
    CHECK_OK(t, file_map(t->arena, path, &m));
    CHECK_STR(t, m.bytes, STR("two\n"));
    file_unmap(&m);
    CHECK_OK(t, dir_remove_tree(t->arena, dir));
    CHECK(t, !file_exists(dir));
    CHECK_ERR(t, file_read(t->arena, path, &have), "No such file");
}

// /dev/null must stay a device, a pipe a pipe: nothing is renamed onto them.
TEST(what_is_no_file_is_written_to) {
    Str dir;
    CHECK_OK(t, dir_temp(t->arena, "heapwise-test", &dir));
    Str path = path_join(t->arena, dir, STR("pipe"));
    CHECK_EQ(t, mkfifo(str_to_c(t->arena, path), 0600), 0);
    int fd = open(str_to_c(t->arena, path), O_RDONLY | O_NONBLOCK);
    CHECK(t, fd >= 0);
    CHECK_OK(t, file_write(t->arena, path, STR("through")));
    char have[16];
    ssize_t n = read(fd, have, sizeof have);
    CHECK_STR(t, ((Str){have, n > 0 ? (size_t)n : 0}), STR("through"));
    CHECK_EQ(t, file_kind(path), FILE_OTHER);
    close(fd);
    CHECK_OK(t, dir_remove_tree(t->arena, dir));
}
