#include "codec/json.h"
#include "harness.h"

TEST(json_nests_and_quotes) {
    Buf b = buf_new(t->arena);
    Json j = json_new(&b, 0);
    json_object(&j);
    json_key(&j, STR("a\"b"));
    json_array(&j);
    json_i64(&j, -1);
    json_f64(&j, 0.1);
    json_str(&j, STR("x\n\x01\xff"));
    json_close(&j);
    json_key(&j, STR("e"));
    json_object(&j);
    json_close(&j);
    json_close(&j);
    CHECK_STR(t, buf_view(&b), STR("{\"a\\\"b\":[-1,0.1,\"x\\n\\u0001\xef\xbf\xbd\"],\"e\":{}}"));
}
