// The MemStats block and Prometheus text, whole, cut, and of a service that restarted.
#include "gc/gc.h"
#include "harness.h"

static const char memstats[] =
    "heap profile: 3: 96 [10: 320] @ heap/1048576\n"
    "1: 32 [4: 128] @ 0x1 0x2\n\n# runtime.MemStats\n"
    "# Alloc = 2000\n# TotalAlloc = 5000000\n# Sys = 9000000\n# Lookups = 0\n# Mallocs = 700\n"
    "# Frees = 100\n# HeapAlloc = 2000\n# HeapSys = 7000000\n# HeapIdle = 4000000\n"
    "# HeapInuse = 3000000\n# HeapReleased = 1000000\n# HeapObjects = 600\n"
    "# Stack = 327680 / 330000\n# GCSys = 2000\n# NextGC = 4194304\n# LastGC = "
    "1763932800000000000\n"
    "# PauseNs = [10 20 30 0 0]\n# PauseEnd = [1 2 3 0 0]\n# NumGC = 3\n# NumForcedGC = 1\n"
    "# GCCPUFraction = 0.0125\n# DebugGC = false\n# MaxRSS = 12345678\n";

TEST(counters_memstats) {
    GcSnapshot s;
    CHECK_OK(t, memstats_read(t->arena, str_c(memstats), &s));
    CHECK_EQ(t, s.value[GC_TOTAL_ALLOC], 5000000);
    CHECK_EQ(t, s.value[GC_STACK_INUSE], 327680);
    CHECK_EQ(t, s.value[GC_NUM_GC], 3);
    CHECK_EQ(t, s.value[GC_LAST_GC], 1763932800);
    CHECK_EQ(t, s.value[GC_GC_CPU_FRACTION] * 10000, 125);
    CHECK_EQ(t, s.value[GC_MAX_RSS], 12345678);
    CHECK_EQ(t, s.pause_count, 3);
    CHECK_EQ(t, s.pauses_ns[0], 30);
    CHECK(t, !gc_has(&s, GC_GOGC));
    CHECK_ERR(t, memstats_read(t->arena, STR("heap profile: 3\n"), &s), "debug=1");
}

TEST(counters_memstats_cut_anywhere) {
    Str text = str_c(memstats);
    for (size_t cut = 0; cut < text.len; cut++) {
        GcSnapshot s;
        Err e = memstats_read(t->arena, str_to(text, cut), &s);
        if (!e)
            CHECK_EQ(t, s.value[GC_TOTAL_ALLOC], 5000000); // never half a number
        else
            CHECK(t, e->code == ERR_FORMAT || e->code == ERR_TRUNCATED);
    }
}

TEST(counters_prometheus) {
    GcSnapshot s;
    CHECK_OK(
        t,
        prometheus_read(
            t->arena,
            STR("# HELP go_gc_duration_seconds A summary\n# TYPE go_gc_duration_seconds summary\n"
                "go_gc_duration_seconds{quantile=\"0\"} 1.2e-05\ngo_gc_duration_seconds_sum "
                "0.0125\n"
                "go_gc_duration_seconds_count 41\ngo_info{version=\"go1.26.8\"} 1\n"
                "go_memstats_alloc_bytes_total 5.5e+06\ngo_memstats_mallocs_total 900 "
                "1763932800000\n"
                "process_cpu_seconds_total 12.5\nhttp_requests_total{code=\"200\"} 7\nbroken NaN\n"
                "go_gc_gogc_percent 100\ngo_gc_gomemlimit_bytes 9.223372036854776e+18"),
            &s));
    CHECK_EQ(t, s.value[GC_TOTAL_ALLOC], 5500000);
    CHECK_EQ(t, s.value[GC_MALLOCS], 900);
    CHECK_EQ(t, s.value[GC_NUM_GC], 41);
    CHECK_EQ(t, s.value[GC_GOGC], 100);
    CHECK(t, !gc_has(&s, GC_MEMLIMIT)); // the last line is cut
    CHECK_STR(t, s.go_version, STR("go1.26.8"));
    CHECK_ERR(t, prometheus_read(t->arena, STR("up 1\n"), &s), "not registered");
}

TEST(counters_rates) {
    GcSnapshot x = {0}, y = {0};
    CHECK_OK(t, prometheus_read(
                    t->arena,
                    STR("go_memstats_alloc_bytes_total 1000\nprocess_cpu_seconds_total 1\n"), &x));
    CHECK_OK(t, prometheus_read(
                    t->arena,
                    STR("go_memstats_alloc_bytes_total 5000\nprocess_cpu_seconds_total 3\n"), &y));
    GcRates r;
    CHECK_OK(t, gc_rates(t->arena, &x, &y, 2, &r));
    CHECK_EQ(t, r.alloc_bytes, 2000);
    CHECK_EQ(t, r.used_cpu, 1);
    CHECK(t, r.gc_cpu < 0);
    CHECK_ERR(t, gc_rates(t->arena, &y, &x, 2, &r), "restarted");
    CHECK_ERR(t, gc_rates(t->arena, &x, &y, 0, &r), "same time");
}
