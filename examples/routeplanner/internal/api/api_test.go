package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"example.com/routeplanner/internal/road"
	"example.com/routeplanner/internal/trip"
)

func newService(tb testing.TB) http.Handler {
	p := trip.NewPlanner(road.Grid(20, 20, 1), 2, 50, 10)
	tb.Cleanup(p.Close)
	return New(p)
}

func get(service http.Handler, target string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	service.ServeHTTP(w, httptest.NewRequest("GET", target, nil))
	return w
}

func TestEndpoints(t *testing.T) {
	service := newService(t)
	for _, c := range []struct {
		target string
		status int
		body   string
	}{
		{"/route?from=r1c1&to=r9c9", 200, `"search":"settled `},
		{"/route?from=r1c1&to=r9c9&vehicle=truck", 200, `"junctions":["r1c1",`},
		{"/route?from=r1c1&to=r8c8&vehicle=bike", 404, "no route"},
		{"/route?from=r1c1&to=r9c9&vehicle=sledge", 404, "no such"},
		{"/route?from=r1c1&to=nowhere", 404, "no such"},
		{"/trip?stop=r1c1&stop=r9c9&stop=r2c2", 200, `"stops":[{"junction":"r1c1","arrive":0},{"junction":"r2c2"`},
		{"/trip?stop=r1c1", 404, "2 to 32 stops"},
		{"/trip?id=0", 404, "no such"},
		{"/reach?from=r5c5&seconds=100000", 200, `"junctions":400`},
		{"/stats", 200, `"failed: no route":1`},
	} {
		w := get(service, c.target)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.body) {
			t.Errorf("%s: status %d, body %s\nwant status %d and %s", c.target, w.Code, w.Body, c.status, c.body)
		}
	}
}

func BenchmarkRouteRequest(b *testing.B) {
	service := newService(b)
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		if w := get(service, "/route?from=r1c1&to=r17c15"); w.Code != 200 {
			b.Fatal(w.Body)
		}
	}
}
