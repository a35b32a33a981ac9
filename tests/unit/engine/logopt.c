// Inline chains from the compiler's JSON, and packages from the go command's.
#include "engine/engine_internal.h"
#include "harness.h"

#define AT(line, col) "\"range\":{\"start\":{\"line\":" #line ",\"character\":" #col "}}"
#define RELATED(file, line, col, text)                                                             \
    "{\"location\":{\"uri\":\"file://" file "\"," AT(line, col) "},\"message\":\"" text "\"}"

TEST(an_inline_chain_is_given_to_its_move) {
    EngineResult r = {0};
    vec_add(t->arena, &r.packages)->desc = STR("ex.com/a");
    // Two calls of the same function stand at one place; their flows tell them apart.
    m2_parse(t->arena,
             STR("# ex.com/a\n"
                 "/s/a.go:9:4: new(T) escapes to heap in f:\n"
                 "/s/a.go:9:4:   flow: {heap} \xe2\x86\x90 &{storage for new(T)}:\n"
                 "/s/a.go:9:4:     from new(T) (spill) at /s/a.go:9:4\n"
                 "/s/a.go:9:4: new(T) escapes to heap in f:\n"
                 "/s/a.go:9:4:   flow: y \xe2\x86\x90 &{storage for new(T)}:\n"
                 "/s/a.go:9:4:     from new(T) (spill) at /s/a.go:9:4\n"),
             STR("/s"), &r);
    Logopt *l = logopt_new(t->arena, &r);
    CHECK_OK(
        t,
        logopt_add(
            l, 0,
            STR("{\"version\":0,\"file\":\"/s/a.go\"}\n"
                "{" AT(
                    9,
                    4) ",\"code\":\"escape\",\"message\":\"new(T) escapes to "
                       "heap\","
                       "\"relatedInformation\":[" RELATED("/s/b%20c.go", 2, 3, "inlineLoc") "," RELATED(
                           "/s/a.go", 9, 4,
                           "escflow:    flow: y \xe2\x86\x90 &{storage for "
                           "new(T)}:") "," RELATED("/s/b.go", 2, 3,
                                                   "inlineLoc") "," RELATED("/s/"
                                                                            "a.go",
                                                                            9, 4,
                                                                            "escflo"
                                                                            "w:    "
                                                                            "  "
                                                                            "from "
                                                                            "new(T)"
                                                                            " ("
                                                                            "spill"
                                                                            ")") "," RELATED("/s/"
                                                                                             "b.go",
                                                                                             2, 5,
                                                                                             "inlin"
                                                                                             "eLoc") "]}\n")));
    CHECK_EQ(t, r.moves.v[0].chain.len, 0);
    CHECK_EQ(t, r.moves.v[1].chain.len, 1);
    if (r.moves.v[1].chain.len != 1) return;
    CHECK_STR(t, r.moves.v[1].chain.v[0].file, STR("/s/b c.go"));
    const EngineNote *note = &r.moves.v[1].steps.v[0].notes.v[0];
    CHECK_EQ(t, note->chain.len, 1);
    if (note->chain.len) CHECK_EQ(t, note->chain.v[0].col, 5);
}

TEST(broken_json_lines_are_an_error) {
    EngineResult r = {0};
    CHECK_ERR(t, logopt_add(logopt_new(t->arena, &r), 0, STR("{\"code\":\"escape\n")), "not JSON");
}

TEST(packages_and_what_was_not_built) {
    EngineResult r = {0};
    CHECK_OK(
        t,
        golist_parse(
            t->arena,
            STR("{\"ImportPath\":\"m/a\",\"Name\":\"a\",\"Dir\":\"/m/a\",\"GoFiles\":[\"x.go\"],"
                "\"Module\":{\"Path\":\"m\"}}\n"
                "{\"ImportPath\":\"m/b\",\"Name\":\"b\",\"Dir\":\"/m/b\",\"GoFiles\":[\"y.go\"]}\n"
                "{\"ImportPath\":\"m/t\",\"Name\":\"t\",\"Dir\":\"/m/t\"}\n"),
            &r));
    CHECK_EQ(t, r.packages.len, 3);
    CHECK_STR(t, r.packages.v[0].files.v[0], STR("/m/a/x.go"));
    CHECK_STR(t, r.packages.v[0].module, STR("m"));
    CHECK_OK(t, golist_exports(
                    t->arena,
                    STR("{\"ImportPath\":\"m/a\",\"Export\":\"/cache/x\"}"
                        "{\"ImportPath\":\"m/b\",\"Error\":{\"Err\":\"# m/b\\ny.go:1:1: boom\\n\"}}"
                        "{\"ImportPath\":\"m/t\"}"),
                    &r));
    CHECK(t, r.packages.v[0].covered);
    CHECK(t, !r.packages.v[1].covered);
    CHECK_STR(t, r.packages.v[1].error, STR("y.go:1:1: boom"));
    CHECK(t, r.packages.v[2].covered); // only tests: nothing to compile
}
