// The nodes a review is made of, in each of the formats.
#include "codec/json_read.h"
#include "doc/doc.h"
#include "harness.h"

static void add_finding(Doc *d, Arena *a) {
    DocFinding f = {.rule = STR("returned-pointer"),
                    .rule_title = STR("returned pointer"),
                    .rule_help = STR("The caller outlives the variable."),
                    .level = LEVEL_WARNING,
                    .message = STR("x moves to the heap <here>."),
                    .place = doc_place(STR("a.go"), 3, 9),
                    .end_col = 11,
                    .id = STR("0123abcd"),
                    .rank = 1,
                    .measure = STR("41.2%"),
                    .share = 41.2};
    DocStepVec steps = {0};
    DocStep one = {STR("its address is taken"), STR("address-of"), doc_place(STR("a.go"), 3, 9),
                   STR("return &x")};
    vec_push(a, &steps, one);
    doc_open_finding(d, f);
    doc_code(d, "source", (DocCode){STR("a.go"), 2, STR("\tx := 1\n\treturn &x\n"), 3, 8, 10});
    doc_flow(d, "flow", STR("how it gets out"), steps);
    doc_close(d);
}

static Doc *page(Arena *a) {
    Doc *d = doc_new(a, "heapwise.test/1");
    d->title = STR("A <page>");
    doc_open_list(d, "findings", STR("Findings"));
    add_finding(d, a);
    doc_close(d);
    DocChart chart = {.kind = CHART_FLAME, .unit = DOC_BYTES, .caption = STR("bytes")};
    static const DocBox boxes[] = {{STR_INIT("main"), .parent = 0, .value = 1000},
                                   {STR_INIT("work"), .parent = 1, .value = 600},
                                   {STR_INIT("dust"), .parent = 1, .value = 4}};
    for (size_t i = 0; i < COUNT(boxes); i++) vec_push(a, &chart.boxes, boxes[i]);
    doc_chart(d, "flame", STR("Flame graph"), chart);
    chart.kind = CHART_TREEMAP;
    doc_chart(d, "map", STR("Map"), chart);
    return d;
}

TEST(a_finding_as_text) {
    Buf b = buf_new(t->arena);
    doc_render_text(page(t->arena), (DocTextStyle){72, false}, &b);
    CHECK_STR(t, str_to(buf_view(&b), str_find(buf_view(&b), STR("Flame"))),
              STR("Findings\n"
                  "\n"
                  "  1. a.go:3:9  returned pointer                                    41.2%\n"
                  "    x moves to the heap <here>.\n"
                  "    2 | x := 1\n"
                  "    3 | return &x\n"
                  "               ^^\n"
                  "    how it gets out\n"
                  "      • its address is taken  a.go:3:9\n"));
}

TEST(long_lines_of_source_are_cut_to_the_page) {
    Buf b = buf_new(t->arena);
    Doc *d = doc_new(t->arena, "heapwise.test/1");
    Str line = STR("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\n");
    doc_code(d, NULL, (DocCode){STR("a.go"), 1, line, 1, 0, (uint32_t)line.len});
    doc_render_text(d, (DocTextStyle){30, false}, &b);
    CHECK_STR(t, buf_view(&b),
              STR("1 | abcdefghijklmnopqrstuvwxy…\n    ^^^^^^^^^^^^^^^^^^^^^^^^^^\n"));
}

TEST(a_finding_as_json) {
    Buf b = buf_new(t->arena);
    JsonValue v;
    doc_render_json(page(t->arena), &b);
    CHECK_OK(t, json_parse(t->arena, buf_view(&b), &v));
    const JsonValue *list = json_get(&v, "findings");
    CHECK_EQ(t, list->len, 1);
    if (list->len != 1) return;
    CHECK_STR(t, json_get_str(&list->items[0], "rule"), STR("returned-pointer"));
    CHECK_EQ(t, json_get_int(json_get(&list->items[0], "place"), "line"), 3);
    CHECK_STR(t, json_get_str(&json_get(&list->items[0], "flow")->items[0], "why"),
              STR("address-of"));
    CHECK_EQ(t, json_get_int(&json_get(&v, "flame")->items[1], "parent"), 0);
}

TEST(a_page_as_html_needs_nothing_else) {
    Buf b = buf_new(t->arena);
    doc_render_html(page(t->arena), &b);
    Str html = buf_view(&b);
    CHECK(t, str_find(html, STR("<title>A &lt;page&gt;</title>")) != STR_NONE);
    CHECK(t, str_find(html, STR("the heap &lt;here&gt;.")) != STR_NONE);
    CHECK(t, str_find(html, STR("<mark>&amp;x</mark>")) != STR_NONE);
    CHECK(t, str_find(html, STR("left:0.000%;width:60.000%;top:21px")) != STR_NONE);
    CHECK(t, str_find(html, STR("src=")) == STR_NONE);
    CHECK(t, str_find(html, STR("http")) == STR_NONE);
    CHECK(t, str_find(html, STR("@import")) == STR_NONE);
}

