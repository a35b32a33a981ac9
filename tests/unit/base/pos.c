#include "base/pos.h"
#include "harness.h"

TEST(positions_find_their_file_and_line) {
    FileSet *fs = fileset_new();
    Str text = STR("ab\ncd\n");
    SourceFile *x = fileset_add(fs, t->arena, STR("x.go"), text);
    SourceFile *y = fileset_add(fs, t->arena, STR("y.go"), text);
    vec_push(t->arena, &y->lines, 3);
    vec_push(t->arena, &y->lines, 6);
    CHECK(t, fileset_file(fs, x->base) == x && fileset_file(fs, y->base + 6) == y);
    CHECK(t, !fileset_file(fs, 0));
    Place p = pos_place(fs, y->base + 4);
    CHECK_STR(t, p.file, STR("y.go"));
    CHECK_EQ(t, p.line, 2);
    CHECK_EQ(t, p.col, 2);
    CHECK(t, pos_cmp(fs, x->base + 5, y->base) < 0);
    fileset_free(fs);
}

TEST(line_directives_rename_what_follows) {
    FileSet *fs = fileset_new();
    SourceFile *f = fileset_add(fs, t->arena, STR("x.go"), STR("//line a.y:10\nab\ncd\n"));
    vec_push(t->arena, &f->lines, 14);
    vec_push(t->arena, &f->lines, 17);
    vec_push(t->arena, &f->directives, ((LineDirective){14, 10, 0, STR("a.y"), 2}));
    Place p = pos_place(fs, f->base + 18);
    CHECK_STR(t, p.file, STR("a.y"));
    CHECK_EQ(t, p.line, 11);
    CHECK_EQ(t, p.col, 0);
    CHECK_EQ(t, pos_physical(fs, f->base + 18).line, 3);
    fileset_free(fs);
}
