#include "doc/doc.h"
#include "harness.h"

static Doc *sample(Arena *a) {
    static const DocColumn columns[] = {{"name", "name", false}, {"bytes", "bytes", true}};
    Doc *d = doc_new(a, "heapwise.test/1");
    doc_open(d, "summary", STR("Summary"));
    doc_field(d, "total", "total", doc_bytes(1536));
    doc_prose(d, STR("Words for people."));
    doc_close(d);
    doc_table(d, "rows", columns, COUNT(columns));
    doc_cell(d, doc_text(STR("a")));
    doc_cell(d, doc_count(1234567));
    doc_code(d, "code", (DocCode){STR("x.go"), 9, STR("a := 1\nreturn &a\n"), 10, 7, 9});
    return d;
}

TEST(a_page_as_text) {
    Buf b = buf_new(t->arena);
    doc_render_text(sample(t->arena), (DocTextStyle){80, false}, &b);
    CHECK_STR(
        t, buf_view(&b),
        STR("Summary\n  total  1.50 KiB\n  Words for people.\nname      bytes\na     1,234,567\n"
            " 9 | a := 1\n10 | return &a\n            ^^\n"));
}

TEST(a_page_as_json) {
    Buf b = buf_new(t->arena);
    doc_render_json(sample(t->arena), &b);
    CHECK(t, str_find(buf_view(&b), STR("\"summary\": {\n    \"total\": 1536\n  }")) != STR_NONE);
    CHECK(t, str_find(buf_view(&b), STR("\"bytes\": 1234567")) != STR_NONE);
    CHECK(t, str_find(buf_view(&b), STR("Words")) == STR_NONE);
}