TEST(findings_as_sarif) {
    Buf b = buf_new(t->arena);
    JsonValue v;
    doc_render_sarif(page(t->arena), STR("1.2.3"), &b);
    CHECK_OK(t, json_parse(t->arena, buf_view(&b), &v));
    CHECK_STR(t, json_get_str(&v, "version"), STR("2.1.0"));
    const JsonValue *run = &json_get(&v, "runs")->items[0];
    const JsonValue *driver = json_get(json_get(run, "tool"), "driver");
    CHECK_STR(t, json_get_str(driver, "version"), STR("1.2.3"));
    CHECK_EQ(t, json_get(driver, "rules")->len, 1);
    const JsonValue *result = &json_get(run, "results")->items[0];
    CHECK_STR(t, json_get_str(result, "ruleId"), STR("returned-pointer"));
    const JsonValue *place = json_get(&json_get(result, "locations")->items[0], "physicalLocation");
    CHECK_EQ(t, json_get_int(json_get(place, "region"), "endColumn"), 11);
}

// Every area is the value's part of the whole, and no box leaves the map.
TEST(a_treemap_fills_its_map) {
    Doc *d = doc_new(t->arena, "heapwise.test/1");
    DocChart chart = {.kind = CHART_TREEMAP, .unit = DOC_COUNT};
    for (int64_t i = 1; i <= 20; i++) {
        DocBox box = {.label = STR("b"), .value = i * i};
        vec_push(t->arena, &chart.boxes, box);
    }
    doc_chart(d, NULL, STR(""), chart);
    Buf b = buf_new(t->arena);
    doc_render_html(d, &b);
    Str rest = str_from(buf_view(&b), str_find(buf_view(&b), STR("chart treemap")));
    double area = 0;
    for (;;) {
        double left, top, width, height;
        size_t at = str_find(rest, STR("style=\"left:"));
        if (at == STR_NONE) break;
        rest = str_from(rest, at);
        if (sscanf(str_to_c(t->arena, str_to(rest, 120)),
                   "style=\"left:%lf%%;top:%lfpx;width:%lf%%;height:%lfpx", &left, &top, &width,
                   &height) != 4)
            break;
        CHECK(t, left >= 0 && left + width < 100.01 && top >= 0 && top + height < 420.2);
        area += width / 100 * height / 420;
        rest = str_from(rest, 12);
    }
    CHECK(t, area > 0.97 && area < 1.01);
}

TEST(page_as_annotations) {
    Buf out = buf_new(t->arena);
    Doc *d = doc_new(t->arena, "heapwise.test/1");
    doc_open_list(d, "findings", STR("Findings"));
    add_finding(d, t->arena);
    DocFinding odd = {.rule = STR("r"),
                      .level = LEVEL_ERROR,
                      .message = STR("100%\nmore"),
                      .place = doc_place(STR("a,b:c.go"), 0, 0)};
    doc_open_finding(d, odd);
    doc_close(d);
    doc_close(d);
    doc_render_github(d, &out);
    CHECK_STR(
        t, buf_view(&out),
        STR("::warning file=a.go,line=3,col=9,endColumn=11,title=returned pointer::x moves to the "
            "heap <here>. (41.2%25)\n"
            "::error file=a%2Cb%3Ac.go,title=r::100%25%0Amore\n"));
}

TEST(page_as_markdown) {
    static const DocColumn columns[] = {
        {"name", "name", false}, {"n", "n", true}, {"x", NULL, false}};
    Buf out = buf_new(t->arena);
    Doc *d = doc_new(t->arena, "heapwise.test/1");
    d->title = STR("A_page");
    doc_open(d, "s", STR("Part"));
    doc_field(d, "f", "runs", doc_int(3));
    doc_table(d, "t", columns, COUNT(columns));
    doc_cell(d, doc_text(STR("a|b")));
    doc_cell(d, doc_toned(doc_int(7), TONE_BAD));
    doc_cell(d, doc_int(1));
    doc_close(d);
    doc_open_list(d, "findings", (Str){0});
    add_finding(d, t->arena);
    doc_close(d);
    doc_verbatim(d, STR("```"));
    doc_render_markdown(d, &out);
    CHECK_STR(t, buf_view(&out),
              STR("# A\\_page\n\n## Part\n\n- runs: 3\n\n| name | n |\n| --- | --: |\n| a\\|b | "
                  "**7** |\n\n"
                  "## returned pointer: a.go:3:9\n\nx moves to the heap \\<here\\>. **41.2%**\n\n"
                  "```go\n\tx := 1\n\treturn &x\n```\n\n## how it gets out\n\n"
                  "1. its address is taken (address-of) at a.go:3:9\n\n````\n```\n````\n"));
}
